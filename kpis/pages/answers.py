"""Boards and depths as plain JSON: the same values as the pages, with their reasons."""

from __future__ import annotations

from typing import Any

from kpis.catalogue import Kpi
from kpis.catalogue.formula import measures_of
from kpis.catalogue.kinds import Stage
from kpis.catalogue.measures import MONEY_MEASURES
from kpis.pages.cell import is_moving
from kpis.pages.depth import DepthAsk
from kpis.pages.texts import formula_text, money_rule
from kpis.queries.cells import Board, BoardAsk, Cell
from kpis.queries.depth import Depth, Slice
from kpis.queries.rates_used import UsedRate
from kpis.reasons import hole_sentence, instead_sentence
from kpis.values import Value


def definition_answer(kpi: Kpi, language: str) -> dict[str, Any]:
    """A KPI's definition."""
    return {
        "number": kpi.number,
        "key": kpi.key,
        "stage": kpi.stage.value,
        "name_ko": kpi.name.ko,
        "name_en": kpi.name.en,
        "unit": kpi.unit.value,
        "better": kpi.better.value,
        "rollup": kpi.rollup.value,
        "formula": kpi.formula.as_text(language),
        "measures": list(measures_of(kpi.formula)),
        "shows": str(kpi.shows),
        "computed": str(kpi.computed),
        "reads": str(kpi.reads),
        "acts": str(kpi.acts),
    }


def value_answer(value: Value, kpi: Kpi | None = None) -> dict[str, Any]:
    """A number, or null with its reason."""
    if value.hole is None:
        return {"value": value.number}
    hole = value.hole
    sentence = str(kpi.rollup.rule) if kpi is not None and hole.code == "not_additive" else hole_sentence(hole)
    instead = instead_sentence(hole)
    told = {"instead": instead} if instead else {}
    return {"value": None, "reason": hole.code, "sentence": sentence, "about": list(hole.facts), **told}


def cell_answer(kpi: Kpi, cell: Cell, ask: BoardAsk, language: str) -> dict[str, Any]:
    """One cell."""
    money = cell.currency or (ask.own.get(cell.market, ask.home_currency) if ask.currency == "own" else ask.currency)
    return {
        "market": cell.market or None,
        "currency": cell.currency or None,
        "actual": value_answer(cell.actual, kpi),
        "target": value_answer(cell.target),
        "achievement": value_answer(cell.reached, kpi),
        "state": cell.state,
        "previous": value_answer(cell.previous),
        "year_before": value_answer(cell.last_year),
        "trend": list(cell.trend),
        "data_up_to": cell.through,
        "settled": cell.settled if cell.actual.number is not None else None,
        "settles_on": cell.moving.until if cell.moving is not None else None,
        "moving_since": cell.moving.since if cell.moving is not None else None,
        "gaps": [
            {"source": gap.source, "days": gap.days, "expected": gap.expected, "missing": list(gap.missing)}
            for gap in cell.gaps
        ],
        "left_out": list(cell.left_out),
        "formula": formula_text(kpi, cell.amounts, money, language),
    }


def conversion_answer(ask: BoardAsk) -> dict[str, Any]:
    """The policy of conversion, and the base month that constant currency has."""
    base = ask.conversion.base
    return {"policy": ask.conversion.policy, "base_month": f"{base:%Y-%m}" if base else None}


def rate_answer(rate: UsedRate) -> dict[str, Any]:
    """One rate that amounts of the period were converted with; of daily closes their mean and bounds."""
    return {
        "currency": rate.currency,
        "into": rate.into,
        "of": rate.when,
        "rate": rate.rate,
        "lowest": rate.low,
        "highest": rate.high,
        "closes": rate.closes or None,
        "source": rate.source,
    }


def board_answer(board: Board, language: str) -> dict[str, Any]:
    """A board by stages."""
    ask = board.ask
    return {
        "period": ask.span.reporting.text,
        "start": ask.span.start,
        "end": ask.span.end,
        "known_on": ask.known_day,
        "currency": ask.currency,
        "currency_rule": money_rule(ask),
        **conversion_answer(ask),
        "rates": [rate_answer(rate) for rate in board.rates_of(MONEY_MEASURES)],
        "trend_months": [f"{month:%Y-%m}" for month in ask.span.trend],
        "markets": list(ask.codes),
        "missing_rates": list(board.missing_rates),
        "stages": [
            {
                "stage": stage.value,
                "rows": [
                    {
                        "kpi": row.kpi.key,
                        "unit": row.kpi.unit.value,
                        "total": cell_answer(row.kpi, row.total, ask, language),
                        "cells": [cell_answer(row.kpi, cell, ask, language) for cell in row.cells],
                    }
                    for row in board.rows
                    if row.kpi.stage is stage
                ],
            }
            for stage in Stage
            if any(row.kpi.stage is stage for row in board.rows)
        ],
    }


def depth_answer(asked: DepthAsk, ask: BoardAsk, cell: Cell, depth: Depth, language: str) -> dict[str, Any]:
    """A course and its slices."""
    course = depth.course
    return {
        "kpi": asked.kpi.key,
        "market": asked.market,
        "period": asked.bar.period.text,
        "grain": asked.grain,
        "known_on": ask.known_day,
        "currency": cell.currency or None,
        "currency_rule": money_rule(ask) if asked.kpi.is_money else None,
        **conversion_answer(ask),
        "value": cell_answer(asked.kpi, cell, ask, language),
        "course": [
            {
                "start": bucket,
                "actual": value_answer(value),
                "target": target,
                "settled": not is_moving(bucket, course.grain, cell) if value.number is not None else None,
            }
            for bucket, value, target in zip(course.buckets, course.values, course.targets, strict=True)
        ],
        **{
            part: [_slice_answer(one) for one in depth.slices.get(part, ())]
            for part in ("channel", "source", "campaign")
        },
    }


def _slice_answer(one: Slice) -> dict[str, Any]:
    return {
        "name": one.name,
        "actual": value_answer(one.actual),
        "previous": value_answer(one.previous),
        "share": one.share,
    }
