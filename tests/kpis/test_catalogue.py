"""The KPI definitions: complete in both languages, and true to the published catalogue."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from kpis.catalogue import BY_KEY, CATALOGUE, DEFAULT_BOARD, HEADLINES, Rollup, Stage, in_order, kpi
from kpis.catalogue.formula import measures_of
from kpis.catalogue.measures import MEASURES
from kpis.errors import NoSuchKpi
from kpis.reasons import _LABELS, _SENTENCES, hole_label, hole_sentence
from kpis.values import Hole

NEED_A_SOURCE = {2, 3, 13, 46, 52, 53, 54, 55, 58, 59, 60}


def test_every_kpi_of_the_catalogue_is_defined_once():
    assert [one.number for one in CATALOGUE] == list(range(1, 61))
    assert len(BY_KEY) == 60
    assert {one.number for one in CATALOGUE if not one.is_measurable} == NEED_A_SOURCE


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.key)
def test_a_definition_says_its_four_sentences_in_both_languages(one):
    for words in (one.name, one.shows, one.computed, one.reads, one.acts):
        assert words.ko
        assert words.en
        assert words.ko != words.en or one.name.ko.isascii()
    assert measures_of(one.formula)
    assert all(measure in MEASURES for measure in measures_of(one.formula))
    assert one.is_measurable == all(MEASURES[measure].kept for measure in measures_of(one.formula))


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.key)
def test_only_sums_and_ratios_of_sums_have_a_total(one):
    if one.is_measurable:
        assert one.rollup.has_total == bool(one.formula.sums)
    if one.rollup is Rollup.ADDITIVE:
        assert len(one.formula.sums) == 1


def test_formulas_read_as_they_are_computed():
    assert kpi("cpm").formula.as_text("ko") == "광고비 ÷ 노출수 × 1,000"
    assert kpi("bounce_rate").formula.as_text("en") == "1 − engaged sessions ÷ sessions"
    with override("en"):
        assert str(kpi("revenue").name) == "Revenue (net)"


def test_the_board_goes_along_the_journey_and_keeps_the_order_within_a_stage():
    assert [one.key for one in in_order(["revenue", "ctr", "clicks"])] == ["ctr", "clicks", "revenue"]
    assert set(HEADLINES) == set(Stage)
    assert all(key in BY_KEY for key in DEFAULT_BOARD)


def test_an_unknown_kpi_is_named():
    with pytest.raises(NoSuchKpi, match="nope"):
        kpi("nope")


@pytest.mark.parametrize("code", _LABELS)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_reason_has_a_label_and_a_sentence(code, language):
    facts = {"zero_denominator": ("sessions",), "needs": ("reach", "reach_impressions")}.get(code, ("EUR 2026-10",))
    with override(language):
        assert hole_label(Hole(code, facts))
        assert hole_sentence(Hole(code, facts))
    assert set(_LABELS) == set(_SENTENCES)
