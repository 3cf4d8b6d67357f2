"""Which KPIs a connector's table is enough for."""

from __future__ import annotations

from kpis.queries.unlocked import kpis_unlocked_by
from tests.conftest import Person

ADS = ("impressions", "clicks", "cost")


def test_a_kpi_is_unlocked_when_every_measure_of_it_comes(acme, alice: Person) -> None:
    names = kpis_unlocked_by(alice.at("acme"), "channel_daily", ADS)
    assert {"노출수", "클릭률", "클릭당 비용"} <= set(names)
    assert "전환당 비용" not in names
    assert "전환당 비용" in kpis_unlocked_by(alice.at("acme"), "channel_daily", (*ADS, "conversions"))


def test_organic_search_is_not_advertising(acme, alice: Person) -> None:
    names = kpis_unlocked_by(alice.at("acme"), "channel_daily", ADS, "organic")
    assert names
    assert not {"노출수", "클릭률", "클릭당 비용"} & set(names)


def test_a_shop_unlocks_what_orders_tell(acme, alice: Person) -> None:
    assert kpis_unlocked_by(alice.at("acme"), "orders", ("value",))
    assert kpis_unlocked_by(alice.at("acme"), "products", ("price",)) == []
