"""A measure cut by conditions on its dimensions, with a stable key: `revenue[channel=naver]`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote

# What a formula may be filtered by. Market, day and currency are the board's own axes.
FILTER_DIMENSIONS: tuple[str, ...] = ("channel", "medium", "campaign", "source")

_KEY = re.compile(r"^([a-z0-9_]+)\[(.+)\]$")
_RESERVED = re.compile(r"[%&|=!\[\]]")
_PART = re.compile(r"^([a-z]+)(!?)=(.*)$")


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """A dimension that is one of some values, or none of them where `negated`."""

    dimension: str
    values: tuple[str, ...]
    negated: bool = False

    @property
    def key(self) -> str:
        values = "|".join(_RESERVED.sub(lambda sign: quote(sign[0], safe=""), value) for value in self.values)
        return f"{self.dimension}{'!' if self.negated else ''}={values}"

    @property
    def shown(self) -> str:
        values = [f'"{value}"' for value in self.values]
        if len(values) == 1:
            return f"{self.dimension} {'≠' if self.negated else '='} {values[0]}"
        return f"{self.dimension} {'not in' if self.negated else 'in'} ({', '.join(values)})"


@dataclass(frozen=True, slots=True)
class Term:
    """A measure with the conditions that all have to hold; none: the measure itself."""

    base: str
    conditions: tuple[Condition, ...] = ()

    @property
    def key(self) -> str:
        if not self.conditions:
            return self.base
        return f"{self.base}[{'&'.join(one.key for one in sorted(self.conditions))}]"

    @property
    def shown(self) -> str:
        return f" [{', '.join(one.shown for one in self.conditions)}]" if self.conditions else ""


@lru_cache(maxsize=4096)
def term_of(key: str) -> Term:
    """The term of a key. Errors: KeyError when it isn't one."""
    found = _KEY.match(key)
    if found is None:
        return Term(key)
    conditions = []
    for part in found[2].split("&"):
        one = _PART.match(part)
        if one is None:
            raise KeyError(key)
        conditions.append(Condition(one[1], tuple(unquote(value) for value in one[3].split("|")), bool(one[2])))
    return Term(found[1], tuple(conditions))
