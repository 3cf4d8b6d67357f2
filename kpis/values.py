"""A number that can be defended, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hole:
    """Why a value can't be computed: a stable code, and what its sentence names (currency and month, measure …)."""

    code: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A number, or a hole with its reason: never both, never neither."""

    number: float | None
    hole: Hole | None = None

    def __post_init__(self) -> None:
        if (self.number is None) == (self.hole is None):
            raise ValueError("a value is a number or a hole with its reason")


NO_DATA = Value(None, Hole("no_data"))
