"""What a check says of bad files: every reason, the row that the person sees, and nothing written."""

from __future__ import annotations

import pytest

from warehouse.errors import FileUnreadable
from warehouse.plan import Cast, Staged

ADS = ["day", "market", "campaign", "impressions", "cost"]


def reasons(checked) -> dict[str, int]:
    return {reason.code: reason.rows for reason in checked.reasons}


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (["", "KR", "a", 1, 1], "day", "missing_required"),
        (["2024-01-01", "", "a", 1, 1], "market", "missing_required"),
        (["2024-01-01", "XX", "a", 1, 1], "market", "unknown_market"),
        (["2024-01-01", "JP", "a", 1, 1], "market", "market_not_allowed"),
        (["yesterday", "KR", "a", 1, 1], "day", "not_a_date"),
        (["0099-01-01", "KR", "a", 1, 1], "day", "date_out_of_range"),
        (["2024-01-01", "KR", "a", "x", 1], "impressions", "not_a_number"),
        (["2024-01-01", "KR", "a", "NaN", 1], "impressions", "not_finite"),
        (["2024-01-01", "KR", "a", -1, 1], "impressions", "negative"),
        (["2024-01-01", "KR", "a", 1.5, 1], "impressions", "not_whole"),
        (["2024-01-01", "KR", "a", 1, "1e30"], "cost", "out_of_range"),
        (["2024-01-01", "KR", "a\x1fb", 1, 1], "campaign", "control_character"),
    ],
)
def test_every_reason_names_its_column_row_and_value(desk, line, column, reason):
    desk.loadable = frozenset({"KR", "US"})
    staged = desk.file(ADS, [["2024-01-01", "KR", "good", 1, 1], line])
    loaded = desk.load("channel_daily", staged, "one")
    value = str(line[ADS.index(column)])
    shown = f"'{value}" if value.startswith("-") else value
    assert desk.rejects("one") == [{"row": "3", "column": column, "value": shown, "reason": reason}]
    assert (loaded.read, loaded.new, loaded.rejected) == (2, 1, 1)


def test_an_unknown_currency_and_an_unmapped_word_are_rejected(desk):
    staged = desk.file(
        [*ADS, "currency", "device"],
        [["2024-01-01", "KR", "a", 1, 1, "ABC", "Mobile"], ["2024-01-01", "KR", "b", 1, 1, "₩", "fridge"]],
    )
    checked = desk.check("channel_daily", staged, device=Cast("map", values={"mobile": "mobile"}))
    assert reasons(checked) == {"unknown_currency": 1, "unmapped": 1}


def test_a_check_writes_nothing_and_previews_what_would_be_loaded(desk):
    staged = desk.file(
        ADS, [["2024-01-01", "kr", "a", "1,000", "₩2,500"], ["2024-01-01", "KR", "a", 2, 2], ["x", "KR", "a", 1, 1]]
    )
    checked = desk.check("channel_daily", staged)
    assert (checked.read, checked.loadable, checked.rejected, checked.duplicates) == (3, 1, 1, 1)
    assert checked.preview[0] == {
        "market": "KR",
        "day": "2024-01-01",
        "campaign": "a",
        "currency": "KRW",
        "impressions": "1000",
        "cost": "2500.000000",
    }
    assert checked.reasons[0].sample == ("x",)
    assert desk.all("channel_daily") == []


def test_a_reports_own_totals_are_left_out_and_counted(desk):
    staged = desk.file(
        ["campaign", "day", "market", "impressions", "cost"],
        [
            ["Total care", "2024-01-01", "KR", 1, 1],
            ["총계", "", "", 100, 100],
            ["Total: Campaigns", "--", "--", 100, 100],
            ["Grand total", "", "", 100, 100],
            ["", "", "", 100, 100],
            ["", "", "", "", ""],
        ],
    )
    checked = desk.check("channel_daily", staged)
    assert (checked.read, checked.loadable, checked.totals_skipped, checked.rejected) == (5, 1, 4, 0)


def test_broken_lines_are_rejected_alone_with_their_row(desk):
    text = "\n".join(
        [
            "2024-01-01,KR,a,1,1",  # row 2
            "",  # row 3: empty
            "2024-01-02,KR,b,2,2,3,4",  # row 4: too many cells
            '2024-01-03,KR,"never closed,3,3',  # row 5
            "2024-01-04,KR,d,4,4",  # row 6
            '2024-01-05,KR,"two\nlines",5,5',  # row 7, over two lines
            "2024-01-06,KR",  # row 8: short, the rest is empty
            "bad,KR,e,1,1",  # row 9
            "2024-01-07,KR," + "x" * 1_100_000 + ",1,1",  # row 10
            '2024-01-08,KR,"closed" badly,1,1',  # row 11
            "bad,KR,f,1,1",  # row 12
        ]
    )
    loaded = desk.load("channel_daily", desk.raw(ADS, text + "\n"), "one")
    assert [(r["row"], r["reason"]) for r in desk.rejects("one")] == [
        ("4", "too_many_fields"),
        ("5", "unclosed_quote"),
        ("9", "not_a_date"),
        ("10", "line_too_long"),
        ("11", "stray_quote"),
        ("12", "not_a_date"),
    ]
    assert (loaded.read, loaded.new, loaded.rejected) == (10, 4, 6)
    assert "two\nlines" in {r["campaign"] for r in desk.all("channel_daily")}


def test_an_unclosed_quote_at_the_end_loses_nothing(desk):
    loaded = desk.load(
        "channel_daily", desk.raw(ADS, '2024-01-01,KR,a,1,1\n2024-01-02,"KR,b,1,1\n2024-01-03,KR,c,1,1'), "one"
    )
    assert (loaded.read, loaded.new, loaded.rejected) == (3, 2, 1)


def test_blank_lines_do_not_shift_row_numbers(desk):
    desk.load("channel_daily", desk.raw(ADS, "\n\n2024-01-01,KR,a,1,1\n\nbad,KR,a,1,1\n"), "one")
    assert [r["row"] for r in desk.rejects("one")] == ["6"]


def test_formulas_in_rejected_cells_are_neutralised(desk):
    desk.load("channel_daily", desk.file(ADS, [["=HYPERLINK(1)", "KR", "a", 1, 1], ["@x", "KR", "a", 1, 1]]), "one")
    assert [r["value"] for r in desk.rejects("one")] == ["'=HYPERLINK(1)", "'@x"]


def test_every_row_bad_loads_nothing_and_says_so(desk):
    loaded = desk.load("channel_daily", desk.file(ADS, [["bad", "KR", "a", 1, 1]] * 3000), "one")
    assert (loaded.read, loaded.new, loaded.rejected) == (3000, 0, 3000)


def test_rows_before_the_header_are_skipped(desk):
    path = desk.folder / "preamble.tsv"
    path.write_text(
        "Campaign report\n2024\nday\tmarket\tcampaign\timpressions\tcost\n2024-01-01\tKR\ta\t1\t1\n", encoding="utf-8"
    )
    staged = Staged(str(path), tuple(ADS), delimiter="\t", skip_lines=2, first_row_number=4)
    assert desk.check("channel_daily", staged).loadable == 1


def test_a_file_that_is_gone_says_so(desk):
    with pytest.raises(FileUnreadable):
        desk.check("channel_daily", Staged(str(desk.folder / "nothing.csv"), tuple(ADS)))
