"""What the sample client has made of the KPIs: two of its own, one market's definition, and the metrics that lead."""

from __future__ import annotations

from dataclasses import replace

from demo.calendar import add_months
from demo.staff import Staff
from kpis.catalogue import Better, Stage, Unit
from kpis.queries.choices import chosen_kpis
from kpis.services.choices import choose_kpis
from kpis.services.definitions import OwnDraft, change_own_kpi, make_own_kpi
from kpis.services.overrides import choose_omtm, decide_override, propose_override

_NAVER_SHARE = OwnDraft(
    key="naver_share", name_ko="네이버 검색광고 방문 비중", name_en="Naver share of sessions",
    stage=Stage.ACQUISITION.value, unit=Unit.PERCENT.value, better=Better.HIGHER.value,
    formula='sessions[channel = "Naver 검색광고"] / sessions',
    description_ko="전체 방문 가운데 네이버 검색광고가 데려온 몫입니다. 네이버 광고를 하지 않는 시장은 0 %입니다.",
    description_en="The share of all sessions that Naver search ads brought; 0 % where there are none.",
)  # fmt: skip
_AFTER_ADS = OwnDraft(
    key="revenue_after_ads", name_ko="광고비 뺀 방문당 매출", name_en="Revenue after ads per session",
    stage=Stage.CONVERSION.value, unit=Unit.MONEY.value, better=Better.HIGHER.value,
    formula="(gross_revenue - cost) / sessions",
    description_ko="방문 한 번이 광고비를 빼고 남기는 매출입니다. 0보다 작으면 광고가 버는 것보다 많이 쓴 것입니다.",
    description_en="What a session leaves of revenue once ads are paid; below 0, ads cost more than sales bring.",
)  # fmt: skip
OWN = (_NAVER_SHARE.key, _AFTER_ADS.key)


def define_sample_kpis(staff: Staff) -> None:
    """Two own KPIs on everybody's board, one of them corrected; local definitions, approved and waiting; the OMTMs."""
    _make_own(staff)
    choose_kpis(staff["hq"], (*chosen_kpis(staff["hq"]), *OWN), for_all=True)
    _propose(staff)
    for market, key, who in (("", "revenue", "hq"), ("KR", _AFTER_ADS.key, "korea"), ("DE", "cvr", "germany")):
        choose_omtm(staff[who], market=market, key=key, now=staff.at(staff.ago(50)))


def _make_own(staff: Staff) -> None:
    made, changed = (add_months(staff.today, -months) for months in (6, 4))
    make_own_kpi(
        staff["hq"], replace(_NAVER_SHARE, owner_name=str(staff["korea"].user)),
        why="네이버 예산을 방문 비중과 함께 보려고", now=staff.at(made),
    )  # fmt: skip
    after_ads = replace(_AFTER_ADS, owner_name=str(staff["consultant"].user))
    first = make_own_kpi(staff["hq"], after_ads, why="광고 효율을 방문 단위로 비교하려고", now=staff.at(made, 11))
    change_own_kpi(
        staff["consultant"], replace(after_ads, formula="(revenue - cost) / sessions"), version=first.version,
        why="총매출 대신 환불·세금·배송비를 뺀 순매출로 바꿈", now=staff.at(changed),
    )  # fmt: skip


def _propose(staff: Staff) -> None:
    local = propose_override(
        staff["germany"], key="cvr", market="DE", formula="orders / engaged_sessions",
        reason="Visits that leave at the consent banner count as sessions here: we steer by engaged sessions.",
        now=staff.at(staff.ago(75)),
    )  # fmt: skip
    decide_override(staff["hq"], local.pk, approve=True, now=staff.at(staff.ago(72)))
    propose_override(
        staff["korea"], key="cpa", market="KR",
        formula='(cost - cost[campaign = "파워링크_브랜드"]) / '
        '(ad_conversions - ad_conversions[campaign = "파워링크_브랜드"])',
        reason="브랜드 검색은 이미 아는 고객이라, 신규 획득 비용은 빼고 봐야 합니다.",
        now=staff.at(staff.ago(3)),
    )  # fmt: skip
