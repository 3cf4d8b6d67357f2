"""Periods as SQL: weeks begin on Monday, quarters and years with the client's fiscal year."""

from __future__ import annotations


def months_into_year(month: str, fiscal_start: int) -> str:
    """How many months before `month` the fiscal year began."""
    return f"((month({month}) - {int(fiscal_start)} + 12) % 12)"


def year_start(month: str, fiscal_start: int) -> str:
    """First day of the fiscal year that `month` (a first day) lies in."""
    return f"({month} - to_months({months_into_year(month, fiscal_start)}::INTEGER))::DATE"


def quarter_start(month: str, fiscal_start: int) -> str:
    """First day of the fiscal quarter that `month` (a first day) lies in."""
    return f"({month} - to_months(({months_into_year(month, fiscal_start)} % 3)::INTEGER))::DATE"
