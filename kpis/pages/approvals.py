"""Which months of which market are agreed: the page on which targets are submitted and approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from kpis.models import Approval, MonthApproval, Version
from kpis.pages.board import language
from kpis.pages.plans import asked_version, months_asked, version_tabs, why_not, year_text
from kpis.queries.asked import state_of_data
from kpis.queries.plans import approvals_of, months_with_targets
from problems.errors import Problem, Sentence
from tenants.access import Access
from ui import formats
from ui.components import Tab

TONES = {Approval.SUBMITTED: "warn", Approval.APPROVED: "good", Approval.CHANGED: "bad"}


@dataclass(frozen=True, slots=True)
class MonthState:
    """One month of one market: its state as a word with its tone, how many targets it has, who did what when."""

    word: str
    tone: str
    targets: int
    detail: str


@dataclass(frozen=True, slots=True)
class MarketRow:
    """One market, or all of them (then without months); `codes` are what its buttons act on."""

    codes: Sequence[str]
    name: str
    months: Sequence[MonthState]
    may_submit: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """Everything that `kpis/approval.html` prints."""

    versions: Sequence[Tab]
    version: str
    version_name: str
    active_name: str
    is_active: bool
    year: str
    year_number: int
    earlier: str
    later: str
    heads: Sequence[str]
    months: Sequence[tuple[str, str]]
    rows: Sequence[MarketRow]
    all_markets: MarketRow | None
    why_not_submit: Sentence
    why_not_approve: Sentence
    problem: Problem | None
    query: str


def approval_page(access: Access, query: QueryDict, problem: Problem | None = None) -> ApprovalPage:
    """Markets by the months of a fiscal year, for one version of targets."""
    months, year = months_asked(access, query)
    version = asked_version(query, access)
    active = state_of_data(access).target_version
    known = approvals_of(access, version, months)
    filled = months_with_targets(access, version, months)
    spoken = language()
    names = [formats.format_month(month, language=spoken) for month in months]
    rows = [
        _row(market.code, market.name_ko if spoken == "ko" else market.name_en, months, known, filled)
        for market in access.markets
    ]
    return ApprovalPage(
        versions=version_tabs(query, version, active),
        version=version,
        version_name=str(Version(version).label),
        active_name=str(Version(active).label),
        is_active=version == active,
        year=year_text(months),
        year_number=year,
        earlier=f"?version={version}&year={year - 1}",
        later=f"?version={version}&year={year + 1}",
        heads=[formats.format_month_name(month, language=spoken) for month in months],
        months=[(f"{month:%Y-%m}", name) for month, name in zip(months, names, strict=True)],
        rows=rows,
        all_markets=_all(rows),
        why_not_submit=why_not(access, "set_targets"),
        why_not_approve=why_not(access, "approve_targets"),
        problem=problem,
        query=f"?version={version}&year={year}",
    )


def _row(
    code: str,
    name: str,
    months: Sequence[dt.date],
    known: Mapping[tuple[str, dt.date], MonthApproval],
    filled: Mapping[tuple[str, dt.date], int],
) -> MarketRow:
    states = [(known.get((code, month)), filled.get((code, month), 0)) for month in months]
    return MarketRow(
        codes=[code],
        name=name,
        months=[_state(agreed, count) for agreed, count in states],
        may_submit=any(count and (one is None or one.state == Approval.CHANGED) for one, count in states),
        may_decide=any(one is not None and one.state == Approval.SUBMITTED for one, _count in states),
    )


def _all(rows: Sequence[MarketRow]) -> MarketRow | None:
    """All markets in one act, where there are several."""
    if len(rows) < 2:
        return None
    return MarketRow(
        codes=[code for row in rows for code in row.codes],
        name="",
        months=(),
        may_submit=any(row.may_submit for row in rows),
        may_decide=any(row.may_decide for row in rows),
    )


def _state(agreed: MonthApproval | None, count: int) -> MonthState:
    if agreed is None:
        return MonthState(_("open") if count else "–", "", count, "")
    spoken = language()
    parts = [
        _("submitted by %(who)s, %(when)s")
        % {"who": agreed.submitted_by, "when": formats.format_moment(agreed.submitted_at, language=spoken)}
    ]
    if agreed.approved_at is not None:
        parts.append(
            _("approved by %(who)s, %(when)s")
            % {"who": agreed.approved_by, "when": formats.format_moment(agreed.approved_at, language=spoken)}
        )
    if agreed.note:
        parts.append(f"“{agreed.note}”")
    return MonthState(str(Approval(agreed.state).label), TONES[Approval(agreed.state)], count, " · ".join(parts))
