"""Sharing a change among the factors that made it, whatever their order."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from math import factorial

# Sixty digits: amounts are exact in them, and what is lost in a quotient lies forty digits below what is shown.
EXACT = Context(prec=60)
Worth = Callable[[frozenset[int]], Decimal | None]


def shapley(players: int, worth: Worth) -> list[Decimal] | None:
    """What each of `players` factors gives to worth(all) − worth(none).

    `worth` takes the factors that already have their new value and gives the KPI in that state; None is "can't be
    computed", and so is then the whole answer.

    *Units*: those of `worth`. The answers add up to the change without a residual, and don't depend on the order
    in which factors are changed.

    *Source*: Shapley (1953), A value for n-person games; as a decomposition without residual: Albrecht, François,
    Schoors (2002), Energy Policy 30:727; in the same family as the logarithmic mean index of Ang (2005), Energy
    Policy 33:867, which can't take zero or negative parts and was left aside for that.
    """
    with localcontext(EXACT):
        known: list[Decimal] = []
        for state in range(2**players):
            value = worth(frozenset(place for place in range(players) if state >> place & 1))
            if value is None:
                return None
            known.append(value)
        return [_share(place, players, known) for place in range(players)]


def _share(place: int, players: int, known: list[Decimal]) -> Decimal:
    bit, total = 1 << place, Decimal(0)
    for state in range(2**players):
        if not state & bit:
            before = state.bit_count()
            weight = factorial(before) * factorial(players - before - 1)
            total += (known[state | bit] - known[state]) * weight
    return total / factorial(players)
