"""What a formula is made of, each with its place in the text."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal


@dataclass(frozen=True, slots=True)
class Number:
    at: int
    end: int
    value: Fraction


@dataclass(frozen=True, slots=True)
class Filter:
    """`dimension = "value"` or `dimension in ("a", "b")`."""

    at: int
    end: int
    dimension: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A measure by its key or its name, with its filters."""

    at: int
    end: int
    text: str
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """Another KPI by its key: `{cvr}`."""

    at: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Negated:
    at: int
    end: int
    inner: Node
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Summed:
    """`sum(…)`: what is inside, added up."""

    at: int
    end: int
    inner: Node
    depth: int = 1


Sign = Literal["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands in a row, worked out from left to right; the first one's sign is + or *."""

    at: int
    end: int
    items: tuple[tuple[Sign, Node], ...]
    depth: int = 1


Node = Number | Name | Reference | Negated | Summed | Chain


def depth_of(node: Node) -> int:
    return getattr(node, "depth", 0)
