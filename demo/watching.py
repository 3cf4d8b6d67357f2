"""What the sample client watches: alerts of every kind, run over the last weeks as if they had been there all along."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from demo.staff import Staff
from demo.story import LEAK, RESTATEMENT
from kpis.models import Alert
from kpis.models.alerts import AlertGrain, AlertKind, Base, Side
from kpis.services.alerts import AlertDraft, make_alert, mute_alert
from kpis.services.checking import check_alert
from kpis.services.inbox import mark_read

_BEGAN = 91  # days ago
_CHECKED = (56, 21, 0)  # days ago; a check looks back over 35
_MUTED_AFTER, _MUTED_FOR = 21, 14

_LAGGING = AlertDraft("revenue", AlertKind.PACING, 0.1, name="독일 매출이 목표에 뒤처질 때", markets=(LEAK.market,))
_STRANGE = AlertDraft(
    "sessions", AlertKind.ANOMALY, 4.0, name="한국 방문이 평소와 다를 때", markets=("KR",), side=Side.EITHER,
)  # fmt: skip
_MISSING = AlertDraft("ad_spend", AlertKind.MISSING, 3, name="광고 데이터가 사흘째 없을 때")
_FALLING = AlertDraft(
    "revenue", AlertKind.CHANGE, 0.2, name="한국 매출이 한 주 만에 20 % 줄 때", markets=("KR",),
    grain=AlertGrain.WEEK, base=Base.PREVIOUS,
)  # fmt: skip
_LEAVING = AlertDraft(
    "cart_abandonment", AlertKind.THRESHOLD, 0.8, name="독일 장바구니 이탈률 80 % 넘음", markets=(LEAK.market,),
    grain=AlertGrain.WEEK, side=Side.ABOVE,
)  # fmt: skip
_RESTATED = AlertDraft(
    "ad_spend", AlertKind.RESTATED, 0.02, name="일본 광고비가 정정될 때", markets=(RESTATEMENT.market,)
)
_WATCHED = (
    (_LAGGING, "hq", ("hq", "germany")),
    (_STRANGE, "korea", ("korea", "hq")),
    (_FALLING, "hq", ("hq", "korea", "consultant")),
    (_LEAVING, "germany", ("germany",)),
    (_MISSING, "hq", ("hq", "consultant")),
    (_RESTATED, "consultant", ("consultant", "hq")),
)
_QUIET = (_MISSING, _RESTATED)  # nothing of the past could make them fire: looked at once


def watch_sample(staff: Staff) -> None:
    """Make the alerts, check them at three moments of the last three months, mute one, and let old news be read."""
    made = [(draft, _made(staff, draft, who, readers)) for draft, who, readers in _WATCHED]
    for ago in _CHECKED:
        now, is_last = staff.at(staff.ago(ago), 7), ago == _CHECKED[-1]
        for draft, alert in made:
            if is_last and draft is _LEAVING:
                _mute(staff, alert)
            if is_last or draft not in _QUIET:
                check_alert(staff.client, alert.pk, now=now)
        if not is_last:
            _read(staff, now)


def _made(staff: Staff, draft: AlertDraft, who: str, readers: tuple[str, ...]) -> Alert:
    day = staff.ago(_BEGAN)
    told = tuple(staff.number(name) for name in readers)
    return make_alert(staff[who], replace(draft, recipients=told), now=staff.at(day), today=day)


def _mute(staff: Staff, alert: Alert) -> None:
    day = staff.ago(_MUTED_AFTER)
    until = staff.today + dt.timedelta(days=_MUTED_FOR)
    mute_alert(staff["germany"], alert, until, now=staff.at(day), today=day)


def _read(staff: Staff, now: dt.datetime) -> None:
    for access in staff.people.values():
        mark_read(access, now=now + dt.timedelta(hours=2))
