"""What the numbers of a page cover, read from its address and offered as choices; the address is the state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from problems.errors import Sentence
from ui import formats
from ui.errors import BadScope
from ui.periods import ReportingPeriod, add_months, month_of, months_between, parse_period, quarter_of, year_to_date

OWN_PARAMETERS = ("period", "compare", "market", "channel", "currency", "policy", "base", "known")
MOST_CHANNELS = 100
COMPARISONS: dict[str, Sentence] = {
    "previous": _("The period before"),
    "year": _("A year before"),
    "none": _("Nothing"),
}


@dataclass(frozen=True)
class ScopeChoice:
    """One thing to choose; `url` is the address that chooses it alone."""

    value: str
    label: Sentence
    active: bool = False
    url: str = ""


@dataclass(frozen=True)
class PeriodGroup:
    kind: str
    label: Sentence
    choices: Sequence[ScopeChoice]


@dataclass(frozen=True)
class ScopeOptions:
    """What may be chosen. `latest_month` is the last that has data (the month of `today` when None).

    The first of `comparisons` and of `currencies` is what an address without one means; of `policies`, the ways in
    which money is converted, it is `policy`. `known`: whether the page can show what was known at the end of a past
    day. `channels` are offered where there are any: a page that can't be cut to channels gives none, and the address
    isn't read for them.
    """

    today: dt.date
    first_month: dt.date
    markets: Sequence[ScopeChoice] = field(default=())
    currencies: Sequence[str] = field(default=())
    fiscal_start: int = 1
    latest_month: dt.date | None = None
    comparisons: Sequence[str] = ("previous", "year", "none")
    action: str = ""
    policies: Sequence[ScopeChoice] = field(default=())
    policy: str = ""
    known: bool = False
    channels: Sequence[ScopeChoice] = field(default=())


@dataclass(frozen=True)
class ScopeBar:
    """The chosen scope and everything that the bar shows.

    No `channels`: all of them. `base` is the month whose rates a policy takes, None: the usual one; the page fills it
    and its choices in.
    """

    period: ReportingPeriod
    period_label: str
    compare: str
    markets: tuple[str, ...]
    currency: str
    all_markets: bool
    markets_label: Sentence
    presets: Sequence[ScopeChoice]
    period_groups: Sequence[PeriodGroup]
    compare_choices: Sequence[ScopeChoice]
    market_choices: Sequence[ScopeChoice]
    currency_choices: Sequence[ScopeChoice]
    earlier_url: str
    later_url: str
    kept: Sequence[tuple[str, str]]
    action: str = ""
    policy: str = ""
    policy_choices: Sequence[ScopeChoice] = field(default=())
    known: dt.date | None = None
    known_label: str = ""
    known_latest: str = ""
    now_url: str = ""
    channels: tuple[str, ...] = ()
    channels_label: Sentence = ""
    channel_choices: Sequence[ScopeChoice] = field(default=())
    base: dt.date | None = None
    base_choices: Sequence[ScopeChoice] = field(default=())

    @property
    def compared_period(self) -> ReportingPeriod | None:
        """The period to compare with, None when nothing is compared."""
        if self.compare == "none":
            return None
        return self.period.previous() if self.compare == "previous" else self.period.year_before()


def scope_bar_for(query: QueryDict, options: ScopeOptions, *, language: str) -> ScopeBar:
    """The scope that the address asks for.

    Errors: BadPeriod, BadScope when the address names what is not among the choices.
    """
    latest = (options.latest_month or options.today).replace(day=1)
    text = query.get("period", "")
    period = parse_period(text, fiscal_start=options.fiscal_start) if text else month_of(latest, options.fiscal_start)
    compare = _one(query, "compare", tuple(options.comparisons)) if options.comparisons else "none"
    currency = _one(query, "currency", tuple(options.currencies)) if options.currencies else ""
    policy = _one(query, "policy", _default_first(options)) if options.policies else ""
    codes = tuple(choice.value for choice in options.markets)
    asked = _markets(query, codes)
    channels = _channels(query, options)
    known = _known(query, options) if options.known else None
    return ScopeBar(
        period=period,
        period_label=period.label(language),
        compare=compare,
        markets=asked or codes,
        currency=currency,
        all_markets=not asked,
        markets_label=_markets_label(asked, options.markets),
        presets=_presets(query, period, latest, options),
        period_groups=_period_groups(period, latest, options, language),
        compare_choices=[ScopeChoice(name, COMPARISONS[name], name == compare) for name in options.comparisons],
        market_choices=[ScopeChoice(choice.value, choice.label, choice.value in asked) for choice in options.markets],
        currency_choices=[ScopeChoice(code, code, code == currency) for code in options.currencies],
        earlier_url=_step(query, period.previous(), latest, options),
        later_url=_step(query, period.following(), latest, options),
        kept=[(name, value) for name, values in query.lists() if name not in OWN_PARAMETERS for value in values],
        action=options.action,
        policy=policy,
        policy_choices=[ScopeChoice(one.value, one.label, one.value == policy) for one in options.policies],
        known=known,
        known_label=formats.format_day(known, language=language) if known else "",
        known_latest=options.today.isoformat() if options.known else "",
        now_url=_without(query, "known"),
        channels=channels,
        channels_label=_channels_label(channels),
        channel_choices=_channel_choices(channels, options),
    )


def _default_first(options: ScopeOptions) -> tuple[str, ...]:
    values = tuple(one.value for one in options.policies)
    return tuple(dict.fromkeys((options.policy or values[0], *values)))


def _known(query: QueryDict, options: ScopeOptions) -> dt.date | None:
    """The past day whose knowledge is asked for; today's is now's."""
    text = query.get("known", "")
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day > options.today:
        raise BadScope(
            _("“%(value)s” is no day that has been.") % {"value": text[:40]},
            fix=_("Write a past day as in 2026-03-05."),
            parameter="known",
        )
    return day if day < options.today else None


def _without(query: QueryDict, name: str) -> str:
    changed = query.copy()
    changed.pop(name, None)
    return "?" + changed.urlencode()


def _one(query: QueryDict, name: str, allowed: tuple[str, ...]) -> str:
    value = query.get(name, "") or allowed[0]
    if value not in allowed:
        raise BadScope(
            _("“%(value)s” cannot be chosen here.") % {"value": value[:40]},
            fix=_("Choose one of: %(allowed)s.") % {"allowed": ", ".join(allowed)},
            parameter=name,
        )
    return value


def _markets(query: QueryDict, codes: tuple[str, ...]) -> tuple[str, ...]:
    asked = [value for value in query.getlist("market") if value]
    strange = [value for value in asked if value not in codes]
    if strange:
        raise BadScope(
            _("You have no market “%(value)s” here.") % {"value": strange[0][:40]},
            fix=_("Choose among: %(allowed)s.") % {"allowed": ", ".join(codes)},
            parameter="market",
        )
    return tuple(code for code in codes if code in asked)


def _channels(query: QueryDict, options: ScopeOptions) -> tuple[str, ...]:
    """The channels that the address names, in the order of the choices."""
    asked = {value for value in query.getlist("channel") if value} if options.channels else set()
    known = [choice.value for choice in options.channels]
    strange = sorted(asked.difference(known))
    if strange:
        raise BadScope(
            _("Your data name no channel “%(value)s”.") % {"value": strange[0][:40]},
            fix=_("Choose among: %(allowed)s.") % {"allowed": ", ".join(known[:20])},
            parameter="channel",
        )
    return tuple(channel for channel in known if channel in asked)


def _channels_label(asked: tuple[str, ...]) -> Sentence:
    if not asked:
        return _("All channels")
    if len(asked) == 1:
        return asked[0]
    return ngettext("%(number)d channel", "%(number)d channels", len(asked)) % {"number": len(asked)}


def _channel_choices(asked: tuple[str, ...], options: ScopeOptions) -> list[ScopeChoice]:
    """The first of many, and whatever is chosen."""
    return [
        ScopeChoice(choice.value, choice.label, choice.value in asked)
        for place, choice in enumerate(options.channels)
        if place < MOST_CHANNELS or choice.value in asked
    ]


def _markets_label(asked: tuple[str, ...], markets: Sequence[ScopeChoice]) -> Sentence:
    if not asked:
        return _("All markets")
    if len(asked) == 1:
        return next(choice.label for choice in markets if choice.value == asked[0])
    return ngettext("%(number)d market", "%(number)d markets", len(asked)) % {"number": len(asked)}


def _presets(query: QueryDict, period: ReportingPeriod, latest: dt.date, options: ScopeOptions) -> list[ScopeChoice]:
    fiscal = options.fiscal_start
    this_month = options.today.replace(day=1)
    offered = (
        (_("This month"), month_of(this_month, fiscal)),
        (_("Last month"), month_of(add_months(this_month, -1), fiscal)),
        (_("This quarter"), quarter_of(this_month, fiscal)),
        (_("Last quarter"), quarter_of(this_month, fiscal).previous()),
        (_("Year to date"), year_to_date(min(this_month, latest), fiscal)),
    )
    return [
        ScopeChoice(found.text, label, found.text == period.text, _address(query, found.text))
        for label, found in offered
        if _within(found, latest, options)
    ]


def _period_groups(period: ReportingPeriod, latest: dt.date, options: ScopeOptions, language: str) -> list[PeriodGroup]:
    months = [add_months(latest, -back) for back in range(months_between(options.first_month, latest) + 1)]
    fiscal = options.fiscal_start
    by_year: dict[int, list[ScopeChoice]] = {}
    for month in sorted(months):
        text = f"{month:%Y-%m}"
        name = formats.format_month_name(month, language=language)
        by_year.setdefault(month.year, []).append(ScopeChoice(text, name, text == period.text))
    groups = [
        PeriodGroup("months", gettext("%(year)d") % {"year": year}, by_year[year])
        for year in sorted(by_year, reverse=True)
    ]
    quarters = list(dict.fromkeys(quarter_of(month, fiscal) for month in months))
    to_date = list(dict.fromkeys(year_to_date(_last_of_year(month, latest, fiscal), fiscal) for month in months))
    if period.kind == "ytd" and period not in to_date:
        to_date.insert(0, period)
    for kind, label, found in (("quarters", _("Quarters"), quarters), ("years", _("Years to date"), to_date)):
        choices = [ScopeChoice(one.text, one.label(language), one.text == period.text) for one in found]
        groups.append(PeriodGroup(kind, label, choices))
    return groups


def _last_of_year(month: dt.date, latest: dt.date, fiscal: int) -> dt.date:
    year_end = add_months(year_to_date(month, fiscal).start, 11)
    return min(year_end, latest)


def _within(period: ReportingPeriod, latest: dt.date, options: ScopeOptions) -> bool:
    return period.start <= latest and period.end > options.first_month.replace(day=1)


def _step(query: QueryDict, period: ReportingPeriod, latest: dt.date, options: ScopeOptions) -> str:
    return _address(query, period.text) if _within(period, latest, options) else ""


def _address(query: QueryDict, period: str) -> str:
    changed = query.copy()
    changed["period"] = period
    return "?" + changed.urlencode()
