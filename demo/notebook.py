"""What people have written on the sample client's numbers: events of the story, a talk about it, and actions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from demo.ads import hole_days, restated_days
from demo.calendar import Occasion, add_months, past_occasions
from demo.staff import Staff
from demo.story import HOLE, LEAK, RESTATEMENT
from kpis.models.notes import ActionState, EventType, NoteKind
from kpis.services.actions import ActionDraft, make_action
from kpis.services.notes import NoteDraft, answer_note, write_note

ONE_DAY = dt.timedelta(days=1)
_SALES = {
    "New Year sale": "새해 세일", "Seollal gifts": "설 선물세트 기획전", "Brand anniversary sale": "브랜드 기념일 세일",
    "Chuseok gifts": "추석 선물세트 기획전", "11.11": "11.11 쇼핑 행사", "Black Friday": "블랙프라이데이",
    "12.12": "12.12 행사",
}  # fmt: skip
_LONG = 5  # days from which on an occasion is worth a look at before and after


def write_sample_notes(staff: Staff) -> None:
    """Events on the days of the story, a comment with its answer, and four actions."""
    _events(staff)
    _talk(staff)
    _actions(staff)


def _events(staff: Staff) -> None:
    sales = [one for one in past_occasions("KR", staff.window) if one[0].sale]
    for occasion, first, last in sales[-3:]:
        text = f"{_SALES[occasion.name]}: 쿠폰과 카카오 비즈보드"
        _write(staff, "korea", _event(EventType.CAMPAIGN, "KR", (first, last), text))
    _name, first, last = next(one for one in reversed(sales) if one[0].name == "Brand anniversary sale")
    text = "브랜드 기념일 세일: 여덟 시장 동시에 진행"
    _write(staff, "hq", replace(_event(EventType.CAMPAIGN, "", (first, last), text), shared=True))
    leak = add_months(staff.today, -LEAK.months_before)
    text = "New checkout went live. Since then buyers leave at the payment step."
    _write(staff, "germany", _event(EventType.OUTAGE, LEAK.market, (leak, leak), text, kpi="checkout_completion"))
    first, end = hole_days(staff.window)
    text = "광고 파일에 이 나흘이 없음. 대행사에 다시 요청함."
    _write(staff, "hq", _event(EventType.TRACKING, HOLE.market, (first, end - ONE_DAY), text, kpi="ad_spend"))
    first, end = restated_days(staff.window)
    text = "Google Ads 잠정치를 확정치로 다시 받음: 광고비와 전환이 줄어듦."
    _write(
        staff, "consultant", _event(EventType.OTHER, RESTATEMENT.market, (first, end - ONE_DAY), text, kpi="ad_spend")
    )


def _event(kind: EventType, market: str, days: tuple[dt.date, dt.date], text: str, *, kpi: str = "") -> NoteDraft:
    return NoteDraft(NoteKind.ANNOTATION, text, kpi, market, *days, event_type=kind)


def _write(staff: Staff, who: str, draft: NoteDraft) -> None:
    write_note(staff[who], draft, now=staff.at(min(draft.ends_on, staff.ago(1))))


def _talk(staff: Staff) -> None:
    running = staff.today.replace(day=1)
    asked = write_note(
        staff["hq"],
        NoteDraft(
            NoteKind.COMMENT, f"@{staff['germany'].user} 결제 완료율이 여전히 낮아요. 수정은 언제 나가나요?",
            "revenue", LEAK.market, running, staff.today,
        ),
        now=staff.at(staff.ago(3)),
    )  # fmt: skip
    answer_note(
        staff["germany"], asked, "The fix is in testing; it goes live with the next release.",
        now=staff.at(staff.ago(2)),
    )  # fmt: skip


def _actions(staff: Staff) -> None:
    occasion, first, last = _worth_a_look(staff)
    days = (last - first).days + 1
    _action(
        staff, "korea", first - 14 * ONE_DAY,
        ActionDraft(
            f"{_SALES[occasion.name]}을 메인과 비즈보드에 편성", "revenue", "KR", staff.number("korea"), first,
            state=ActionState.DONE, expected="행사 기간 매출 +30 %", started_on=first, done_on=last,
            window_days=max(7, days),
        ),
    )  # fmt: skip
    _action(
        staff, "hq", staff.ago(24),
        ActionDraft(
            "결제 단계 오류를 고치고 결제 수단을 다시 넣기", "checkout_completion", LEAK.market,
            staff.number("germany"), staff.ago(6), state=ActionState.DOING, expected="결제 완료율을 예전 수준으로",
            started_on=staff.ago(18),
        ),
    )  # fmt: skip
    _action(
        staff, "hq", staff.ago(4),
        ActionDraft(
            "빠진 나흘의 광고 파일을 받아 다시 올리기", "ad_spend", HOLE.market, staff.number("hq"), staff.ago(-3),
            expected="비어 있는 칸 없애기",
        ),
    )  # fmt: skip
    _action(
        staff, "consultant", staff.ago(1),
        ActionDraft(
            "확정치로 낮아진 Google Ads 전환을 반영해 일본 예산 다시 나누기", "cpa", RESTATEMENT.market,
            staff.number("consultant"), staff.ago(-10),
        ),
    )  # fmt: skip


def _action(staff: Staff, who: str, made: dt.date, draft: ActionDraft) -> None:
    make_action(staff[who], draft, now=staff.at(made), today=made)


def _worth_a_look(staff: Staff) -> tuple[Occasion, dt.date, dt.date]:
    """Korea's last sale of some days whose days after are over too."""
    return next(
        one
        for one in reversed(past_occasions("KR", staff.window))
        if one[0].name in _SALES and (one[2] - one[1]).days + 1 >= _LONG and one[2] < staff.ago(2)
    )
