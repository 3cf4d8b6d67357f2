"""A bridge as plain JSON."""

from __future__ import annotations

from typing import Any

from kpis.pages.answers import value_answer
from kpis.pages.why import WhyAsk, missing_sentence
from kpis.pages.why_texts import effect_name, note_sentences
from kpis.queries.why import Bridge


def why_answer(asked: WhyAsk, bridge: Bridge) -> dict[str, Any]:
    """The bridge with its reasons, or the reason why there is none."""
    whole = sum((one.amount for one in bridge.effects), start=0)
    return {
        "kpi": bridge.kpi.key,
        "market": asked.market or None,
        "period": asked.bar.period.text,
        "compare": asked.compare_text,
        "currency": bridge.currency or None,
        "unit": bridge.kpi.unit.value,
        "base": value_answer(bridge.base, bridge.kpi),
        "now": value_answer(bridge.now, bridge.kpi),
        "change": bridge.change,
        "reason": bridge.hole.code if bridge.hole else None,
        "sentence": missing_sentence(bridge),
        "effects": [
            {
                "kind": one.kind,
                "name": effect_name(one, bridge),
                "amount": float(one.amount),
                "share": float(one.amount / whole) if whole else None,
            }
            for one in bridge.effects
        ],
        "contributions": {
            part: [
                {
                    "name": one.name,
                    "amount": float(one.amount),
                    "share": None if one.share is None else float(one.share),
                    "base": None if one.base is None else float(one.base),
                    "now": None if one.now is None else float(one.now),
                }
                for one in every
            ]
            for part, every in bridge.parts.items()
        },
        "notes": note_sentences(bridge),
    }
