"""What can go wrong with clients and people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from problems.errors import Conflict, NotAllowed, NotFound, Permanent, Problem

__all__ = ["ClientNotReady", "NoSuchClient", "NotYourJob", "SlugTaken", "TaskWithoutClient", "UnusableValue"]


class NoSuchClient(NotFound):
    """The same answer whether the client doesn't exist or isn't theirs."""

    code = "no_such_client"

    def __init__(self) -> None:
        super().__init__(
            _("There is no such client, or you are not a member of it."), fix=_("Ask the client's owner to add you.")
        )


class ClientNotReady(Conflict):
    code = "client_not_ready"

    def __init__(self) -> None:
        super().__init__(_("This client is still being prepared."), fix=_("Wait a few seconds and open it again."))


class NotYourJob(NotAllowed):
    code = "not_your_role"


class SlugTaken(Conflict):
    code = "slug_taken"

    def __init__(self, slug: str) -> None:
        super().__init__(
            _("The address “%(slug)s” is taken.") % {"slug": slug}, fix=_("Choose another address."), field="slug"
        )


class UnusableValue(Problem, Permanent):
    code = "unusable_value"


class TaskWithoutClient(RuntimeError):
    """A task was run outside a client's schema: a defect, never a person's doing."""
