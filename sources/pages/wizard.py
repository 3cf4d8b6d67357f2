"""The wizard's two steps, and the same forms once a connection stands: keys, choices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from problems.errors import Problem, Sentence
from sources.connectors.kinds import Account, Connector, Need
from sources.forms_connections import HOURS, SCHEDULES, Typed, chosen_from
from sources.models import Connection
from sources.pages.catalogue import Entry
from sources.queries.connections import connections_seen_by
from sources.services.syncs.connecting import MOST_LOOK_BACK, Chosen
from sources.services.syncs.estimating import Estimate, estimate
from tenants.access import Access
from ui.components import Step

BLANK_RULES = 1
STEPS = (gettext_lazy("Keys"), gettext_lazy("Accounts and markets"), gettext_lazy("First sync"))


@dataclass(frozen=True)
class KeyField:
    """One thing to type. A secret's value is never shown again, not even after a fault."""

    need: Need
    value: str = ""
    error: Sentence = ""
    kept: bool = False


@dataclass(frozen=True)
class KeysPage:
    entry: Entry
    fields: Sequence[KeyField]
    steps: Sequence[Step] = ()
    problem: Problem | None = None
    connection: Connection | None = None


@dataclass(frozen=True)
class AccountRow:
    """One account to choose. `taken_by` names other connections that read it already."""

    account: Account
    is_on: bool
    market: str
    taken_by: str = ""


@dataclass(frozen=True)
class TableRow:
    key: str
    name: Sentence
    is_on: bool
    days: str
    usual: int


@dataclass(frozen=True)
class Place:
    """Where an account's rows go, in a sentence."""

    sentence: str
    is_hole: bool = False


@dataclass(frozen=True)
class Preview:
    """What would happen with what is typed now; `problem` says why it can't."""

    places: Sequence[Place] = ()
    estimate: Estimate | None = None
    problem: Problem | None = None


@dataclass(frozen=True)
class ChoosePage:
    kind: Connector
    typed: Typed
    accounts: Sequence[AccountRow]
    rules: Sequence[tuple[str, str]]
    tables: Sequence[TableRow]
    markets: Sequence[tuple[str, str]]
    preview: Preview
    today: dt.date
    steps: Sequence[Step] = ()
    problem: Problem | None = None
    connection: Connection | None = None
    schedules: Sequence[tuple[str, Sentence]] = field(default=tuple((str(n), words) for n, words in SCHEDULES))
    hours: Sequence[str] = field(default=tuple(str(hour) for hour in HOURS))
    most_look_back: int = MOST_LOOK_BACK


def steps_at(number: int) -> list[Step]:
    """Keys, accounts, first sync: where the person stands."""
    return [
        Step(label, "done" if index < number else "current" if index == number else "ahead")
        for index, label in enumerate(STEPS)
    ]


def key_fields(
    kind: Connector, given: Mapping[str, str], problem: Problem | None = None, *, kept: bool = False
) -> list[KeyField]:
    """The fields of what a connector needs. `kept`: secrets that are left empty stay as they are."""
    wrong = str(problem.details.get("key", "")) if problem is not None else ""
    return [
        KeyField(
            need,
            value="" if need.secret else given.get(need.key, ""),
            error=str(problem) if problem is not None and need.key == wrong else "",
            kept=kept and need.secret,
        )
        for need in kind.needs
    ]


@dataclass(frozen=True)
class Choice:
    """What is being chosen: among these accounts, with what is typed; for a connection when it stands already."""

    kind: Connector
    accounts: Sequence[Account]
    typed: Typed
    connection: Connection | None = None


def choose_page(access: Access, choice: Choice, today: dt.date, problem: Problem | None = None) -> ChoosePage:
    """Step two, or the choices of a connection that stands."""
    kind, accounts, typed, connection = choice.kind, choice.accounts, choice.typed, choice.connection
    taken = _taken(access, kind, connection)
    rows = [
        AccountRow(a, a.key in typed.accounts, typed.markets.get(a.key, ""), taken.get(a.key, "")) for a in accounts
    ]
    tables = [
        TableRow(
            stream.key,
            stream.name,
            stream.key in typed.streams,
            typed.look_back.get(stream.key, ""),
            stream.look_back_days,
        )
        for stream in kind.streams
    ]
    return ChoosePage(
        kind=kind,
        typed=typed,
        accounts=rows,
        rules=[*typed.rules, *[("", "")] * BLANK_RULES],
        tables=tables,
        markets=[(market.code, str(market)) for market in access.markets],
        preview=preview_of(access, choice, today),
        today=today,
        steps=steps_at(1) if connection is None else (),
        problem=problem,
        connection=connection,
    )


def preview_of(access: Access, choice: Choice, today: dt.date) -> Preview:
    """Which account goes where, and what the first back-fill takes."""
    try:
        chosen = chosen_from(choice.typed, choice.kind, choice.accounts)
    except Problem as problem:
        return Preview(problem=problem)
    names = {market.code: str(market) for market in access.markets}
    places = [_place(account, chosen, names) for account in chosen.accounts]
    if choice.connection is not None or chosen.since is None or not chosen.accounts:
        return Preview(places)
    days = max(0, (today - chosen.since).days)
    return Preview(places, estimate(choice.kind, chosen.streams, len(chosen.accounts), days))


def _place(account: Account, chosen: Chosen, names: Mapping[str, str]) -> Place:
    name = account.name or account.key
    own = names.get(chosen.markets.get(account.key, ""), "")
    rules = " · ".join(f"{pattern} → {names.get(market, '?')}" for pattern, market in chosen.rules)
    if not rules and own:
        return Place(_("Everything of %(account)s goes to %(market)s.") % {"account": name, "market": own})
    if rules and own:
        words = _("%(account)s: %(rules)s; all other campaigns go to %(market)s.")
        return Place(words % {"account": name, "rules": rules, "market": own})
    if rules:
        words = _("%(account)s: %(rules)s; campaigns that no rule names are rejected.")
        return Place(words % {"account": name, "rules": rules}, is_hole=True)
    return Place(_("%(account)s has no market yet.") % {"account": name}, is_hole=True)


def _taken(access: Access, kind: Connector, but: Connection | None) -> dict[str, str]:
    """Accounts that other connections read already: choosing one again counts its rows twice."""
    found: dict[str, str] = {}
    for connection in connections_seen_by(access):
        if connection.connector == kind.key and (but is None or connection.pk != but.pk):
            found.update({raw["key"]: connection.name for raw in connection.accounts})
    return found
