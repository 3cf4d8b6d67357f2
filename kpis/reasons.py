"""What a hole says to people: a label of a word or two for the cell, a sentence for the tooltip and the API."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kpis.catalogue.measures import measure as measure_of
from kpis.values import Hole


def hole_label(hole: Hole) -> str:
    """The reason in a word or two."""
    return _LABELS[hole.code]()


def hole_sentence(hole: Hole) -> str:
    """The reason as a sentence: what is missing, and where."""
    return _SENTENCES[hole.code](hole)


def instead_sentence(hole: Hole) -> str:
    """What is shown in place of a total that is refused, where a total is what is missing."""
    found = _INSTEAD.get(hole.code)
    return found() if found else ""


def _missing_rate(hole: Hole) -> str:
    return ngettext(
        "The exchange rate is missing for %(rates)s. Enter it to see the value.",
        "Exchange rates are missing for %(rates)s. Enter them to see the value.",
        len(hole.facts),
    ) % {"rates": ", ".join(hole.facts)}


def _zero_denominator(hole: Hole) -> str:
    language = get_language() or "ko"
    name = ", ".join(measure_of(key).name(language) for key in hole.facts)
    return _("It can't be divided: %(measure)s is 0 in this period.") % {"measure": name}


def _needs(hole: Hole) -> str:
    """What a KPI waits for, and which source would give it."""
    language = get_language() or "ko"
    wanted = [measure_of(key) for key in hole.facts]
    origins = dict.fromkeys(one.origin for one in wanted if not one.kept)
    return _("Needs %(measures)s: connect %(sources)s.") % {
        "measures": ", ".join(one.name(language) for one in wanted if not one.kept),
        "sources": ", ".join(needed_source(origin) for origin in origins),
    }


def needed_source(origin: str) -> str:
    """Which source would give a kind of data that no table holds yet."""
    return {
        "reach_reports": _("an ad report with reach (Meta, Google Ads)"),
        "social_posts": _("post insights of Instagram or Facebook"),
        "crm": _("the leads and opportunities of a CRM (Salesforce)"),
        "person_history": _("a behaviour log with person numbers"),
        "prediction": _("a prediction of customer value"),
        "consents": _("the consent ledger"),
        "messages": _("the sending log of e-mail and messages"),
        "surveys": _("a survey file with scores from 0 to 10"),
    }[origin]


def _no_target_in(hole: Hole) -> str:
    return _("There is no target for %(places)s, so there is none for the whole.") % {"places": ", ".join(hole.facts)}


_LABELS: dict[str, Callable[[], str]] = {
    "no_data": lambda: _("No data"),
    "zero_denominator": lambda: _("Divided by 0"),
    "missing_rate": lambda: _("No exchange rate"),
    "no_plan": lambda: _("No plan"),
    "no_target": lambda: _("No target"),
    "no_target_in": lambda: _("No target"),
    "zero_target": lambda: _("Target is 0"),
    "zero_actual": lambda: _("Actual is 0"),
    "not_additive": lambda: _("No total"),
    "mixed_currency": lambda: _("Mixed currencies"),
    "not_by_channel": lambda: _("Not by channel"),
    "no_channel": lambda: _("Not by channel"),
    "months_only": lambda: _("Months only"),
    "no_base": lambda: _("Nothing to compare"),
    "running": lambda: _("Still running"),
    "watched": lambda: _("Watched"),
    "needs": lambda: _("Not connected"),
    "month_over": lambda: _("Month is over"),
    "no_volume": lambda: _("No volume"),
    "too_few_days": lambda: _("Too few days"),
    "too_few_months": lambda: _("Too few months"),
    "too_many_gaps": lambda: _("Days missing"),
    "too_early": lambda: _("Too early"),
    "not_started": lambda: _("Not started"),
    "missing_days": lambda: _("Days missing"),
    "whole_periods": lambda: _("Whole periods only"),
    "short_history": lambda: _("Too little history"),
    "one_market": lambda: _("One market only"),
    "kpi_gone": lambda: _("KPI out of use"),
}

_SENTENCES: dict[str, Callable[[Hole], str]] = {
    "no_data": lambda hole: _("Nothing was measured in this period."),
    "zero_denominator": _zero_denominator,
    "missing_rate": _missing_rate,
    "no_plan": lambda hole: _("There is no ad spend target for this period, so there is no plan to compare with."),
    "no_target": lambda hole: _("No target is set for this period."),
    "no_target_in": _no_target_in,
    "zero_target": lambda hole: _("The target is 0, so there is no share of it."),
    "zero_actual": lambda hole: _("The value is 0, so there is no share of the target."),
    "not_additive": lambda hole: _("This KPI has no total by addition."),
    "mixed_currency": lambda hole: _("Each market is in its own currency, so there is no total of money."),
    "not_by_channel": lambda hole: _("People are counted over all channels; this KPI isn't kept by channel."),
    "no_channel": lambda hole: _("The data that this KPI is made of don't name this channel."),
    "months_only": lambda hole: _("Targets of this KPI hold for a month, not for several."),
    "no_base": lambda hole: _("There is no value to compare with."),
    "running": lambda hole: _("The period is still running, and distinct people can't be cut to the same days."),
    "watched": lambda hole: _("This KPI is watched for change; it has no good or bad side."),
    "needs": _needs,
    "month_over": lambda hole: _("The month is over: nothing is left to come."),
    "no_volume": lambda hole: _("Too little is measured in the days to come to say what they must bring."),
    "too_few_days": lambda hole: (
        _("There are %(days)s days of data; a forecast needs %(needed)s.")
        % {"days": hole.facts[0], "needed": hole.facts[-1]}
    ),
    "too_few_months": lambda hole: (
        _("Only %(months)s earlier months could be tried out; %(needed)s are needed.")
        % {"months": hole.facts[0], "needed": hole.facts[-1]}
    ),
    "too_many_gaps": lambda hole: (
        _("%(share)s of the days of the last half year have no data.") % {"share": hole.facts[0]}
    ),
    "too_early": lambda hole: _("The data don't cover these days to their end yet."),
    "not_started": lambda hole: _("Not started yet: before and after are compared from its start on."),
    "missing_days": lambda hole: (
        _("Days are missing in the data: %(days)s of %(all)s are there.")
        % {"days": hole.facts[0], "all": hole.facts[-1]}
    ),
    "whole_periods": lambda hole: _("Distinct people are kept by day, week and month, not over any number of days."),
    "one_market": lambda hole: _("Before and after are computed where an action has one KPI and one market."),
    "kpi_gone": lambda hole: _("This KPI was taken out of use, so it is no longer computed."),
    "short_history": lambda hole: _("At least %(days)s days with data are needed before.") % {"days": hole.facts[0]},
}

_INSTEAD: dict[str, Callable[[], str]] = {
    "not_additive": lambda: _("Each market's own value is shown instead."),
    "mixed_currency": lambda: _("Each market's amount in its own currency is shown instead."),
    "not_by_channel": lambda: _("The value over all channels is shown instead, without the channel filter."),
    "months_only": lambda: _("Each month's own target is shown instead."),
}
