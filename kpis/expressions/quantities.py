"""Arithmetic of what can be rolled up: a plain number, a sum, or sums ÷ sums × scale + offset, each with its unit.

Whatever leaves these three forms is refused with the reason, because its value for a quarter or for all markets would
not follow from sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.errors import BadFormula

Terms = Mapping[str, Fraction]  # measure key → how often it counts

_KINDS = {
    "money": gettext_lazy("money"),
    "people": gettext_lazy("people"),
    "count": gettext_lazy("count"),
    "rate": gettext_lazy("ratio"),
    "number": gettext_lazy("plain number"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text: where it stands and how it reads."""

    at: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """`offset` alone is a plain number; `above` alone a sum; with `below` a ratio of sums plus `offset`.

    `kind` is money, people or count (a sum), money or rate (a ratio), or number.
    """

    part: Part
    kind: str
    above: Terms | None = None
    below: Terms | None = None
    offset: Fraction = Fraction(0)

    @property
    def is_number(self) -> bool:
        return self.above is None

    @property
    def is_sum(self) -> bool:
        return self.above is not None and self.below is None

    @property
    def is_ratio(self) -> bool:
        return self.below is not None


def refused(why: str, part: Part, fix: str = "") -> BadFormula:
    """What can't be rolled up, naming the part."""
    sentence = _("“%(part)s” can't be rolled up because %(why)s.") % {"part": shortened(part.text), "why": why}
    return BadFormula(sentence, fix=fix, start=part.at, end=part.end)


def shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def negative(one: Quantity, part: Part) -> Quantity:
    return scaled(one, Fraction(-1), part)


def scaled(one: Quantity, factor: Fraction, part: Part) -> Quantity:
    """A quantity times a plain number."""
    if one.above is not None and factor == 0:
        raise BadFormula(_("“%(part)s” is always 0.") % {"part": shortened(part.text)}, start=part.at, end=part.end)
    above = None if one.above is None else {key: number * factor for key, number in one.above.items()}
    return replace(one, part=part, above=above, offset=one.offset * factor)


def added(one: Quantity, other: Quantity, part: Part) -> Quantity:
    """one + other. Errors: BadFormula where units differ or the sum can't be rolled up."""
    if one.is_number and other.is_number:
        return replace(one, part=part, offset=one.offset + other.offset)
    if one.is_sum and other.is_sum:
        return Quantity(part, _same_kind(one, other, part), _joined(one.above or {}, other.above or {}, part))
    if one.is_number or other.is_number:
        return _shifted(one, other, part)
    if one.is_ratio and other.is_ratio:
        return _ratios_added(one, other, part)
    _same_kind(one, other, part)
    raise refused(_("a sum and a ratio are added"), part, _("Bring both over one denominator, or make two KPIs."))


def multiplied(one: Quantity, other: Quantity, part: Part) -> Quantity:
    """one × other: one of them has to be a plain number."""
    if other.is_number:
        return scaled(one, other.offset, part)
    if one.is_number:
        return scaled(other, one.offset, part)
    if one.kind == other.kind == "money":
        raise _mismatch(_("Money can't be multiplied by money: “%(one)s” × “%(other)s”."), one, other, part)
    raise refused(
        _("“%(one)s” and “%(other)s” are multiplied, and the product of sums isn't the sum of products")
        % {"one": shortened(one.part.text), "other": shortened(other.part.text)},
        part,
    )


def divided(one: Quantity, other: Quantity, part: Part) -> Quantity:
    """one ÷ other: by a plain number, or a sum by a sum."""
    if other.is_number:
        if other.offset == 0:
            raise BadFormula(
                _("“%(part)s” divides by zero.") % {"part": shortened(part.text)},
                start=other.part.at,
                end=other.part.end,
            )
        return scaled(one, 1 / other.offset, part)
    if one.is_sum and other.is_sum:
        kind = "rate"
        if one.kind == "money" and other.kind != "money":
            kind = "money"
        elif other.kind == "money" and one.kind != "money":
            fix = _("Turn it round: money ÷ count.")
            raise _mismatch(_("“%(one)s” ÷ “%(other)s” changes with the currency."), one, other, part, fix)
        return Quantity(part, kind, one.above, other.above)
    if one.is_number:
        raise refused(_("a plain number is divided by a sum or a ratio"), part, _("Turn the division round."))
    fix = _("Write it as one division of sums.")
    raise refused(_("it divides a ratio again, and no sums are left to add up"), part, fix)


def _shifted(one: Quantity, other: Quantity, part: Part) -> Quantity:
    number, rest = (one, other) if one.is_number else (other, one)
    if rest.kind != "rate":
        raise _mismatch(_("“%(one)s” (%(kind)s) and “%(other)s” (%(other_kind)s) can't be added."), one, other, part)
    return replace(rest, part=part, offset=rest.offset + number.offset)


def _ratios_added(one: Quantity, other: Quantity, part: Part) -> Quantity:
    kind = _same_kind(one, other, part)
    share = _multiple(one.below or {}, other.below or {})
    if share is None:
        raise refused(
            _("two ratios with different denominators are added: “%(one)s” and “%(other)s”")
            % {"one": shortened(one.part.text), "other": shortened(other.part.text)},
            part,
            _("Bring both over one denominator, or make two KPIs."),
        )
    # other = n ÷ (share × d): over one's denominator its numerator is n ÷ share.
    numerator = {key: number / share for key, number in (other.above or {}).items()}
    above = _joined(one.above or {}, numerator, part)
    return Quantity(part, kind, above, one.below, one.offset + other.offset)


def _multiple(below: Terms, other: Terms) -> Fraction | None:
    """How many times `below` the other is; None where it isn't a multiple."""
    if below.keys() != other.keys():
        return None
    shares = {other[key] / below[key] for key in below}
    return shares.pop() if len(shares) == 1 else None


def _joined(one: Terms, other: Terms, part: Part) -> Terms:
    found = dict(one)
    for key, number in other.items():
        found[key] = found.get(key, Fraction(0)) + number
    found = {key: number for key, number in found.items() if number}
    if not found:
        raise BadFormula(_("“%(part)s” is always 0.") % {"part": shortened(part.text)}, start=part.at, end=part.end)
    return found


def _same_kind(one: Quantity, other: Quantity, part: Part) -> str:
    if one.kind == other.kind:
        return one.kind
    if {one.kind, other.kind} == {"people", "count"}:
        return "count"
    raise _mismatch(_("“%(one)s” (%(kind)s) and “%(other)s” (%(other_kind)s) can't be added."), one, other, part)


def _mismatch(sentence: str, one: Quantity, other: Quantity, part: Part, fix: str = "") -> BadFormula:
    named = {
        "one": shortened(one.part.text),
        "other": shortened(other.part.text),
        "kind": str(_KINDS[one.kind]),
        "other_kind": str(_KINDS[other.kind]),
    }
    usual = _("Add up only what is counted in the same unit.")
    return BadFormula(sentence % named, fix=fix or usual, start=part.at, end=part.end)
