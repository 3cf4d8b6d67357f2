"""The scope that an address asks for."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict

from ui.errors import BadPeriod, BadScope
from ui.scope_bar import ScopeBar, ScopeChoice, ScopeOptions, scope_bar_for

MARKETS = (ScopeChoice("KR", "한국"), ScopeChoice("JP", "일본"), ScopeChoice("DE", "독일"))


def bar(address: str = "", **options: object) -> ScopeBar:
    chosen = {
        "today": dt.date(2026, 11, 22),
        "first_month": dt.date(2025, 5, 1),
        "markets": MARKETS,
        "currencies": ("KRW", "USD"),
        **options,
    }
    return scope_bar_for(QueryDict(address), ScopeOptions(**chosen), language="ko")  # type: ignore[arg-type]


def test_an_empty_address_is_this_month_all_markets_and_the_first_currency() -> None:
    found = bar()
    assert (found.period.text, found.markets, found.currency) == ("2026-11", ("KR", "JP", "DE"), "KRW")
    assert (found.compare, found.compared_period.text if found.compared_period else "") == ("previous", "2026-10")
    assert found.all_markets
    assert str(found.markets_label) == "모든 시장"


def test_the_last_month_with_data_is_where_an_empty_address_leads() -> None:
    assert bar(latest_month=dt.date(2026, 10, 1)).period.text == "2026-10"


def test_the_address_is_the_state() -> None:
    found = bar("period=2026-Q3&compare=year&market=DE&market=KR&currency=USD&kpi=sales&kpi=orders")
    assert (found.period.text, found.compare, found.currency) == ("2026-Q3", "year", "USD")
    assert found.markets == ("KR", "DE")  # the client's order, whatever the address says
    assert found.compared_period is not None
    assert found.compared_period.text == "2025-Q3"
    assert found.kept == [("kpi", "sales"), ("kpi", "orders")]
    assert "kpi=sales" in found.earlier_url
    assert "period=2026-Q2" in found.earlier_url
    assert str(found.markets_label) == "시장 2곳"


def test_nothing_compared_is_no_period() -> None:
    assert bar("compare=none").compared_period is None


@pytest.mark.parametrize("address", ["market=US", "market=KR&market=US", "currency=EUR", "compare=sideways"])
def test_what_is_not_among_the_choices_is_told(address: str) -> None:
    with pytest.raises(BadScope) as caught:
        bar(address)
    assert caught.value.fix


def test_a_bad_period_is_told() -> None:
    with pytest.raises(BadPeriod):
        bar("period=yesterday")


def test_steps_stop_where_the_data_ends() -> None:
    assert bar().later_url == ""
    assert bar("period=2025-05").earlier_url == ""
    assert "period=2025-06" in bar("period=2025-05").later_url


def test_every_month_with_data_can_be_chosen_once() -> None:
    groups = {(group.kind, str(group.label)): group for group in bar("period=2026-02").period_groups}
    months = [choice.value for (kind, _label), group in groups.items() if kind == "months" for choice in group.choices]
    expected = [f"2025-{month:02}" for month in range(5, 13)] + [f"2026-{month:02}" for month in range(1, 12)]
    assert sorted(months) == expected
    chosen = [choice.value for group in groups.values() for choice in group.choices if choice.active]
    assert chosen == ["2026-02"]


def test_presets_lead_to_their_periods() -> None:
    found = {choice.value: choice.url for choice in bar("market=KR").presets}
    assert list(found) == ["2026-11", "2026-10", "2026-Q4", "2026-Q3", "2026-YTD-11"]
    assert found["2026-Q3"] == "?market=KR&period=2026-Q3"


def test_a_fiscal_year_that_begins_in_april_shapes_the_choices() -> None:
    found = bar("period=2026-Q1", fiscal_start=4)
    assert (found.period.start, found.period.end) == (dt.date(2026, 4, 1), dt.date(2026, 7, 1))
    assert "2026-YTD-11" in [choice.value for choice in found.presets]


CHANNELS = (ScopeChoice("naver", "naver"), ScopeChoice("meta", "meta"))


def test_channels_are_read_only_where_a_page_offers_them() -> None:
    asked = bar("channel=meta&channel=naver&base=2025-12", channels=CHANNELS)
    assert asked.channels == ("naver", "meta")
    assert str(asked.channels_label) == "채널 2개"
    assert asked.kept == [], "what the bar has a control for isn't kept beside it"
    assert str(bar(channels=CHANNELS).channels_label) == "모든 채널"
    assert bar("channel=meta").channels == ()
    with pytest.raises(BadScope):
        bar("channel=kakao", channels=CHANNELS)


def test_of_very_many_channels_the_first_and_the_chosen_stand_in_the_list() -> None:
    many = [ScopeChoice(f"c{number}", f"c{number}") for number in range(300)]
    found = bar("channel=c250", channels=many).channel_choices
    assert len(found) == 101
    assert [choice.value for choice in found if choice.active] == ["c250"]
