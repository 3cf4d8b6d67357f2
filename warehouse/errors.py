"""What can go wrong between a person and their lake."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from problems.errors import Permanent, Problem, Retryable


class BadName(Problem, Permanent):
    """A client's schema name that can't name a lake."""

    code = "bad_lake_name"


class LakeMissing(Problem, Permanent):
    """There is no lake for this client."""

    code = "lake_missing"
    status = 404

    def __init__(self, client: str) -> None:
        super().__init__(
            _("This client has no data lake yet."),
            fix=_("Wait until the client is ready, or ask the operator."),
            client=client,
        )


class LakeBusy(Problem, Retryable):
    """Somebody else writes to the lake, or its catalogue can't be reached just now."""

    code = "lake_busy"
    status = 503

    def __init__(self, client: str) -> None:
        super().__init__(_("The data lake is busy right now."), fix=_("Try again in a moment."), client=client)


class TooSlow(Problem, Retryable):
    """A question took longer than it may."""

    code = "too_slow"
    status = 503

    def __init__(self, seconds: float) -> None:
        super().__init__(
            _("The answer took longer than %(seconds)s seconds, so it was stopped.") % {"seconds": round(seconds, 1)},
            fix=_("Choose a shorter period or fewer markets, or try again in a moment."),
            seconds=seconds,
        )


class TooLarge(Problem, Permanent):
    """A question or a file needs more memory or disk than the machine may give it."""

    code = "too_large"
    status = 503

    def __init__(self) -> None:
        super().__init__(
            _("This needs more memory than is allowed."),
            fix=_("Choose a shorter period or fewer markets, or raise LAKE_MEMORY."),
        )


class NotReadable(Problem, Permanent):
    """An expression that reads something other than canonical tables."""

    code = "not_readable"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“%(name)s” can't be read from the data lake.") % {"name": name},
            fix=_("Only the canonical tables and their measures can be read."),
            name=name,
        )


class PlanIncomplete(Problem, Permanent):
    """A plan that lacks what its table needs, or names what doesn't exist."""

    code = "plan_incomplete"
    status = 422


class FileUnreadable(Problem, Permanent):
    """A staged file that isn't there or can't be read as delimited text."""

    code = "file_unreadable"
    status = 422
