"""The page of actions: who does what about which number, by when, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kpis.catalogue import Kpi
from kpis.messages import kpi_name, spoken
from kpis.models import Action
from kpis.models.notes import ActionState
from kpis.pages.cell import BETTER
from kpis.pages.texts import value_text
from kpis.queries.definitions import Definitions, definitions_of
from kpis.queries.effects import Effect, effects_of
from kpis.queries.members import colleagues_of
from kpis.queries.notes import UNFINISHED, actions_seen_by
from kpis.queries.windows import today_at
from kpis.reasons import hole_sentence
from kpis.services.actions import can_change, is_overdue
from tenants.access import Access
from ui.components import Change, Tab
from ui.scope_bar import ScopeChoice

MOST = 200
TONES = {"open": "none", "doing": "moving", "done": "good", "dropped": "none"}


@dataclass(frozen=True, slots=True)
class EffectText:
    """Before and after as they are printed; `why` is the reason where there is none."""

    before: str
    after: str
    change: Change | None
    why: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One row of the table."""

    action: Action
    kpi: str
    market: str
    tone: str
    state: str
    overdue: bool
    effect: EffectText
    depth_url: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class ActionsPage:
    """Everything that `kpis/actions.html` prints."""

    lines: Sequence[ActionLine]
    tabs: Sequence[Tab]
    markets: Sequence[ScopeChoice]
    owners: Sequence[ScopeChoice]
    state: str
    filtered: bool
    may_write: bool
    overdue: int


def actions_page(access: Access, query: QueryDict) -> ActionsPage:
    """The table for an address: `state`, `market`, `owner` ("me" or a member's number)."""
    state = query.get("state", "")
    states = (state,) if state in ActionState.values else () if state == "all" else UNFINISHED
    market = query.get("market", "") if query.get("market", "") in access.market_codes else ""
    owner = owner_of(access, query)
    actions = list(actions_seen_by(access, states=states, market=market, owner_id=owner)[:MOST])
    effects = effects_of(access, actions)
    today, known = today_at(access), definitions_of(access)
    lines = [_line(access, action, effects[action.pk], today, known) for action in actions]
    return ActionsPage(
        lines=lines,
        tabs=_tabs(query, state),
        markets=[ScopeChoice(one.code, str(one), one.code == market) for one in access.markets],
        owners=[
            ScopeChoice("me", _("Me"), query.get("owner") == "me"),
            *(
                ScopeChoice(str(one.user_id), one.name, query.get("owner") == str(one.user_id))
                for one in colleagues_of(access)
                if one.user_id != access.user.pk
            ),
        ],
        state=state,
        filtered=bool(state or market or owner),
        may_write=access.can("write_notes"),
        overdue=sum(line.overdue for line in lines),
    )


def owner_of(access: Access, query: QueryDict) -> int | None:
    """Whose actions an address asks for; None: everybody's."""
    text = query.get("owner", "")
    if text == "me":
        return int(access.user.pk)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _tabs(query: QueryDict, state: str) -> list[Tab]:
    labels = [("", _("Unfinished")), *((one.value, str(one.label)) for one in ActionState), ("all", _("All"))]
    tabs = []
    for value, label in labels:
        changed = query.copy()
        changed["state"] = value
        tabs.append(Tab(label, "?" + changed.urlencode(), value == state))
    return tabs


def _line(access: Access, action: Action, effect: Effect, today: dt.date, known: Definitions) -> ActionLine:
    key, code = action.note.kpi, action.note.market
    market = next((one for one in access.markets if one.code == code), None)
    kpi = known.by_key.get(key)
    return ActionLine(
        action=action,
        kpi=kpi_name(key, known),
        market=str(market) if market else _("All markets"),
        tone=TONES[action.state],
        state=action.get_state_display(),
        overdue=is_overdue(action, today),
        effect=effect_text(kpi, effect),
        depth_url=f"{reverse('kpis:in-depth')}?kpi={key}&market={code}" if kpi and market else "",
        may_change=can_change(access, action),
    )


def effect_text(kpi: Kpi | None, effect: Effect) -> EffectText:
    """Before and after in the KPI's unit, and the change between them."""
    hole = effect.after.hole or effect.before.hole
    if kpi is None:
        return EffectText("", "", None, hole_sentence(hole) if hole else "")
    language = spoken()
    change = None
    if effect.before.number is not None and effect.after.number is not None:
        change = Change(effect.after.number, effect.before.number, kpi.unit.value, better=BETTER[kpi.better])
    return EffectText(
        before=value_text(kpi, effect.before, effect.currency, language) if effect.before.number is not None else "",
        after=value_text(kpi, effect.after, effect.currency, language) if effect.after.number is not None else "",
        change=change,
        why=hole_sentence(hole) if hole else "",
    )
