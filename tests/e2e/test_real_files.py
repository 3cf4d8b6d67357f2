"""Real files through the API of a running portal; every total is computed from the file again by other means."""

from __future__ import annotations

import collections
import csv
import gzip
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.e2e.api import Api, data_folder
from tests.e2e.portal import OPERATOR, Portal

CLIENTS = """
from tenants.models import Client, User, Membership
from tenants.access import access_of
from tenants.services import ClientDraft, MarketDraft, create_client, make_token, prepare
by = User.objects.get(email={email!r})
client = Client.objects.filter(slug={slug!r}).first() or prepare(create_client(
    draft=ClientDraft({slug!r}, {slug!r}, home_currency={currency!r}, time_zone='Europe/London'),
    markets=[MarketDraft(*m) for m in {markets!r}], by=by))
print('TOKEN', make_token(access_of(Membership.objects.get(client=client, user=by)), 'checks')[1])
"""
BRITAIN = ("GB", "영국", "United Kingdom", "GB", "GBP", "Europe/London", "en")
INDIA = ("IN", "인도", "India", "IN", "INR", "Asia/Kolkata", "en")


def _client(portal: Portal, slug: str, currency: str, markets: list[tuple[str, ...]]) -> Api:
    printed = portal.manage(
        "shell", "-v0", "-c", CLIENTS.format(email=OPERATOR, slug=slug, currency=currency, markets=markets)
    )
    token = next(line.split()[1] for line in printed.splitlines() if line.startswith("TOKEN"))
    return Api(portal.url, slug, token)


def _board(api: Api, period: str, *kpis: str, market: str = "") -> dict[tuple[str, str], Any]:
    """*Shape*: (KPI, market; "" for the total) → actual."""
    query = "&".join([f"period={period}", *(f"kpi={kpi}" for kpi in kpis), *([f"market={market}"] if market else [])])
    board = api.ask("GET", f"board/?{query}")
    found = {}
    for stage in board["stages"]:
        for row in stage["rows"]:
            found[row["kpi"], ""] = row["total"]["actual"]["value"]
            found |= {(row["kpi"], cell["market"]): cell["actual"]["value"] for cell in row["cells"]}
    return found


def _countries(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return sorted({row["Country"] for row in csv.DictReader(file)})


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The retailer's transactions, unpacked."""
    target = tmp_path_factory.mktemp("retail") / "online_retail.csv"
    with gzip.open(data_folder() / "online_retail" / "online_retail.csv.gz") as packed, target.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    return target


def test_a_retailers_real_orders_by_country(portal: Portal, retail: Path) -> None:
    countries = _countries(data_folder() / "online_retail" / "online_retail.csv.gz")
    codes = {country: f"M{number:02}" for number, country in enumerate(countries)}
    markets = [(code, name, name, "GB", "GBP", "Europe/London", "en") for name, code in codes.items()]
    api = _client(portal, "retailer", "GBP", markets)
    found = api.upload(retail)
    assert found["plan"]["table"] == "order_items"
    done = api.confirm(found)
    assert done["loaded"]["read"] == 541_909
    assert done["loaded"]["rejected"] == _unusable(retail)

    expected = _by_month_and_country(retail)
    for month in ("2010-12", "2011-05", "2011-11"):
        board = _board(api, month, "revenue", "orders", "aov")
        for country, code in codes.items():
            revenue, orders = expected.get((month, country), (None, None))
            assert board["revenue", code] == (None if revenue is None else pytest.approx(revenue, abs=0.005)), country
            assert (board["orders", code] or 0) == (orders or 0), country
        total = sum(v[0] for (m, _c), v in expected.items() if m == month)
        assert board["revenue", ""] == pytest.approx(total, abs=0.01)
    grand = sum(
        _board(api, month, "revenue")["revenue", ""] for month in sorted({month for month, _country in expected})
    )
    assert grand == pytest.approx(9_747_747.93, abs=0.01), "the published net value"

    again = api.confirm(api.upload(retail))
    assert (again["loaded"]["new"], again["loaded"]["updated"]) == (0, 0)
    assert _board(api, "2011-11", "revenue")["revenue", ""] == pytest.approx(
        sum(v[0] for (m, _c), v in expected.items() if m == "2011-11"), abs=0.01
    )


def _unusable(path: Path) -> int:
    """Rows that no table of orders can take: none, because a line without a customer is a line."""
    with duckdb.connect() as own:
        row = own.execute(
            "select count(*) from read_csv(?, all_varchar = true) where InvoiceNo is null or Quantity is null",
            [str(path)],
        ).fetchone()
    assert row is not None
    return int(row[0])


def _by_month_and_country(path: Path) -> dict[tuple[str, str], tuple[float, int]]:
    """Net value, and invoices of positive value, by month of the invoice and country."""
    with duckdb.connect() as own:
        rows = own.execute(
            """
            with line as (
              select Country, InvoiceNo, InvoiceDate::timestamp as moment,
                Quantity::decimal(18, 6) * UnitPrice::decimal(18, 6) as value
              from read_csv(?, all_varchar = true)
            ), invoice as (select Country, InvoiceNo, min(moment) as moment, sum(value) as value from line group by all)
            select strftime(moment, '%Y-%m'), Country, sum(value)::double, count(*) filter (where value > 0)
            from invoice group by all
            """,
            [str(path)],
        ).fetchall()
    return {(month, country): (value, orders) for month, country, value, orders in rows}


def test_a_real_facebook_export_asks_for_its_day(portal: Portal) -> None:
    path = data_folder() / "facebook_ads_kag" / "KAG_conversion_data.csv"
    api = _client(portal, "facebook", "USD", [("US", "미국", "United States", "US", "USD", "America/New_York", "en")])
    found = api.upload(path)
    assert found["state"] == "mapping", "there is no date in the file, so it can't be ready"
    done = api.confirm(api.map(found, day="2026-09-30", market="US"))
    assert done["loaded"]["new"] == 1_143
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    board = _board(api, "2026-09", "impressions", "clicks", "ad_spend", "ctr", "cpa")
    shown, clicked = sum(int(r["Impressions"]) for r in rows), sum(int(r["Clicks"]) for r in rows)
    spent = sum(float(r["Spent"]) for r in rows)
    assert (shown, clicked) == (213_434_828, 38_165)
    assert board["impressions", "US"] == shown
    assert board["clicks", "US"] == clicked
    assert board["ad_spend", "US"] == pytest.approx(spent, abs=0.005)
    assert board["ctr", "US"] == pytest.approx(clicked / shown)
    assert board["cpa", "US"] == pytest.approx(spent / sum(int(r["Total_Conversion"]) for r in rows), rel=1e-6)


def test_a_real_search_console_export(portal: Portal) -> None:
    path = data_folder() / "gsc_miraiyo" / "Chart.csv"
    api = _client(portal, "search", "GBP", [BRITAIN])
    found = api.upload(path)
    done = api.confirm(found if found["state"] == "ready" else api.map(found, market="GB"))
    assert done["loaded"]["new"] == 7
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    shown, clicked = sum(int(r["Impressions"]) for r in rows), sum(int(r["Clicks"]) for r in rows)
    board = _board(api, "2026-06", "organic_impressions", "organic_ctr", "average_position", "impressions")
    assert (shown, clicked) == (193_809, 3_355)
    assert board["organic_impressions", "GB"] == shown
    assert board["organic_ctr", "GB"] == pytest.approx(clicked / shown)
    weighted = sum(float(r["Position"]) * int(r["Impressions"]) for r in rows) / shown
    assert board["average_position", "GB"] == pytest.approx(weighted)
    assert board["impressions", "GB"] is None, "organic impressions are no ad impressions"


def test_a_real_google_ads_screen_export_without_its_totals(portal: Portal) -> None:
    path = data_folder() / "google_ads_ui_export" / "Campaign_report.csv"
    api = _client(portal, "screen", "INR", [INDIA])
    found = api.upload(path)
    done = api.confirm(api.map(found, day="2025-07-31", market="IN"))
    assert done["loaded"]["new"] == 2
    assert done["loaded"]["totals_skipped"] == 4
    with path.open(encoding="utf-8-sig") as file:
        rows = [r for r in csv.DictReader(file.readlines()[2:]) if not r["Campaign status"].startswith("Total")]
    sums = collections.Counter[str]()
    for row in rows:
        sums.update({name: float(row[name].replace(",", "")) for name in ("Impr.", "Cost", "Conversions")})  # type: ignore[dict-item]
    board = _board(api, "2025-07", "impressions", "ad_spend", "cpa")
    assert board["impressions", "IN"] == sums["Impr."] == 46_168
    assert board["ad_spend", "IN"] == pytest.approx(sums["Cost"])
    assert board["cpa", "IN"] == pytest.approx(sums["Cost"] / sums["Conversions"])
