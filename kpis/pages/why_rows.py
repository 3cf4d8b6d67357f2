"""A bridge as a plain table: for CSV, and for any other file."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kpis.pages.board import language
from kpis.pages.why import WhyAsk, compared_labels, missing_sentence, part_head
from kpis.pages.why_texts import effect_name, kind_name, note_sentences, part_value
from kpis.queries.why import Bridge
from tenants.access import Access


def bridge_rows(access: Access, asked: WhyAsk, bridge: Bridge) -> list[list[object]]:
    """A head and one row for each side, effect and contribution, with raw numbers.

    *Shape*: section, name, kind, effect, share of the change, base value, new value, unit, note.
    *Units*: a percent is a rate from 0 to 1; money is in the named currency.
    """
    spoken = language()
    named = {m.code: m.name_ko if spoken == "ko" else m.name_en for m in access.markets}
    unit = bridge.currency or bridge.kpi.unit.value
    base, now = compared_labels(asked, named, spoken)
    title = f"{bridge.kpi.name} · {named.get(asked.market, _('All markets'))} · {base} → {now}"
    note = " ".join(filter(None, [missing_sentence(bridge), *note_sentences(bridge)]))
    rows: list[list[object]] = [
        [_("Section"), _("Name"), _("Kind"), _("Effect"), _("Share of the change"), base, now, _("Unit"), _("Note")],
        [_("Whole change"), title, "", bridge.change, None, bridge.base.number, bridge.now.number, unit, note],
    ]
    whole = sum((one.amount for one in bridge.effects), start=0)
    for effect in bridge.effects:
        share = float(effect.amount / whole) if whole else None
        name, amount = effect_name(effect, bridge), float(effect.amount)
        rows.append([_("Reason"), name, kind_name(effect), amount, share, None, None, unit, ""])
    for part, every in bridge.parts.items():
        for one in every:
            numbers = [None if number is None else float(number) for number in (one.share, one.base, one.now)]
            name = part_value(part, one.name, named)
            rows.append([part_head(part), name, "", float(one.amount), *numbers, unit, ""])
    return rows
