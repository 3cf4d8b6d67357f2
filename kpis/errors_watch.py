"""What can go wrong with notes, actions, alerts and the inbox, in sentences for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from problems.errors import NotAllowed, NotFound, Permanent, Problem


class NoSuchNote(NotFound):
    """A note or an action that isn't there, or that this person may not read."""

    code = "no_such_note"

    def __init__(self, number: int) -> None:
        super().__init__(
            _("There is no such note, or it was deleted."), fix=_("Reload the page to see what is there."), note=number
        )


class NoSuchAlert(NotFound):
    """An alert that isn't there, or that this person may not read."""

    code = "no_such_alert"

    def __init__(self, number: int) -> None:
        super().__init__(
            _("There is no such alert, or it was deleted."), fix=_("Choose one from the list of alerts."), alert=number
        )


class BadNote(Problem, Permanent):
    """A note or an action that can't be kept; `details["field"]` names what is wrong."""

    code = "bad_note"


class BadAlert(Problem, Permanent):
    """An alert that can't be kept; `details["field"]` names what is wrong."""

    code = "bad_alert"


class BadPreference(Problem, Permanent):
    """A way of being told that doesn't exist."""

    code = "bad_preference"


class NotYours(NotAllowed):
    """Somebody else wrote it."""

    code = "not_yours"
