"""What a cell said when, as the drawer shows it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from kpis.catalogue import HEADLINE
from kpis.errors import NoSuchMarket
from kpis.pages.board import language, question_of, scope_for_board
from kpis.pages.texts import change_text, joined, value_text
from kpis.queries.asked import ask_of, scope_of, state_of_data
from kpis.queries.cells import BoardAsk
from kpis.queries.history import Told, cell_history
from kpis.queries.money import OWN
from sources.models import Source
from sources.queries.imports import imports_seen_by
from tenants.access import Access


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One value that was reported: since when, how it differs from the one before, and what made it so."""

    at: dt.datetime | None
    value: str
    change: str
    why: str
    import_id: str


@dataclass(frozen=True, slots=True)
class History:
    """The answer with what it is about, for the fragment and the API alike."""

    ask: BoardAsk
    told: tuple[Told, ...]
    currency: str


def history_of(access: Access, query: QueryDict) -> History:
    """The history of the cell that the address names. Errors: NoSuchKpi, NoSuchMarket."""
    state = state_of_data(access)
    bar = scope_for_board(access, query, state, by_channel=True)
    first = access.market_codes[0] if access.market_codes else ""
    key, _dot, code = (query.get("cell") or f"{HEADLINE}.{first}").partition(".")
    kpi = state.definitions.kpi(key)
    markets = (code,) if code else bar.markets
    if not markets or (code and code not in access.market_codes):
        raise NoSuchMarket(code or "–")
    question = replace(question_of(bar, (kpi.key,)), markets=markets, known_on=None)
    ask = ask_of(access, question, state)
    if len(markets) > 1 and not (kpi.rollup.has_total and not _mixes(ask)):
        return History(ask, (), "")
    currency = "" if not kpi.is_money else ask.own[markets[0]] if ask.currency == OWN else ask.currency
    return History(ask, cell_history(scope_of(access, question), ask), currency)


def _mixes(ask: BoardAsk) -> bool:
    return ask.currency == OWN and len(set(ask.own.values())) > 1


def history_lines(access: Access, found: History) -> Sequence[ToldLine]:
    """The lines of the fragment, the latest first."""
    spoken, kpi = language(), found.ask.kpis[0]
    names = dict(Source.objects.values_list("key", "name"))
    files = _files(access, found.told)
    lines = []
    for place, one in enumerate(found.told):
        earlier = found.told[place + 1] if place + 1 < len(found.told) else None
        lines.append(
            ToldLine(
                at=one.at,
                value=value_text(kpi, one.value, found.currency, spoken),
                change=change_text(kpi, one.value, earlier.value, spoken) if earlier else "",
                why=why_text(one, names, files),
                import_id=one.by if one.by in files else "",
            )
        )
    return lines


def _files(access: Access, told: Sequence[Told]) -> dict[str, str]:
    """Names of the files that this person may know of, by their loads."""
    wanted = []
    for one in told:
        try:
            wanted.append(uuid.UUID(one.by))
        except ValueError:
            continue
    seen = imports_seen_by(access).filter(pk__in=wanted)
    return {str(load_id): name for load_id, name in seen.values_list("pk", "name")}


def why_text(one: Told, names: Mapping[str, str], files: Mapping[str, str]) -> str:
    """Which source's file changed the value, or that one was taken back, or a recompute."""
    if one.by == "rebuild":
        return _("All measures were worked out anew.")
    sources = ", ".join(names.get(source, source) for source in one.sources)
    file = files.get(one.by, "")
    if one.undone:
        return joined([sources, _("%(file)s was taken back") % {"file": file} if file else _("A file was taken back")])
    return joined([sources, file])


def history_answer(found: History) -> list[dict[str, object]]:
    """The history as JSON, the latest first."""
    return [
        {
            "known_from": one.at,
            "value": one.value.number,
            "load": one.by or None,
            "undone": one.undone,
            "sources": list(one.sources),
        }
        for one in found.told
    ]
