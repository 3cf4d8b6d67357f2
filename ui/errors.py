"""What a person may have typed wrong into an address."""

from __future__ import annotations

from problems.errors import Permanent, Problem


class BadPeriod(Problem, Permanent):
    """The text names no period."""

    code = "bad_period"


class BadScope(Problem, Permanent):
    """The address asks for something that this person has no choice of."""

    code = "bad_scope"
