"""What a file is proposed to be: table, columns, whole-file answers, markets."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.reading.markets import MarketNames, match_markets
from tests.sources.files import MARKETS, column, mapping, proposed, real, write

KOREA = (MARKETS[0],)


def test_naver_search_ads(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "캠페인보고서(2026.10.01.~2026.10.02.)\n"
        "일별,캠페인,캠페인유형,PC/모바일 매체,노출수,클릭수,클릭률(%),"
        '"평균클릭비용(VAT포함,원)","총비용(VAT포함,원)",전환수,전환매출액(원),평균노출순위\n'
        '2026.10.01.,브랜드,파워링크,모바일,"12,345",321,2.6,420,"134,820",12,"1,200,000",1.3\n'
        '2026.10.02.,브랜드,파워링크,모바일,"11,000",300,2.7,410,"123,000",9,"900,000",1.4\n',
        encoding="cp949",
    )
    proposal = proposed(path, tmp_path, KOREA)
    assert proposal.plan.table == "channel_daily"
    assert proposal.report == "네이버 검색광고"
    assert mapping(proposal) == {
        "day": "일별",
        "campaign": "캠페인",
        "medium": "캠페인유형",
        "device": "PC/모바일 매체",
        "impressions": "노출수",
        "clicks": "클릭수",
        "cost": "총비용(VAT포함,원)",
        "conversions": "전환수",
        "value": "전환매출액(원)",
        "position": "평균노출순위",
        "channel": "=naver_search",
        "market": "=KR",
    }
    assert column(proposal, "day").cast.formats == ("%Y.%m.%d.",)


def test_kakao_moment(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "시작일,광고계정 이름,캠페인 이름,광고그룹 이름,노출수,클릭수,클릭률,비용,도달수\n"
        + "".join(
            f"2026-10-{d:02d},본사,가을,그룹A,{d * 1000},{d * 9},0.009,{d * 500},{d * 800}\n" for d in range(1, 15)
        ),
    )
    proposal = proposed(path, tmp_path, KOREA)
    assert proposal.report == "카카오모먼트"
    found = mapping(proposal)
    assert found["channel"] == "=kakao_moment"
    assert (found["day"], found["ad_group"], found["reach"], found["account"]) == (
        "시작일",
        "광고그룹 이름",
        "도달수",
        "광고계정 이름",
    )


def test_meta_with_markets_in_english(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Reporting starts,Country,Campaign name,Ad set name,"
        "Impressions,Link clicks,Amount spent (KRW),Results,Frequency\n"
        + "".join(
            f"2026-10-{d:02d},{c},Fall,Broad,{d}00,{d},{d}000,1,1.2\n"
            for d in range(1, 9)
            for c in ("Japan", "USA", "South Korea")
        ),
    )
    proposal = proposed(path, tmp_path)
    found = mapping(proposal)
    assert (found["channel"], found["medium"], found["cost"], found["clicks"]) == (
        "=meta",
        "=paid_social",
        "Amount spent (KRW)",
        "Link clicks",
    )
    assert column(proposal, "market").cast.values == {"Japan": "JP", "USA": "US", "South Korea": "KR"}
    assert "Frequency" not in found.values()


def test_ga4_events(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "event_date,event_timestamp,event_name,user_pseudo_id,ga_session_id,page_location,country,device_category\n"
        + "".join(
            f"202610{d:02d},2026-10-{d:02d} 09:00:00,page_view,u{d},s{d},https://x.kr/{d},South Korea,mobile\n"
            for d in range(1, 15)
        ),
    )
    found = mapping(proposed(path, tmp_path))
    assert (found["name"], found["person"], found["session"], found["page"]) == (
        "event_name",
        "user_pseudo_id",
        "ga_session_id",
        "page_location",
    )
    assert found["occurred_at"] in ("event_timestamp", "event_date")


def test_shop_orders_in_korean(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "주문번호,주문일시,회원아이디,총 결제금액,배송비,주문상태,사용한 쿠폰명\n"
        + "".join(
            f'2026{d:04d},2026-10-{d:02d} 오후 3:{d:02d},m{d},"₩{d * 11},000",2500,배송완료,\n' for d in range(1, 15)
        ),
    )
    proposal = proposed(path, tmp_path, KOREA)
    found = mapping(proposal)
    assert proposal.plan.table == "orders"
    assert (found["order_id"], found["ordered_at"], found["value"], found["shipping"], found["status"]) == (
        "주문번호",
        "주문일시",
        "총 결제금액",
        "배송비",
        "주문상태",
    )
    assert found["currency"] == "=KRW"
    assert column(proposal, "ordered_at").cast.formats == ("%Y-%m-%d %p %I:%M",)


def test_crm_customers_are_fingerprinted(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "회원번호,이름,이메일,휴대폰번호,가입일,성별,회원등급,마케팅 수신동의,국가\n"
        + "".join(
            f"{d},홍길동,m{d}@example.com,010-1234-{d:04d},2025.03.{d:02d},여,VIP,Y,대한민국\n" for d in range(1, 15)
        ),
    )
    proposal = proposed(path, tmp_path)
    found = mapping(proposal)
    assert proposal.plan.table == "customers"
    assert column(proposal, "email_hash").cast.kind == "hash"
    assert column(proposal, "phone_hash").cast.kind == "hash"
    assert (found["joined_at"], found["grade"], found["marketing_consent"], found["market"]) == (
        "가입일",
        "회원등급",
        "마케팅 수신동의",
        "국가",
    )
    assert "이름" not in found.values()


def test_a_product_feed(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "상품코드,상품명,브랜드,카테고리,판매가\n"
        + "".join(f"P{d},세럼 {d},여정,스킨케어,{d}5000\n" for d in range(1, 12)),
    )
    assert proposed(path, tmp_path, KOREA).plan.table == "products"


def test_columns_that_are_needed_to_tell_rows_apart_become_the_breakdown(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "date,campaign,age,gender,impressions,clicks,cost\n"
        + "".join(
            f"2026-10-{d:02d},fall,{a},{g},{d}00,{d},5\n" for d in range(1, 9) for a in ("18-24", "25-34") for g in "MF"
        ),
    )
    assert set(proposed(path, tmp_path, KOREA).plan.breakdown) == {"age", "gender"}


def test_the_market_in_the_files_name(tmp_path: Path) -> None:
    path = write(tmp_path, "date,campaign,impressions,clicks,cost\n2026-10-01,fall,100,3,5\n2026-10-02,fall,90,2,4\n")
    found = mapping(proposed(path, tmp_path, name="meta_일본_2026-10.csv"))
    assert (found["market"], found["channel"]) == ("=JP", "=meta")


def test_countries_are_known_by_many_names() -> None:
    values = [
        "UK",
        "EIRE",
        "USA",
        "Korea",
        "대한민국",
        "한국",
        "KR",
        "Japan",
        "일본",
        "germany",
        "Deutschland",
        "Republic of Korea",
        "Atlantis",
        "",
    ]
    found = match_markets(values, MARKETS)
    assert found == {
        "UK": "GB",
        "EIRE": "IE",
        "USA": "US",
        "Korea": "KR",
        "대한민국": "KR",
        "한국": "KR",
        "KR": "KR",
        "Japan": "JP",
        "일본": "JP",
        "germany": "DE",
        "Deutschland": "DE",
        "Republic of Korea": "KR",
    }


def test_two_markets_of_one_country_are_told_apart_by_their_own_names() -> None:
    markets = (MarketNames("US-EAST", "US", ("동부", "East")), MarketNames("US-WEST", "US", ("서부", "West")))
    assert match_markets(["USA", "East", "US-WEST"], markets) == {"East": "US-EAST", "US-WEST": "US-WEST"}


# --- real files ---
def test_the_real_online_retail_file(tmp_path: Path) -> None:
    proposal = proposed(real("online_retail/online_retail.csv.gz"), tmp_path)
    assert proposal.plan.table == "order_items"
    assert {**mapping(proposal)} == {
        "order_id": "InvoiceNo",
        "product_id": "StockCode",
        "product_name": "Description",
        "quantity": "Quantity",
        "ordered_at": "InvoiceDate",
        "price": "UnitPrice",
        "customer_id": "CustomerID",
        "market": "Country",
    }
    values = column(proposal, "market").cast.values
    assert (values["United Kingdom"], values["EIRE"], values["Germany"], values["Japan"]) == ("GB", "IE", "DE", "JP")


def test_the_real_facebook_file_asks_for_its_date(tmp_path: Path) -> None:
    proposal = proposed(real("facebook_ads_kag/KAG_conversion_data.csv"), tmp_path)
    found = mapping(proposal)
    assert proposal.plan.table == "channel_daily"
    assert (found["impressions"], found["clicks"], found["cost"], found["conversions"], found["ad"]) == (
        "Impressions",
        "Clicks",
        "Spent",
        "Total_Conversion",
        "ad_id",
    )
    assert "day" not in found
    assert not proposal.plan.breakdown


@pytest.mark.parametrize(
    ("name", "target", "source"),
    [
        ("Chart", "day", "Date"),
        ("Countries", "market", "Country"),
        ("Devices", "device", "Device"),
        ("Queries_first20", "keyword", "Top queries"),
    ],
)
def test_the_real_search_console_files(tmp_path: Path, name: str, target: str, source: str) -> None:
    proposal = proposed(real(f"gsc_miraiyo/{name}.csv"), tmp_path)
    found = mapping(proposal)
    assert (found["medium"], found["position"], found[target]) == ("=organic", "Position", source)
    assert "CTR" not in found.values()


def test_the_real_search_console_pages_are_kept_apart(tmp_path: Path) -> None:
    assert proposed(real("gsc_miraiyo/Pages.csv"), tmp_path).plan.breakdown == ("Top pages",)


def test_the_real_google_ads_file(tmp_path: Path) -> None:
    proposal = proposed(real("google_ads_ui_export/Campaign_report.csv"), tmp_path)
    found = mapping(proposal)
    assert (found["day"], found["currency"], found["cost"], found["conversions"]) == (
        "=2025-07-31",
        "Currency code",
        "Cost",
        "Conversions",
    )
    assert "date_from_preamble" in {note.code for note in proposal.notes}


def test_the_real_leads_become_events(tmp_path: Path) -> None:
    proposal = proposed(real("olist_marketing_funnel/olist_marketing_qualified_leads_dataset.csv"), tmp_path)
    found = mapping(proposal)
    assert proposal.plan.table == "events"
    assert (found["name"], found["person"], found["occurred_at"], found["channel"]) == (
        "=generate_lead",
        "mql_id",
        "first_contact_date",
        "origin",
    )
    assert column(proposal, "occurred_at").cast.formats == ("%Y.%m.%d",)
