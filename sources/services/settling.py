"""Choosing when a source's numbers are settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sources.errors import BadSettling, NoSuchSource
from sources.models import Source
from sources.settling import MOST_DAYS, RULES
from tenants.access import Access
from tenants.services import record


def choose_settling(access: Access, key: str, sent: Mapping[str, str]) -> Source:
    """Keep when a source is settled; what is left empty follows the catalogue. Days are whole days, 0 to 120.

    Errors: NotYourJob, NoSuchSource, BadSettling.
    """
    access.check("set_settling")
    chosen = _chosen(sent)
    with transaction.atomic():
        source = Source.objects.select_for_update().filter(key=key).first()
        if source is None:
            raise NoSuchSource(key=key)
        before, source.settling = source.settling, chosen
        source.save(update_fields=["settling"])
        if before != chosen:
            record(access, "source.settling", source.key, before=before, after=chosen)
    return source


def _chosen(sent: Mapping[str, str]) -> dict[str, Any]:
    vendor = str(sent.get("vendor") or "").strip()
    if vendor and vendor not in RULES:
        raise BadSettling(
            _("“%(value)s” is none of the known kinds of source.") % {"value": vendor[:40]},
            fix=_("Choose one of: %(allowed)s.") % {"allowed": ", ".join(RULES)},
        )
    chosen: dict[str, Any] = {"vendor": vendor} if vendor else {}
    for name in ("days", "late_days"):
        text = str(sent.get(name) if sent.get(name) is not None else "").strip()
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= MOST_DAYS):
            raise BadSettling(
                _("“%(value)s” is no number of days from 0 to %(most)d.") % {"value": text[:40], "most": MOST_DAYS},
                fix=_("Write a whole number, or leave it empty for the vendor's own."),
                field=name,
            )
        chosen[name] = int(text)
    return chosen
