"""Daily and budget rates, ECB files and the default policy: what is kept, what is refused, and who may."""

from __future__ import annotations

import datetime as dt
import json
import random
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from kpis.errors import BadRates, UnreadableTable
from kpis.models import BudgetRate, DailyRate, ExchangeRate, How, PolicyChoice, RateChange
from kpis.queries.choices import standing_of
from kpis.services.ecb import Use, import_ecb
from kpis.services.rate_tables import RateCell
from kpis.services.rates import choose_policy, import_rates, set_rates
from problems.errors import NotAllowed
from tenants.models import AuditEntry

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 10, 30)
USE = Use(("USD", "JPY", "EUR"), dt.date(2026, 10, 1))

pytestmark = pytest.mark.django_db


def daily(rate: str, on: dt.date = DAY, currency: str = "USD", row: int = 0) -> RateCell:
    return RateCell(currency, on, Decimal(rate), row)


def test_daily_and_budget_rates_are_kept_beside_the_monthly_with_history_and_audit(acme, alice):
    access = alice.at("acme")
    set_rates(access, [daily("1380.5")], how=How.TYPED, now=NOW, kind="daily", source="BOK")
    set_rates(access, [RateCell("USD", dt.date(2026, 1, 1), Decimal(1350))], how=How.API, now=NOW, kind="budget")
    assert (DailyRate.objects.get().rate, BudgetRate.objects.get().year) == (Decimal("1380.5"), 2026)
    assert not ExchangeRate.objects.exists()
    assert set(RateChange.objects.values_list("kind", "how")) == {("daily", "typed"), ("budget", "api")}
    assert AuditEntry.objects.filter(action="rates.saved").count() == 2


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("daily", daily("0")), ("daily", daily("-1")), ("daily", daily("NaN")), ("daily", daily("1e12")),
        ("daily", daily("1", dt.date(2026, 11, 23))), ("daily", daily("1", dt.date(1989, 12, 31))),
        ("daily", daily("1", currency="XQZ")), ("daily", daily("1", currency="KRW")),
        ("budget", daily("1", dt.date(2040, 1, 1))), ("monthly", daily("1", dt.date(2028, 12, 1))),
    ],
)  # fmt: skip
def test_a_rate_that_cannot_be_right_is_refused_with_its_whole_batch(acme, alice, kind, cell):
    with pytest.raises(BadRates) as refused:
        set_rates(alice.at("acme"), [daily("1380", dt.date(2026, 10, 1)), cell], how=How.API, now=NOW, kind=kind)
    assert refused.value.details["cells"][-1]["why"]
    assert not DailyRate.objects.exists()
    assert not BudgetRate.objects.exists()
    assert not RateChange.objects.exists()


TWICE = "currency\tdate\trate\nUSD\t2026-10-30\t1380\nUSD\t2026-10-29\t1379\nUSD\t2026.10.30\t1381\n"


def test_two_rates_for_a_day_are_refused_naming_both_rows_and_the_same_twice_is_not(acme, alice):
    with pytest.raises(BadRates) as refused:
        import_rates(alice.at("acme"), text=TWICE, how=How.PASTED, now=NOW, kind="daily")
    (bad,) = refused.value.details["cells"]
    assert (bad["row"], bad["column"]) == (4, "USD 2026-10-30")
    assert "2행" in bad["why"]
    assert "1380" in bad["why"]
    assert not DailyRate.objects.exists()
    import_rates(alice.at("acme"), text=TWICE.replace("1381", "1380"), how=How.PASTED, now=NOW, kind="daily")
    assert DailyRate.objects.count() == 2


def test_every_bad_cell_of_a_table_is_told_with_its_row(acme, alice):
    text = "date,USD,XQZ,JPY\n2026-10-30,abc,1,9.1\n2026-13-01,1380,,\n2026-12-30,1380,,\n2026-10-29,-5,,9\n"
    with pytest.raises(BadRates) as refused:
        import_rates(alice.at("acme"), text=text, how=How.PASTED, now=NOW, kind="daily")
    assert [(bad["row"], bad["column"]) for bad in refused.value.details["cells"]] == [
        (2, "USD 2026-10-30"), (2, "XQZ 2026-10-30"), (3, "2026-13-01"), (4, "USD 2026-12-30"), (5, "USD 2026-10-29"),
    ]  # fmt: skip
    assert not DailyRate.objects.exists()


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("daily", "날짜\tUSD\tJPY\n2026년 10월 30일\t1,380.5\t9.1\n", {"USD 2026-10-30", "JPY 2026-10-30"}),
        ("daily", "통화,2026-10-29,2026-10-30\nUSD,1380,1381\n", {"USD 2026-10-29", "USD 2026-10-30"}),
        ("budget", "통화\t회계연도\t예산환율\nUSD\tFY2026\t1350\n", {"USD 2026-01-01"}),
        ("budget", "currency,2026,2027\nUSD,1350,1360\n", {"USD 2026-01-01", "USD 2027-01-01"}),
    ],
)
def test_tables_of_days_and_years_are_read_both_ways_round(acme, alice, kind, text, expected):
    import_rates(alice.at("acme"), text=text, how=How.PASTED, now=NOW, kind=kind)
    assert {f"{one.currency} {one.month}" for one in RateChange.objects.all()} == expected


def test_a_workbook_with_real_dates_is_read(acme, alice, tmp_path: Path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["date", "USD"])
    book.active.append([dt.date(2026, 10, 30), 1380.5])
    book.save(tmp_path / "rates.xlsx")
    import_rates(alice.at("acme"), path=tmp_path / "rates.xlsx", how=How.IMPORTED, now=NOW, kind="daily")
    assert (DailyRate.objects.get().day, DailyRate.objects.get().rate) == (DAY, Decimal("1380.5"))


# --- ECB --------------------------------------------------------------------------------------------------------
HISTORY = """Date,USD,JPY,CYP,KRW,AUD,
2026-11-20,1.0836,163.15,N/A,1507.24,1.6533,
2026-11-19,1.0802,162.80,N/A,1501.80,1.6500,
2026-10-02,1.0800,N/A,N/A,1500.00,1.6000,
2026-10-01,1.0700,160.00,N/A,N/A,1.6000,
2026-09-30,1.0600,159.00,N/A,1490.00,1.6000,
"""
CUBES = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<Cube><Cube time='2026-11-20'><Cube currency='USD' rate='1.0836'/><Cube currency='JPY' rate='163.15'/>
<Cube currency='KRW' rate='1507.24'/></Cube></Cube></gesmes:Envelope>"""


def ecb(alice, text: str = "", path: Path | None = None, use: Use = USE):
    return import_ecb(alice.at("acme"), text=text, path=path, how=How.IMPORTED, now=NOW, use=use)


def test_an_ecb_history_is_converted_to_the_home_currency_and_tells_what_it_left_out(acme, alice, tmp_path: Path):
    (tmp_path / "eurofxref-hist.csv").write_text(HISTORY, encoding="utf-8")
    taken = ecb(alice, path=tmp_path / "eurofxref-hist.csv")
    kept = {(one.currency, f"{one.day}"): one.rate for one in DailyRate.objects.all()}
    assert kept["USD", "2026-11-20"] == pytest.approx(Decimal("1507.24") / Decimal("1.0836"))
    assert kept["JPY", "2026-11-19"] == pytest.approx(Decimal("1501.80") / Decimal("162.80"))
    assert kept["EUR", "2026-10-02"] == 1500
    assert ("JPY", "2026-10-02") not in kept
    assert not [key for key in kept if key[1] in ("2026-10-01", "2026-09-30")]
    assert (taken.currencies, taken.days, taken.saved.changed) == (("EUR", "JPY", "USD"), 3, 8)
    assert (taken.unused, taken.earlier_days, taken.days_without_home) == (("CYP", "AUD"), 1, 1)
    assert set(DailyRate.objects.values_list("source", flat=True)) == {"ECB eurofxref"}


def test_a_long_ecb_history_equals_pandas(acme, alice):
    chance = random.Random(11)
    days = pd.bdate_range("2025-01-01", "2026-11-20")[::-1]
    frame = pd.DataFrame({
        "Date": days.strftime("%Y-%m-%d"),
        **{code: [f"{chance.uniform(low, low * 1.2):.4f}" for _ in days] for code, low in
           (("USD", 1.0), ("JPY", 150.0), ("KRW", 1400.0))},
    })  # fmt: skip
    ecb(alice, text=frame.to_csv(index=False), use=Use(("USD", "JPY", "EUR"), dt.date(2025, 1, 1)))
    numbers = frame.set_index("Date").astype(float)
    expected = pd.DataFrame({code: numbers["KRW"] / numbers[code] for code in ("USD", "JPY")}).assign(
        EUR=numbers["KRW"]
    )
    kept = pd.DataFrame(DailyRate.objects.values_list("day", "currency", "rate"), columns=["day", "code", "rate"])
    kept = kept.assign(day=kept["day"].astype(str), rate=kept["rate"].astype(float)).pivot(
        index="day", columns="code", values="rate"
    )
    pd.testing.assert_frame_equal(kept.sort_index(), expected.sort_index()[kept.columns], check_names=False, rtol=1e-8)


def test_an_ecb_xml_file_gives_the_same(acme, alice, tmp_path: Path):
    (tmp_path / "eurofxref-daily.xml").write_text(CUBES, encoding="utf-8")
    ecb(alice, path=tmp_path / "eurofxref-daily.xml")
    assert DailyRate.objects.get(currency="USD").rate == pytest.approx(Decimal("1507.24") / Decimal("1.0836"))


def test_a_client_whose_home_is_the_euro_takes_the_reciprocal(globex, charlie):
    from django.db import connection

    connection.set_tenant(globex)
    access = charlie.at("globex")
    import_ecb(access, text=HISTORY, how=How.IMPORTED, now=NOW, use=Use(("KRW",), dt.date(2026, 11, 20)))
    assert DailyRate.objects.get().rate == pytest.approx(1 / Decimal("1507.24"))


LAUGHS = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Cube><Cube time="2026-11-20">
<Cube currency="USD" rate="&b;"/></Cube></Cube>"""
FILES = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><Cube>&f;</Cube>"""


@pytest.mark.parametrize(
    "text",
    [LAUGHS, FILES, "<Cube", "<html></html>", "", "hello", "Date\n2026-11-20", "currency,USD\nKRW,1\n",
     "Date,USD,USD,KRW\n2026-11-20,1,2,3\n", "Date,USD\n2026-11-20,1.08\n", '<?xml version="1.0" encoding="x9"?><a/>'],
)  # fmt: skip
def test_what_is_no_ecb_file_says_so_and_opens_nothing(acme, alice, text):
    with pytest.raises(UnreadableTable) as refused:
        ecb(alice, text=text)
    assert str(refused.value.fix)
    assert not DailyRate.objects.exists()


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("2026-11-18,0,163,N/A,1507,1.6,", "USD 2026-11-18"), ("2026-11-18,-1,163,N/A,1507,1.6,", "USD 2026-11-18"),
        ("2026-11-18,abc,163,N/A,1507,1.6,", "USD 2026-11-18"), ("2026-11-24,1.1,163,N/A,1507,1.6,", "2026-11-24"),
        ("tomorrow,1.1,163,N/A,1507,1.6,", "tomorrow"), ("2026-11-19,1.0803,162.80,N/A,1501.80,1.65,", "USD 2026-11-19"),
    ],
)  # fmt: skip
def test_a_bad_line_of_an_ecb_file_is_named_and_nothing_is_kept(acme, alice, line, place):
    with pytest.raises(BadRates) as refused:
        ecb(alice, text=HISTORY + line + "\n")
    assert [(bad["row"], bad["column"]) for bad in refused.value.details["cells"]] == [(7, place)]
    assert not DailyRate.objects.exists()


def test_an_unknown_currency_in_the_head_of_an_ecb_file_is_named(acme, alice):
    with pytest.raises(BadRates, match="XQZ"):
        ecb(alice, text=HISTORY.replace("AUD", "XQZ"))


# --- the policy that pages open with ----------------------------------------------------------------------------
def test_the_default_policy_is_chosen_with_history_and_audit(acme, alice):
    assert standing_of(alice.at("acme")).policy == "monthly"
    assert choose_policy(alice.at("acme"), "daily", now=NOW)
    assert not choose_policy(alice.at("acme"), "daily", now=NOW)
    assert choose_policy(alice.at("acme"), "constant", now=NOW)
    assert standing_of(alice.at("acme")).policy == "constant"
    assert [one.policy for one in PolicyChoice.objects.all()] == ["constant", "daily"]
    assert AuditEntry.objects.filter(action="rates.policy_chosen").count() == 2
    with pytest.raises(BadRates):
        choose_policy(alice.at("acme"), "tomorrow", now=NOW)


@pytest.mark.parametrize("name", ["bob", "vera"])
def test_marketers_and_viewers_change_neither_rates_nor_policy(acme, request, name):
    access = request.getfixturevalue(name).at("acme")
    with pytest.raises(NotAllowed):
        choose_policy(access, "daily", now=NOW)
    with pytest.raises(NotAllowed):
        set_rates(access, [daily("1380")], how=How.API, now=NOW, kind="daily")
    with pytest.raises(NotAllowed):
        import_ecb(access, text=HISTORY, how=How.IMPORTED, now=NOW, use=USE)


# --- pages and API ----------------------------------------------------------------------------------------------
RATES = "/c/acme/kpi/rates/"
API = "/c/acme/api/v1/rates/"


@pytest.mark.parametrize("kind", ["monthly", "daily", "budget", "nonsense"])
def test_each_kind_has_its_page_in_both_languages(alice, kind):
    for language in ("ko", "en"):
        alice.cookies["django_language"] = language
        for query in (f"?kind={kind}", f"?kind={kind}&year=9999&month=x", f"?kind={kind}&year=2025&month=2025-02"):
            assert alice.get(RATES + query).status_code == 200


def test_the_grid_keeps_days_and_years(acme, alice):
    for kind, place, model in (("daily", "USD|2026-10-30", DailyRate), ("budget", "USD|2026", BudgetRate)):
        sent = json.dumps({"cells": [{"place": place, "text": "1,380.5", "was": ""}]})
        answer = alice.post(f"{RATES}save/?kind={kind}", sent, content_type="application/json")
        assert answer.status_code == 200, answer.content
        from django.db import connection

        connection.set_tenant(acme)
        assert model.objects.get().rate == Decimal("1380.5")


@pytest.mark.parametrize("place", ["USD|2026-10", "USD|soon", "USD", "XQZ|2026-10-30", "USD|2099-01-01"])
def test_nonsense_from_the_daily_grid_is_answered_with_a_sentence(alice, place):
    sent = json.dumps({"cells": [{"place": place, "text": "1"}]})
    answer = alice.post(f"{RATES}save/?kind=daily", sent, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["sentence"]


def test_a_pasted_ecb_file_is_taken_and_a_bad_one_is_told_cell_by_cell(lake, alice):
    answer = alice.post(f"{RATES}ecb/?kind=daily", {"text": HISTORY}, follow=True)
    assert "ECB" in answer.content.decode() or answer.status_code == 200
    assert "가져오지 않았어요" in answer.content.decode()
    bad = alice.post(f"{RATES}ecb/?kind=daily", {"text": HISTORY.replace("1.0836", "zero")})
    assert bad.status_code == 400
    assert "USD 2026-11-20" in bad.content.decode()


def test_the_api_keeps_and_gives_daily_and_budget_rates_and_the_policy(alice):
    def put(path: str, data: object):
        return alice.put(API + path, json.dumps(data), content_type="application/json")

    day = {"currency": "USD", "day": "2026-10-30", "rate": "1380.5", "source": "BOK"}
    assert put("daily/", [day]).json()["changed"] == 1
    assert put("budget/", [{"currency": "USD", "year": 2026, "rate": "1350"}]).json()["changed"] == 1
    (kept,) = alice.get(API + "daily/", {"currency": "USD", "from": "2026-10-01", "to": "2026-10-31"}).json()
    assert (kept["day"], kept["rate"], kept["source"]) == ("2026-10-30", "1380.5", "BOK")
    assert alice.get(API + "budget/").json()[0]["year"] == 2026
    assert put("policy/", {"policy": "budget"}).json()["policy"] == "budget"
    assert alice.get(API + "policy/").json()["chosen_by"] == "Alice"
    assert put("policy/", {"policy": "x"}).status_code == 400
    assert put("daily/", [day, {**day, "day": "2026-10-29", "rate": "0"}]).status_code == 400
    assert put("budget/", [{"currency": "USD", "year": 0, "rate": "1"}]).status_code == 400
    assert alice.get(API + "daily/", {"from": "soon"}).status_code == 400


@pytest.mark.parametrize("name", ["bob", "vera"])
def test_the_api_refuses_those_who_may_not(request, name):
    person = request.getfixturevalue(name)
    for path in ("daily/", "budget/", "policy/"):
        assert person.put(API + path, "[]", content_type="application/json").status_code == 403
