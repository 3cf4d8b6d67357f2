"""What can go wrong with KPIs, targets and rates, in sentences for people."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from problems.errors import Conflict, NotAllowed, NotFound, Permanent, Problem, Sentence


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


class BadFormula(Problem, Permanent):
    """A formula that can't be kept: `details` has `start` and `end` of the part, and a `suggestion` or ""."""

    code = "bad_formula"

    def __init__(self, sentence: Sentence, *, start: int, end: int, fix: Sentence = "", suggestion: str = "") -> None:
        super().__init__(sentence, fix=fix, start=start, end=end, suggestion=suggestion)


class BadDefinition(Problem, Permanent):
    """A definition that can't be kept; `details["field"]` names what is wrong."""

    code = "bad_definition"


class NoSuchOverride(NotFound):
    """A local definition that isn't there, or is of a market that this person may not see."""

    code = "no_such_override"

    def __init__(self) -> None:
        super().__init__(_("There is no such local definition."), fix=_("Open the KPI's page again."))


class NoSuchVersion(NotFound):
    """A version of targets that doesn't exist."""

    code = "no_such_version"

    def __init__(self, version: str) -> None:
        super().__init__(
            _("There is no version “%(version)s” of targets.") % {"version": version[:40]},
            fix=_("Use budget, forecast or stretch."),
            version=version[:40],
        )


class LockedMonths(Conflict):
    """Approved months that were to be changed without a reason; `details["months"]` names them."""

    code = "locked_months"

    def __init__(self, months: Sequence[str]) -> None:
        super().__init__(
            _("These months are approved: %(months)s.") % {"months": _first(months)},
            fix=_("Give a reason to change them; it stands in the history. Nothing was saved."),
            months=list(months),
        )


class CantApprove(NotAllowed):
    """Months that were submitted by the same person."""

    code = "cant_approve_own"

    def __init__(self, months: Sequence[str]) -> None:
        super().__init__(
            _("You submitted these months yourself: %(months)s.") % {"months": _first(months)},
            fix=_("Ask another owner or admin who sees all markets to approve them."),
            months=list(months),
        )


class NothingToAgree(Problem, Permanent):
    """No month in the state that the act needs."""

    code = "nothing_to_agree"


class CantBePaced(Problem, Permanent):
    """A KPI whose month doesn't grow out of its days."""

    code = "cant_be_paced"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“%(kpi)s” has no pacing: its days don't add up to a month.") % {"kpi": name},
            fix=_("Choose a KPI that is a sum, or a ratio of two sums."),
        )


class BadPhasing(Problem, Permanent):
    """Yearly values that can't be spread over months; `details["cells"]` names each, nothing is saved."""

    code = "bad_phasing"


def _first(months: Sequence[str], most: int = 6) -> str:
    named = ", ".join(months[:most])
    return named if len(months) <= most else f"{named} … ({len(months)})"


class BadComparison(Problem, Permanent):
    """An address that compares a value with nothing that there is."""

    code = "bad_comparison"

    def __init__(self, text: str) -> None:
        super().__init__(
            _("“%(text)s” is nothing to compare with.") % {"text": text[:40]},
            fix=_("Choose one of: %(allowed)s.") % {"allowed": "previous, year, target, market:KR, market:all"},
            compare=text[:40],
        )


class BadThreshold(Problem, Permanent):
    """A threshold of restatements that is no percentage."""

    code = "bad_threshold"


class NoSuchRestatement(NotFound):
    """A restatement that doesn't exist, or of a market that this person may not see."""

    code = "no_such_restatement"

    def __init__(self) -> None:
        super().__init__(_("There is no such restatement."), fix=_("Choose one from the list."))
