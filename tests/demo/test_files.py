"""Each export says the same as the story, in its vendor's own manner."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from demo.ads import accounts
from demo.files import Delivery, write_files
from demo.story import RESTATEMENT
from demo.telling import Tale
from tests.demo.conftest import SEED


def _path(exports: list[Delivery], name: str) -> Path:
    return next(d.path for d in exports if d.path.name.startswith(name))


def _rows(path: Path, *, encoding: str = "utf-8-sig", delimiter: str = ",", skip: int = 0) -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        for _ in range(skip):
            next(file)
        return list(csv.DictReader(file, delimiter=delimiter))


def test_the_same_story_gives_the_same_bytes(small: list[Tale], exports: list[Delivery], tmp_path: Path) -> None:
    again = write_files(small, tmp_path, seed=SEED)
    texts = [d.path for d in exports if d.path.suffix != ".xlsx"]
    assert [d.path.name for d in again] == [d.path.name for d in exports]
    for path in texts:
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_naver_s_report_is_korean_cp949_with_thousands_marks(small: list[Tale], exports: list[Delivery]) -> None:
    rows = _rows(_path(exports, "naver"), encoding="cp949", skip=1)
    told = next(a for a in accounts(small[0], SEED) if a.channel.feed == "naver").rows
    assert sum(int(row["총비용(VAT포함,원)"].replace(",", "")) for row in rows) == told.cost.sum()
    assert rows[0]["일별"] == "2024.11.01."


def test_google_s_report_ends_with_a_row_that_double_counts(small: list[Tale], exports: list[Delivery]) -> None:
    rows = _rows(_path(exports, "google_ads_ad_groups"), skip=2)
    *data, total = rows
    told = [a for tale in small for a in accounts(tale, SEED) if a.channel.feed == "google_ads"]
    impressions = sum(int(row["Impr."].replace(",", "")) for row in data)
    assert total["Day"].startswith("Total")
    assert impressions == int(total["Impr."].replace(",", "")) == sum(int(a.rows.impressions.sum()) for a in told)


def test_the_final_figures_replace_the_same_rows_of_the_preliminary_file(exports: list[Delivery]) -> None:
    final = _rows(_path(exports, "google_ads_jp_final"), skip=2)[:-1]
    first = _rows(_path(exports, "google_ads_ad_groups"), skip=2)[:-1]
    key = ("Day", "Account name", "Country/Territory", "Campaign", "Ad group")
    known = {tuple(row[c] for c in key): row for row in first}
    assert {row["Country/Territory"] for row in final} == {"Japan"}
    pairs = [(known[tuple(row[c] for c in key)], row) for row in final]
    before = sum(float(a["Cost"].replace(",", "")) for a, _ in pairs)
    after = sum(float(b["Cost"].replace(",", "")) for _, b in pairs)
    assert after / before == pytest.approx(RESTATEMENT.cost, rel=0.02)


def test_orders_with_decimal_commas_add_up_to_the_story(small: list[Tale], exports: list[Delivery]) -> None:
    rows = _rows(_path(exports, "shop_orders"), delimiter=";")
    for tale in small:
        mine = [row for row in rows if row["Store"] == tale.story.code]
        assert len(mine) == len(tale.orders)
        places = Decimal(100 if tale.story.currency in ("USD", "EUR", "GBP", "THB") else 1)
        assert sum(Decimal(row["Total"].replace(",", ".")) for row in mine) * places == int(tale.orders.total.sum())
    assert len({row["Order number"] for row in rows}) == len(rows)


def test_purchases_in_the_events_are_orders_in_the_shop_s_export(exports: list[Delivery]) -> None:
    orders = {row["Order number"]: row for row in _rows(_path(exports, "shop_orders"), delimiter=";")}
    events = [row for d in exports if d.feed == "events" for row in _rows(d.path)]
    bought = [row for row in events if row["event_name"] == "purchase"]
    assert 0.9 * len(orders) < len(bought) < len(orders)
    for row in bought:
        order = orders[row["transaction_id"]]
        paid = Decimal(order["Total"].replace(",", ".")) - Decimal(order["Shipping"].replace(",", "."))
        assert Decimal(row["value"]) == paid
        assert (row["channel"], row["campaign"]) == (order["Channel"], order["Campaign"])
        assert row["user_id"] == order["Customer ID"]
    assert len({row["event_id"] for row in events}) == len(events)


def test_every_buyer_is_a_member_once(exports: list[Delivery]) -> None:
    members = [row["Customer ID"] for row in _rows(_path(exports, "crm_members"))]
    buyers = {row["Customer ID"] for row in _rows(_path(exports, "shop_orders"), delimiter=";")}
    assert len(members) == len(set(members))
    assert buyers <= set(members)


def test_addresses_can_t_reach_anybody(exports: list[Delivery]) -> None:
    assert all(row["Email"].endswith(".example") for row in _rows(_path(exports, "crm_members")))


def test_kakao_s_workbook_holds_numbers_and_dates(small: list[Tale], exports: list[Delivery]) -> None:
    from openpyxl import load_workbook

    book = load_workbook(_path(exports, "kakao"), read_only=True)
    rows = list(book.active.iter_rows(values_only=True))
    book.close()
    told = next(a for a in accounts(small[0], SEED) if a.channel.feed == "kakao").rows
    cost = rows[0].index("비용")
    assert sum(row[cost] for row in rows[1:]) == told.cost.sum()


def test_prices_are_utf_16_text_as_a_spreadsheet_saves_it(exports: list[Delivery]) -> None:
    rows = _rows(_path(exports, "products"), encoding="utf-16", delimiter="\t")
    assert len(rows) == 28 * 8
    assert {row["상품명"] for row in rows if row["국가코드"] == "KR"} & {"립 틴트"}
