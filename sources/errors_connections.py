"""What can be wrong with a connection or a sync, beside what vendors say (see `sources.connectors.problems`)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from problems.errors import Conflict, NotFound
from sources.errors import ImportProblem


class SecretsUnreadable(ImportProblem):
    """No key of the environment opens what is kept."""

    code = "connection_secrets_unreadable"
    words = _("The credentials of this connection can't be decrypted with the portal's keys.")
    mend = _("Connect again, or have the operator put the missing key back into CONNECTION_KEYS.")


class NoSuchConnection(NotFound):
    code = "connection_not_found"

    def __init__(self) -> None:
        super().__init__(_("There is no such connection."), fix=_("Look for it in the list of connections."))


class NoSuchConnector(NotFound):
    code = "connector_not_found"

    def __init__(self) -> None:
        super().__init__(_("There is no such connector."), fix=_("Choose one of the catalogue."))


class NoSuchSync(NotFound):
    code = "sync_not_found"

    def __init__(self) -> None:
        super().__init__(_("There is no such sync."), fix=_("Look for it among the connection's syncs."))


class SyncRunning(ImportProblem, Conflict):
    """One connection reads one thing at a time."""

    code = "sync_running"
    status = 409
    words = _("“{name}” is being read right now.")
    mend = _("Wait until it is done, or cancel it first.")


class ConnectionMoved(ImportProblem, Conflict):
    """The connection or the sync isn't in a state in which this can be done."""

    code = "connection_moved"
    status = 409
    words = _("This can't be done any more: it has moved on.")
    mend = _("Reload the page to see where it stands.")


class NothingToSync(ImportProblem):
    code = "nothing_to_sync"
    words = _("From {first} to {last} there is no day to read.")
    mend = _("Choose a first day that isn't after the last, and a last day that isn't after yesterday.")


class AnswerMissing(ImportProblem):
    code = "connection_answer_missing"
    words = _("“{label}” is missing or not of the expected form.")
    mend = _("{help}")


class NoAccountChosen(ImportProblem):
    code = "connection_no_account"
    words = _("No account is chosen.")
    mend = _("Choose at least one account and the market that it belongs to.")


class NoMarketFor(ImportProblem):
    code = "connection_no_market"
    words = _("Account {account} has no market.")
    mend = _("Choose the market that it belongs to, or write rules for its campaigns.")


class BadRule(ImportProblem):
    code = "connection_bad_rule"
    words = _("The rule “{pattern}” can't be used.")
    mend = _("Write a part of a campaign's name with * for the rest, such as KR_*, and choose one of your markets.")


class SyncStopped(ImportProblem):
    """A person cancelled while a task was at work."""

    code = "sync_stopped"
    words = _("Cancelled while it was running. What had been loaded stays.")


class SyncGaveUp(ImportProblem):
    code = "sync_gave_up"
    words = _("The sync was tried {attempts} times without getting a page further.")
    mend = _("Look at the last line of its log, then try again.")


class RowsOnTheirWay(ImportProblem, Conflict):
    """A half of an account's rows in each of two markets would be worse than waiting."""

    code = "connection_rows_on_their_way"
    status = 409
    words = _("Rows are being taken to another market; that can't be stopped half-way.")
    mend = _("Wait until it is done. The markets can be changed back afterwards.")


class BadChoice(ImportProblem):
    """Something chosen that isn't offered. *Details*: label, value, and `key`, the field's name."""

    code = "connection_bad_choice"
    words = _("“{value}” can't be chosen for “{label}”.")
    mend = _("Choose one of the list.")


class BadLookBack(ImportProblem):
    code = "connection_bad_look_back"
    words = _("“{value}” is no number of days from 1 to {most}.")
    mend = _("Write a whole number, or leave it as the vendor's own.")


class DraftGone(ImportProblem):
    """Credentials wait for half an hour between the wizard's steps, not longer."""

    code = "connection_draft_gone"
    words = _("The credentials that you typed aren't kept any more.")
    mend = _("They are forgotten after 30 minutes. Type them once more.")
