"""What can go wrong with KPIs, targets and rates, in sentences for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from problems.errors import NotFound, Permanent, Problem


class NoSuchKpi(NotFound):
    """A KPI key that the catalogue doesn't have."""

    code = "no_such_kpi"

    def __init__(self, key: str) -> None:
        super().__init__(
            _("There is no KPI “%(key)s”.") % {"key": key}, fix=_("Choose one from the list of KPIs."), key=key
        )


class NoSuchMarket(NotFound):
    """A market that isn't the client's, or that this person may not see."""

    code = "no_such_market"

    def __init__(self, code: str) -> None:
        super().__init__(
            _("There is no market “%(code)s” that you can see.") % {"code": code},
            fix=_("Choose one of your markets."),
            market=code,
        )


class BadTargets(Problem, Permanent):
    """A batch of targets with cells that can't be kept; `details["cells"]` names each, nothing is saved."""

    code = "bad_targets"


class BadRates(Problem, Permanent):
    """A batch of exchange rates with cells that can't be kept; nothing is saved."""

    code = "bad_rates"


class UnreadableTable(Problem, Permanent):
    """A pasted block or a file that isn't a table of targets or rates."""

    code = "unreadable_table"


class BadChoice(Problem, Permanent):
    """A choice of KPIs that can't be kept."""

    code = "bad_choice"


class BadThreshold(Problem, Permanent):
    """A threshold of restatements that is no percentage."""

    code = "bad_threshold"


class NoSuchRestatement(NotFound):
    """A restatement that doesn't exist, or of a market that this person may not see."""

    code = "no_such_restatement"

    def __init__(self) -> None:
        super().__init__(_("There is no such restatement."), fix=_("Choose one from the list."))
