"""Formulas as people write them: a grammar, checks of unit and roll-up, and the same as sums ÷ sums.

Pure: text in, a formula of `kpis.catalogue.formula` or a problem with its place out. Nothing is ever evaluated as
code. The parser is loaded when the first formula is read.
"""

from kpis.expressions.checking import Checked, check_formula

__all__ = ["Checked", "check_formula"]
