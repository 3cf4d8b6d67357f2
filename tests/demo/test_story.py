"""What the story promises is in its numbers: the leader, the leak, the heavy customers, the returning ones."""

from __future__ import annotations

import numpy as np
import pytest

from demo.ads import accounts, hole_days, preliminary, restated_days, search_rows
from demo.calendar import add_months
from demo.money import DECIMALS
from demo.story import LEAK, MARKETS, RESTATEMENT, channels_of
from demo.telling import Tale, tell
from demo.tracking import NAMES, events_of, local_midnights, tracked_sessions
from tests.demo.conftest import SEED


def _completion(tale: Tale, first: int, end: int) -> float:
    sessions = tale.sessions
    rows = sessions.checkout & (sessions.day >= first) & (sessions.day < end)
    return float(sessions.purchased[rows].mean())


def test_eight_markets_pay_in_seven_currencies() -> None:
    assert [m.code for m in MARKETS] == ["KR", "JP", "US", "DE", "FR", "VN", "TH", "GB"]
    assert {m.currency for m in MARKETS} == {"KRW", "JPY", "USD", "EUR", "VND", "THB", "GBP"}
    only_korean = {c.name for c in channels_of("KR")} - {c.name for c in channels_of("JP")}
    assert only_korean == {"Naver 검색광고", "Kakao 모먼트"}


def test_there_are_at_least_200000_tracked_person_days(whole: dict[str, Tale]) -> None:
    days = 0
    for tale in whole.values():
        seen = tracked_sessions(tale)
        days += len(set(zip(tale.sessions.person[seen].tolist(), tale.sessions.day[seen].tolist(), strict=True)))
    assert 200_000 <= days <= 300_000


def test_the_same_seed_tells_the_same_story_and_another_one_another(whole: dict[str, Tale]) -> None:
    again = tell(whole["KR"].window, seed=SEED)[0]
    other = tell(whole["KR"].window, seed=SEED + 1)[0]
    assert np.array_equal(again.orders.total, whole["KR"].orders.total)
    assert not np.array_equal(other.orders.total[:50], whole["KR"].orders.total[:50])


def test_korea_leads_in_conversion_and_in_repeat_purchases(whole: dict[str, Tale]) -> None:
    def conversion(tale: Tale) -> float:
        return len(tale.orders) / len(tale.sessions)

    def repeating(tale: Tale) -> float:
        _, orders = np.unique(tale.sessions.person[tale.orders.session], return_counts=True)
        return float((orders > 1).mean())

    for code, tale in whole.items():
        if code != "KR":
            assert conversion(whole["KR"]) > 1.4 * conversion(tale)
            assert repeating(whole["KR"]) > 1.2 * repeating(tale)


def test_germany_leaks_between_checkout_and_purchase_from_its_month_on(whole: dict[str, Tale]) -> None:
    window = whole["DE"].window
    leak = window.index(add_months(window.end, -LEAK.months_before))
    before, after = _completion(whole["DE"], 0, leak), _completion(whole["DE"], leak, window.days)
    assert after < 0.75 * before
    others = [_completion(t, leak, window.days) / _completion(t, 0, leak) for c, t in whole.items() if c != "DE"]
    assert min(others) > 0.9
    reached, late = whole["DE"].sessions.checkout, whole["DE"].sessions.day >= leak
    assert reached[late].mean() == pytest.approx(reached[~late].mean(), rel=0.35)


def test_five_percent_of_customers_carry_a_quarter_of_korean_sales(whole: dict[str, Tale]) -> None:
    orders = whole["KR"].orders
    spent = np.bincount(whole["KR"].sessions.person[orders.session], orders.total)
    spent = np.sort(spent[spent > 0])[::-1]
    assert 0.20 < spent[: len(spent) // 20].sum() / spent.sum() < 0.45


def test_money_of_an_order_adds_up(whole: dict[str, Tale]) -> None:
    for tale in whole.values():
        orders = tale.orders
        assert (orders.total == orders.subtotal - orders.discount + orders.shipping).all()
        net = orders.total - orders.tax - orders.shipping - orders.refund
        assert (net >= 0).all()
        assert (orders.tax > 0).all() == (tale.story.tax > 0)
        assert tale.story.currency in DECIMALS


def test_every_tracked_order_is_one_purchase_event_and_no_other(whole: dict[str, Tale]) -> None:
    for tale in (whole["KR"], whole["DE"]):
        events = events_of(tale, SEED)
        bought = events.name == NAMES.index("purchase")
        tracked = np.flatnonzero(tracked_sessions(tale)[tale.orders.session])
        assert sorted(events.order[bought].tolist()) == tracked.tolist()
        assert events.value[bought].sum() == tale.order_value()[tracked].sum()
        assert 0.90 < len(tracked) / len(tale.orders) < 0.99


def test_every_event_falls_on_its_session_s_own_local_day(whole: dict[str, Tale]) -> None:
    for code in ("US", "GB", "KR"):
        tale = whole[code]
        events = events_of(tale, SEED)
        midnight = local_midnights(tale.window, tale.story.time_zone)[tale.sessions.day[events.session]]
        since = events.moment - midnight
        assert since.min() >= 4 * 3600
        assert since.max() < 24 * 3600


def test_ads_bring_at_least_the_visits_that_came_from_them(whole: dict[str, Tale]) -> None:
    for account in accounts(whole["JP"], SEED):
        index = [c.name for c in whole["JP"].channels].index(account.channel.name)
        visits = int((whole["JP"].sessions.channel == index).sum())
        clicks = int(account.rows.clicks.sum())
        assert visits <= clicks <= 1.6 * visits
        assert (account.rows.impressions >= account.rows.clicks).all()


def test_unpaid_search_brings_at_least_its_visits(whole: dict[str, Tale]) -> None:
    tale = whole["FR"]
    index = next(i for i, c in enumerate(tale.channels) if c.medium == "organic")
    rows = search_rows(tale, SEED)
    assert (tale.sessions.channel == index).sum() <= rows.clicks.sum() <= rows.impressions.sum()


def test_japan_s_figures_were_higher_before_they_were_final(whole: dict[str, Tale]) -> None:
    tale = whole["JP"]
    account = next(a for a in accounts(tale, SEED) if a.channel.feed == RESTATEMENT.feed)
    first, end = (tale.window.index(day) for day in restated_days(tale.window))
    early = (account.rows.day >= first) & (account.rows.day < end)
    before = preliminary(account)
    assert before.cost[early].sum() > 1.03 * account.rows.cost[early].sum()
    assert (before.cost[~early] == account.rows.cost[~early]).all()
    other = next(a for a in accounts(whole["US"], SEED) if a.channel.feed == RESTATEMENT.feed)
    assert preliminary(other) is other.rows


def test_only_viet_nam_s_ads_have_a_hole_of_four_days(whole: dict[str, Tale]) -> None:
    window = whole["VN"].window
    hole = {window.index(hole_days(window)[0]) + i for i in range(4)}
    for code in ("VN", "TH"):
        for account in accounts(whole[code], SEED):
            missing = set(range(window.days)) - set(account.rows.day.tolist())
            assert missing == (hole if code == "VN" else set())
