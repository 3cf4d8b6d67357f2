"""A formula checked: read, with its words looked up, its units and its roll-up worked out, as one ratio of sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from django.utils.translation import gettext as _

from kpis.catalogue.formula import Expression, Formula, Linear, Ratio, Sum
from kpis.catalogue.kinds import Rollup, Unit
from kpis.catalogue.measures import MEASURES
from kpis.errors import BadFormula
from kpis.expressions.naming import term_for, unknown_reference
from kpis.expressions.nodes import Name, Negated, Node, Number, Reference, Summed
from kpis.expressions.quantities import (
    Part,
    Quantity,
    Terms,
    added,
    divided,
    multiplied,
    negative,
    refused,
    scaled,
    shortened,
)
from kpis.expressions.reading import read_formula

LARGEST, SMALLEST = Fraction(10) ** 18, Fraction(1, 10**18)
LONGEST_CHAIN = 10

# What a formula may refer to: a formula of the catalogue, or the text of an own one.
References = Mapping[str, Formula | str]

_UNITS: dict[str, tuple[Unit, ...]] = {
    "money": (Unit.MONEY,),
    "people": (Unit.PEOPLE, Unit.COUNT),
    "count": (Unit.COUNT,),
    "rate": (Unit.PERCENT, Unit.RATIO),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A formula that can be computed and rolled up.

    `units` are those that fit, the likeliest first; `refers_to` the KPIs named in it, directly; `hints` what its
    writer may want to know.
    """

    formula: Expression
    rollup: Rollup
    units: tuple[Unit, ...]
    refers_to: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reader:
    """Works a tree out; `chain` are the KPIs on the way, so that a circle is seen."""

    text: str
    references: References
    chain: tuple[str, ...]
    refers_to: dict[str, None] = field(default_factory=dict)
    worked_out: dict[str, Quantity] = field(default_factory=dict)  # each KPI once, however often it is referred to

    def part(self, node: Node) -> Part:
        return Part(node.at, node.end, self.text[node.at : node.end])

    def quantity(self, node: Node) -> Quantity:
        part = self.part(node)
        if isinstance(node, Number):
            return Quantity(part, "number", offset=node.value)
        if isinstance(node, Name):
            term = term_for(node)
            return Quantity(part, MEASURES[term.base].kind, {term.key: Fraction(1)})
        if isinstance(node, Reference):
            self.refers_to[node.key.lower()] = None
            return replace(self.referred(node), part=part)
        if isinstance(node, Negated):
            return negative(self.quantity(node.inner), part)
        if isinstance(node, Summed):
            inner = self.quantity(node.inner)
            if not inner.is_sum:
                raise refused(_("sum() adds up measures, not ratios or numbers"), part)
            return inner
        return self._chain(node.items)

    def _chain(self, items: tuple[tuple[str, Node], ...]) -> Quantity:
        found = self.quantity(items[0][1])
        for sign, node in items[1:]:
            other, part = self.quantity(node), Part(items[0][1].at, node.end, self.text[items[0][1].at : node.end])
            if sign == "+":
                found = added(found, other, part)
            elif sign == "-":
                found = added(found, scaled(other, Fraction(-1), other.part), part)
            else:
                found = (multiplied if sign == "*" else divided)(found, other, part)
        return found

    def referred(self, node: Reference) -> Quantity:
        """Another KPI's formula in its place."""
        key = node.key.lower()
        if key in self.chain:
            circle = " → ".join((*self.chain[self.chain.index(key) :], key))
            raise BadFormula(
                _("The formula refers to itself: %(circle)s.") % {"circle": circle},
                fix=_("Take one of these references out."),
                start=node.at,
                end=node.end,
            )
        if key in self.worked_out:
            return self.worked_out[key]
        known = self.references.get(key)
        if known is None:
            raise unknown_reference(node, list(self.references))
        if len(self.chain) >= LONGEST_CHAIN:
            raise BadFormula(
                _("KPIs refer to each other over more than %(most)d steps.") % {"most": LONGEST_CHAIN},
                start=node.at,
                end=node.end,
            )
        if not isinstance(known, str):
            return _of_catalogue(known, self.part(node))
        inner = _Reader(known, self.references, (*self.chain, key), worked_out=self.worked_out)
        try:
            found = self.worked_out[key] = inner.quantity(read_formula(known))
            return found
        except BadFormula as error:
            sentence = _("In {%(key)s}: %(sentence)s") % {"key": key, "sentence": error.sentence}
            raise BadFormula(sentence, fix=error.fix, start=node.at, end=node.end) from None


def check_formula(text: str, *, references: References, key: str = "") -> Checked:
    """The formula of a text. `key` is the KPI that it is for, which nothing it refers to may lead back to.

    Errors: BadFormula with the place of what is wrong, and a suggestion where there is one.
    """
    reader = _Reader(text, references, (key,) if key else ())
    tree = read_formula(text)
    found = reader.quantity(tree)
    whole = Part(tree.at, tree.end, text[tree.at : tree.end])
    if found.is_number:
        raise BadFormula(
            _("There is no measure in “%(formula)s”.") % {"formula": shortened(text.strip())},
            fix=_("A KPI is made of measures, such as revenue / sessions."),
            start=whole.at,
            end=whole.end,
        )
    formula = _expression(found, whole)
    units = _UNITS[found.kind]
    return Checked(
        formula,
        Rollup.RATIO if found.is_ratio else Rollup.ADDITIVE,
        units,
        tuple(reader.refers_to),
        _hints(formula, units),
    )


def _of_catalogue(formula: Formula, part: Part) -> Quantity:
    """A formula of the catalogue as a quantity; those that can't be added can't be part of another."""
    one = Fraction(1)
    if isinstance(formula, Sum):
        return Quantity(part, MEASURES[formula.measure].kind, {formula.measure: one})
    if isinstance(formula, Ratio):
        above = Quantity(part, MEASURES[formula.above].kind, {formula.above: one})
        below = Quantity(part, MEASURES[formula.below].kind, {formula.below: one})
        found = scaled(divided(above, below, part), Fraction(formula.scale), part)
        return found if not formula.complement else replace(negative(found, part), offset=one)
    raise refused(_("that KPI has no sums that could be added up over months and markets"), part)


def _expression(found: Quantity, whole: Part) -> Expression:
    scale, above = _reduced(found.above or {})
    if found.below is None:
        return Expression(_linear(found.above or {}, whole))
    times, below = _reduced(found.below)
    scale /= times
    _check_size((abs(scale), abs(found.offset)), whole)
    return Expression(_linear(above, whole), _linear(below, whole), float(scale), float(found.offset))


def _reduced(terms: Terms) -> tuple[Fraction, Terms]:
    """The factor that all terms share, and what is left of them."""
    first = next(iter(terms.values()))
    if all(abs(number) == abs(first) for number in terms.values()):
        return first, {key: number / first for key, number in terms.items()}
    return Fraction(1), terms


def _linear(terms: Terms, whole: Part) -> Linear:
    _check_size((abs(number) for number in terms.values()), whole)
    return Linear(tuple((float(number), key) for key, number in terms.items()))


def _check_size(numbers: object, whole: Part) -> None:
    for number in numbers:  # type: ignore[attr-defined]
        if number and not SMALLEST <= number <= LARGEST:
            raise BadFormula(
                _("The numbers in this formula come out too large or too small."),
                fix=_("Write amounts between a quintillionth and a quintillion."),
                start=whole.at,
                end=whole.end,
            )


def _hints(formula: Expression, units: tuple[Unit, ...]) -> tuple[str, ...]:
    if Unit.PERCENT in units and formula.scale == 100:
        return (_("A percent is shown times 100 by itself: leave out × 100, or choose the unit “ratio”."),)
    return ()
