"""What the wizard and the page of a connection's choices send: kept as typed, and read as what was chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from problems.errors import Sentence
from sources.connectors.kinds import Account, Connector
from sources.errors import DayUnreadable
from sources.errors_connections import BadChoice, BadLookBack
from sources.models import Connection
from sources.services.syncs.connecting import MOST_LOOK_BACK, MOST_RULES, Chosen
from tenants.access import Access

DAY = 24
SCHEDULES: tuple[tuple[int, Sentence], ...] = (
    (1, _("every hour")),
    (3, _("every 3 hours")),
    (6, _("every 6 hours")),
    (12, _("every 12 hours")),
    (DAY, _("once a day")),
)
HOURS = range(24)
FIRST_BACK_FILL_DAYS = 90


@dataclass(frozen=True)
class Typed:
    """The choices as a form holds them: texts, whether they make sense or not."""

    name: str = ""
    accounts: Sequence[str] = ()
    markets: Mapping[str, str] = field(default_factory=dict)
    rules: Sequence[tuple[str, str]] = ()
    streams: Sequence[str] = ()
    look_back: Mapping[str, str] = field(default_factory=dict)
    schedule: str = str(DAY)
    at_hour: str = "9"
    since: str = ""


def typed_from(sent: QueryDict, kind: Connector) -> Typed:
    """What a form sent; an account's market is `market-<account>`, a table's days `look-back-<table>`."""
    patterns, markets = sent.getlist("rule-pattern"), sent.getlist("rule-market")
    return Typed(
        name=sent.get("name", ""),
        accounts=sent.getlist("account"),
        markets={key.removeprefix("market-"): str(sent[key]) for key in sent if key.startswith("market-")},
        rules=[(pattern, market) for pattern, market in zip(patterns, markets, strict=False) if pattern.strip()],
        streams=sent.getlist("stream") or [stream.key for stream in kind.streams],
        look_back={stream.key: sent.get(f"look-back-{stream.key}", "") for stream in kind.streams},
        schedule=sent.get("schedule", str(DAY)),
        at_hour=sent.get("at_hour", "9"),
        since=sent.get("since", ""),
    )


def proposed(access: Access, kind: Connector, accounts: Sequence[Account], today: dt.date) -> Typed:
    """What most people choose: every account when there are few, the one market that fits its currency."""
    return Typed(
        name=str(kind.name),
        accounts=[account.key for account in accounts] if len(accounts) == 1 else (),
        markets={account.key: likely_market(access, account) for account in accounts},
        streams=[stream.key for stream in kind.streams],
        look_back={stream.key: str(stream.look_back_days) for stream in kind.streams},
        since=str(today - dt.timedelta(days=min(FIRST_BACK_FILL_DAYS, kind.limits.retention_days))),
    )


def chosen_before(connection: Connection, kind: Connector) -> Typed:
    """The choices of a connection as they stand."""
    return Typed(
        name=connection.name,
        accounts=[raw["key"] for raw in connection.accounts],
        markets={raw["key"]: raw.get("market", "") for raw in connection.accounts},
        rules=[(rule["pattern"], rule["market"]) for rule in connection.rules],
        streams=list(connection.streams),
        look_back={s.key: str(connection.look_back.get(s.key, s.look_back_days)) for s in kind.streams},
        schedule=str(connection.every_hours),
        at_hour=str(connection.at_hour),
    )


def likely_market(access: Access, account: Account) -> str:
    """The only market with the account's currency, else the client's only one; empty when that says nothing."""
    fitting = [market.code for market in access.markets if market.currency == account.currency]
    if len(fitting) == 1:
        return fitting[0]
    return access.market_codes[0] if len(access.market_codes) == 1 else ""


def chosen_from(typed: Typed, kind: Connector, accounts: Sequence[Account]) -> Chosen:
    """What was chosen, for the services. Errors: BadChoice, BadLookBack, DayUnreadable."""
    known = {account.key: account for account in accounts}
    strangers = [key for key in typed.accounts if key not in known]
    if strangers:
        raise BadChoice(value=strangers[0][:60], label=str(_("Accounts")), key="account")
    streams = [stream.key for stream in kind.streams if stream.key in typed.streams]
    return Chosen(
        name=typed.name,
        accounts=[known[key] for key in dict.fromkeys(typed.accounts)],
        markets=typed.markets,
        rules=typed.rules[:MOST_RULES],
        streams=streams,
        look_back={s.key: _days(typed.look_back.get(s.key, "") or str(s.look_back_days)) for s in kind.streams},
        every_hours=_one_of(typed.schedule, [hours for hours, _words in SCHEDULES], _("Schedule"), "schedule"),
        at_hour=_one_of(typed.at_hour, HOURS, _("Hour"), "at_hour"),
        since=day_from(typed.since) if typed.since.strip() else None,
    )


def day_from(text: str) -> dt.date:
    """A day as a date field sends it. Errors: DayUnreadable."""
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise DayUnreadable(value=text[:40]) from error
    if not 1990 <= day.year < 2100:
        raise DayUnreadable(value=text[:40])
    return day


def _days(text: str) -> int:
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit() and len(bare) < 5 and 1 <= int(bare) <= MOST_LOOK_BACK):
        raise BadLookBack(value=text[:40], most=MOST_LOOK_BACK)
    return int(bare)


def _one_of(text: str, offered: Sequence[int], label: Sentence, key: str) -> int:
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit() and len(bare) < 5 and int(bare) in offered):
        raise BadChoice(value=text[:40], label=str(label), key=key)
    return int(bare)
