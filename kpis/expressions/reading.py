"""From text to nodes. The tree is built while the text is read, from the leaves up, so that depth can't exhaust it."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kpis.errors import BadFormula
from kpis.expressions.nodes import Chain, Filter, Name, Negated, Node, Number, Reference, Sign, Summed, depth_of

if TYPE_CHECKING:
    from lark import Lark, Token

LONGEST = 2000
DEEPEST = 50
MOST_DIGITS = 15
LONGEST_VALUE = 100
MOST_VALUES = 20

_SIGNS: dict[str, Sign] = {"PLUS": "+", "MINUS": "-", "TIMES": "*", "DIVIDE": "/"}
_NEW_ONLY = re.compile(r"new[ _]customers?[ _]only|신규 ?고객만", re.IGNORECASE)


def read_formula(text: str) -> Node:
    """The tree of a formula. Errors: BadFormula with the place of the first thing that can't be read."""
    _check_size(text)
    from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

    try:
        found: Node = _parser().parse(text)  # type: ignore[assignment]
    except UnexpectedCharacters as error:
        raise _unreadable(text, error.pos_in_stream or 0) from None
    except UnexpectedEOF:
        raise _too_early(text) from None
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise _too_early(text) from None
        raise _unexpected(error.token) from None
    except UnexpectedInput as error:
        raise _unreadable(text, error.pos_in_stream or 0) from None
    return found


def _check_size(text: str) -> None:
    if len(text) > LONGEST:
        raise BadFormula(
            _("The formula has %(length)d characters; %(most)d at most.") % {"length": len(text), "most": LONGEST},
            fix=_("Split it into own KPIs and refer to them as {key}."),
            start=LONGEST,
            end=len(text),
        )
    if not text.strip():
        raise BadFormula(_("The formula is empty."), fix=_("Write one such as revenue / sessions."), start=0, end=0)
    depth = 0
    for place, sign in enumerate(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign, 0)
        if depth > DEEPEST:
            raise _too_deep(place)
    found = _NEW_ONLY.search(text)
    if found:
        raise BadFormula(
            _("New and returning customers aren't kept apart in the measures that formulas are made of."),
            fix=_("Leave this filter out, or use new_users for people who came for the first time."),
            start=found.start(),
            end=found.end(),
        )


def _too_deep(place: int) -> BadFormula:
    return BadFormula(
        _("The formula is nested more than %(most)d deep.") % {"most": DEEPEST},
        fix=_("Split it into own KPIs and refer to them as {key}."),
        start=place,
        end=place + 1,
    )


def _too_early(text: str) -> BadFormula:
    return BadFormula(
        _("The formula ends too early."),
        fix=_("Something is missing at the end: a measure, a number or a closing bracket."),
        start=len(text.rstrip()),
        end=len(text.rstrip()),
    )


def _unreadable(text: str, place: int) -> BadFormula:
    return BadFormula(
        _("“%(text)s” can't be read here.") % {"text": text[place : place + 1]},
        fix=_('Formulas have measures, numbers, + − × ÷, brackets, filters such as [channel = "naver"] and {kpi}.'),
        start=place,
        end=place + 1,
    )


def _unexpected(token: Token) -> BadFormula:
    place = token.start_pos or 0
    text = str(token)
    fix = _("A sign such as + − × ÷ may be missing before it.")
    if token.type in _SIGNS or token.type in ("RPAR", "CLOSING", "CLOSE", "RSQB"):
        fix = _("A measure or a number may be missing before it.")
    return BadFormula(
        _("“%(text)s” doesn't belong here.") % {"text": text}, fix=fix, start=place, end=place + len(text)
    )


@lru_cache(maxsize=1)
def _parser() -> Lark:
    from lark import Lark

    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=False, transformer=_builder())


def _builder() -> Any:
    """What makes nodes of the rules, each as soon as its parts are there."""
    from lark import Transformer

    class Builder(Transformer):  # type: ignore[type-arg]
        start = staticmethod(lambda children: children[0])
        sum = staticmethod(_chain)
        product = staticmethod(_chain)
        negated = staticmethod(_negated)
        number = staticmethod(_number)
        reference = staticmethod(_reference)
        measure = staticmethod(_measure)
        summed = staticmethod(_summed)
        grouped = staticmethod(lambda children: children[0])
        equal = staticmethod(lambda children: _filter(children, negated=False))
        unequal = staticmethod(lambda children: _filter(children, negated=True))
        one_of = staticmethod(lambda children: _filter(children, negated=False))
        none_of = staticmethod(lambda children: _filter(children, negated=True))

    return Builder()


def _at(token: Token) -> int:
    return token.start_pos or 0


def _end(token: Token) -> int:
    return token.end_pos or 0


def _deeper(at: int, *nodes: Node) -> int:
    depth = 1 + max(depth_of(node) for node in nodes)
    if depth > 3 * DEEPEST:  # a bracket holds a sum, a product and a sign
        raise _too_deep(at)
    return depth


def _chain(children: list[Any]) -> Node:
    if len(children) == 1:
        return children[0]  # type: ignore[no-any-return]
    first: Node = children[0]
    nodes: list[Node] = children[2::2]
    signs = [_SIGNS[token.type] for token in children[1::2]]
    start: Sign = "+" if signs[0] in "+-" else "*"
    items = ((start, first), *zip(signs, nodes, strict=True))
    return Chain(first.at, nodes[-1].end, items, _deeper(first.at, first, *nodes))


def _negated(children: list[Any]) -> Node:
    sign, inner = children
    return Negated(_at(sign), inner.end, inner, _deeper(_at(sign), inner))


def _summed(children: list[Any]) -> Node:
    word, inner, closing = children
    return Summed(_at(word), _end(closing), inner, _deeper(_at(word), inner))


def _number(children: list[Any]) -> Node:
    token = children[0]
    digits = str(token).replace(",", "")
    if len(digits) > MOST_DIGITS:
        raise BadFormula(
            _("The number %(number)s is too long.") % {"number": str(token)[:20]},
            fix=_("Numbers have %(most)d digits at most.") % {"most": MOST_DIGITS},
            start=_at(token),
            end=_end(token),
        )
    return Number(_at(token), _end(token), Fraction(digits if digits[0] != "." else "0" + digits))


def _reference(children: list[Any]) -> Node:
    token = children[0]
    return Reference(_at(token), _end(token), str(token)[1:-1].strip())


def _measure(children: list[Any]) -> Node:
    token, filters = children[0], tuple(child for child in children if isinstance(child, Filter))
    return Name(_at(token), _end(children[-1]), str(token).strip("`").strip(), filters)


def _filter(children: list[Any], *, negated: bool) -> Filter:
    dimension, strings = children[0], [child for child in children[1:] if child.type == "STRING"]
    values = tuple(str(token)[1:-1].strip() for token in strings)
    wrong = next((t for t, value in zip(strings, values, strict=True) if not 0 < len(value) <= LONGEST_VALUE), None)
    if wrong is not None or len(values) > MOST_VALUES:
        token = wrong or strings[MOST_VALUES]
        raise BadFormula(
            _("A filter takes 1 to %(most)d values of 1 to %(longest)d characters.")
            % {"most": MOST_VALUES, "longest": LONGEST_VALUE},
            start=_at(token),
            end=_end(token),
        )
    return Filter(_at(dimension), _end(children[-1]), str(dimension), values, negated)
