"""Which measure a word means: its key, or its name in Korean or English."""

from __future__ import annotations

import difflib
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpis.catalogue.conditions import FILTER_DIMENSIONS, Condition, Term
from kpis.catalogue.measures import MEASURES, Measure
from kpis.errors import BadFormula
from kpis.expressions.nodes import Filter, Name, Reference
from kpis.reasons import needed_source

_DIMENSION_NAMES = {"채널": "channel", "매체": "medium", "캠페인": "campaign", "소스": "source"}


def term_for(name: Name) -> Term:
    """The measure with its filters. Errors: BadFormula, with a suggestion where a similar name exists."""
    measure = _measure_for(name)
    return Term(measure.key, tuple(dict.fromkeys(_condition_for(one) for one in name.filters)))


def _measure_for(name: Name) -> Measure:
    key = _by_name().get(_plain(name.text))
    if key is None:
        raise _unknown(name)
    measure = MEASURES[key]
    language = get_language() or "ko"
    shown = {"measure": measure.name(language)}
    if not measure.kept:
        raise BadFormula(
            _("No connected source gives “%(measure)s” yet.") % shown,
            fix=_("Connect %(source)s first.") % {"source": needed_source(measure.origin)},
            start=name.at,
            end=name.end,
        )
    if not measure.over_time:
        raise BadFormula(
            _("It can't be rolled up because “%(measure)s” can't be added over months and markets.") % shown,
            fix=_("Use measures that can be added, such as sessions or orders."),
            start=name.at,
            end=name.end,
        )
    return measure


def _unknown(name: Name) -> BadFormula:
    near = difflib.get_close_matches(_plain(name.text), _by_name(), n=1, cutoff=0.6)
    suggestion = _by_name()[near[0]] if near else ""
    fix = _("Did you mean %(key)s?") % {"key": suggestion} if near else _("Choose one from the list of measures.")
    return BadFormula(
        _("There is no measure “%(name)s”.") % {"name": name.text},
        fix=fix,
        start=name.at,
        end=name.at + len(name.text),
        suggestion=suggestion,
    )


def _condition_for(found: Filter) -> Condition:
    dimension = _DIMENSION_NAMES.get(found.dimension, found.dimension.lower())
    if dimension not in FILTER_DIMENSIONS:
        near = difflib.get_close_matches(dimension, FILTER_DIMENSIONS, n=1, cutoff=0.6)
        raise BadFormula(
            _("Measures can't be filtered by “%(dimension)s”.") % {"dimension": found.dimension},
            fix=_("Filter by one of: %(dimensions)s.") % {"dimensions": ", ".join(FILTER_DIMENSIONS)},
            start=found.at,
            end=found.at + len(found.dimension),
            suggestion=near[0] if near else "",
        )
    return Condition(dimension, tuple(dict.fromkeys(found.values)), found.negated)


def unknown_reference(found: Reference, known: list[str]) -> BadFormula:
    """A KPI key that isn't the client's."""
    near = difflib.get_close_matches(found.key.lower(), known, n=1, cutoff=0.6)
    suggestion = "{" + near[0] + "}" if near else ""
    return BadFormula(
        _("There is no KPI “%(key)s”.") % {"key": found.key},
        fix=_("Did you mean %(key)s?") % {"key": suggestion} if near else _("Choose one from the list of KPIs."),
        start=found.at,
        end=found.end,
        suggestion=suggestion,
    )


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    """Keys and names in both languages; a key wins over a name."""
    found: dict[str, str] = {}
    for measure in MEASURES.values():
        for name in (measure.key, measure.ko, measure.en):
            found.setdefault(_plain(name), measure.key)
    found.update((key, key) for key in MEASURES)
    return found
