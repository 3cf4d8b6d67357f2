"""The base of every error that a person may read (named after RFC 9457, problem details)."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


class Problem(Exception):
    """Something that a person can understand and mend.

    `sentence` says what is wrong and where, `fix` says what to do; both are in the reader's language
    (lazy translations are rendered when they are shown). `details` is a JSON-able mapping for the API:
    row, column, value, what exists. `status` is the HTTP status it becomes at the edge.
    """

    code = "problem"
    status = 400

    def __init__(self, sentence: Sentence, *, fix: Sentence = "", **details: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fix = fix
        self.details = details

    def __str__(self) -> str:
        return f"{self.sentence} {self.fix}".strip()

    def as_json(self) -> dict[str, Any]:
        """What is stored with a failed job: rendered in the language that is active now."""
        return {"code": self.code, "sentence": str(self.sentence), "fix": str(self.fix), "details": self.details}


class Retryable:
    """Mixin: the same call may succeed later (a lock, a server that restarts); tasks retry these only."""


class Permanent:
    """Mixin: the same call fails again until somebody changes something."""


class NotAllowed(Problem, Permanent):
    """The person is known, and may not do this."""

    code = "not_allowed"
    status = 403


class NotFound(Problem, Permanent):
    """There is no such thing, or none that this person may know of."""

    code = "not_found"
    status = 404

    def __init__(self, sentence: Sentence = "", *, fix: Sentence = "", **details: Any) -> None:
        super().__init__(sentence or _("There is no such page."), fix=fix, **details)


class Conflict(Problem, Permanent):
    """The thing has moved on since the person looked at it."""

    code = "conflict"
    status = 409
