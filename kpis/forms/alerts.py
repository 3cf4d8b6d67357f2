"""The form of an alert: one a kind, with only the fields that the kind needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpis.catalogue import Kpi, Unit
from kpis.forms.notes import kpi_choices
from kpis.models import Alert
from kpis.models.alerts import AlertGrain, AlertKind, Base, Side
from kpis.queries.definitions import known_kpi, last_known
from kpis.queries.members import Member, colleagues_of
from kpis.queries.money import OWN
from kpis.services.alerts import AlertDraft
from kpis.services.typed import typed_number
from tenants.access import Access

SHARES = (AlertKind.CHANGE, AlertKind.PACING, AlertKind.RESTATED)
LIMITS: dict[str, tuple[Any, Any, str]] = {
    AlertKind.THRESHOLD: (_("Limit"), _("In the KPI's own unit: 1,200, ₩3만 or 2.5 %."), ""),
    AlertKind.CHANGE: (_("By at least (%)"), _("20 means a fifth more or less."), "20"),
    AlertKind.PACING: (_("Behind by at least (%)"), _("Against the share of the target that is due by the day."), "10"),
    AlertKind.ANOMALY: (
        _("Robust z from"),
        _("How far from the usual: 2.5 is often, 3.5 rare, 6 extreme."),
        "3.5",
    ),
    AlertKind.RESTATED: (_("By at least (%)"), "", "2"),
    AlertKind.MISSING: (_("After days without data"), "", "3"),
}
FIELDS: dict[str, tuple[str, ...]] = {
    AlertKind.THRESHOLD: ("side", "limit", "grain", "currency"),
    AlertKind.CHANGE: ("side", "limit", "base", "grain"),
    AlertKind.PACING: ("limit",),
    AlertKind.ANOMALY: ("side", "limit"),
    AlertKind.MISSING: ("limit",),
    AlertKind.RESTATED: ("limit",),
}
SIDES: dict[str, Sequence[tuple[str, Any]]] = {
    AlertKind.THRESHOLD: ((Side.BELOW, _("Below")), (Side.ABOVE, _("Above"))),
    AlertKind.CHANGE: ((Side.BELOW, _("Falls")), (Side.ABOVE, _("Rises")), (Side.EITHER, _("Falls or rises"))),
    AlertKind.ANOMALY: ((Side.EITHER, _("Either side")), (Side.BELOW, _("Too low")), (Side.ABOVE, _("Too high"))),
}


class AlertForm(forms.Form):
    """What is watched, and who is told."""

    kpi = forms.ChoiceField(label=_("KPI"), choices=kpi_choices)
    side = forms.ChoiceField(label=_("When it"))
    limit = forms.CharField(label=_("Limit"), max_length=40)
    base = forms.ChoiceField(label=_("Compared with"), choices=Base.choices)
    grain = forms.ChoiceField(label=_("Over"), choices=AlertGrain.choices)
    currency = forms.ChoiceField(label=_("Money is in"), required=False)
    markets = forms.MultipleChoiceField(
        label=_("Markets"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all that you see, also those to come."),
    )
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    recipients = forms.TypedMultipleChoiceField(
        label=_("Who is told"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each is told of their own markets only."),
    )
    by_mail = forms.BooleanField(
        label=_("By mail too"), required=False, help_text=_("As each has chosen in their inbox.")
    )

    def __init__(self, *args: Any, kind: str, access: Access, people: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if self.initial["kpi"] and known_kpi(self.initial["kpi"]) is None:
            # Without an empty choice the browser would put the first KPI in the place of one that is gone.
            self.fields["kpi"].choices = [("", gettext("Choose a KPI")), *kpi_choices()]  # type: ignore[attr-defined]
        for name in ("side", "limit", "base", "grain", "currency"):
            if name not in FIELDS[kind]:
                del self.fields[name]
        if kind in SIDES:
            self.fields["side"].choices = list(SIDES[kind])  # type: ignore[attr-defined]
        label, help_text, usual = LIMITS[kind]
        self.fields["limit"].label, self.fields["limit"].help_text = label, help_text
        self.fields["limit"].initial = usual
        self.fields["markets"].choices = [(one.code, str(one)) for one in access.markets]  # type: ignore[attr-defined]
        self.fields["recipients"].choices = [(one.user_id, one.name) for one in people]  # type: ignore[attr-defined]
        if "currency" in self.fields:
            home = access.client.home_currency
            self.fields["currency"].choices = [(OWN, _("Each market's own")), (home, home)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        text, kpi = str(found.get("limit", "")), known_kpi(str(found.get("kpi", "")))
        if text and kpi is not None:
            number = read_limit(self.kind, kpi, text)
            if number is None:
                self.add_error("limit", gettext("“%(text)s” is no number.") % {"text": text})
            else:
                found["limit"] = number
        return found

    def draft(self) -> AlertDraft:
        found = dict(self.cleaned_data)
        found["markets"], found["recipients"] = tuple(found["markets"]), tuple(found["recipients"])
        return AlertDraft(kind=self.kind, **found)


def read_limit(kind: str, kpi: Kpi, text: str) -> float | None:
    """A limit as it was typed: in percent for changes, pacing and percent KPIs; None when it is no number."""
    shares = kind in SHARES
    is_percent = shares or (kind == AlertKind.THRESHOLD and kpi.unit is Unit.PERCENT)
    number = typed_number(text, percent=is_percent)
    return None if number is None else float(number)


def shown_limit(alert: Alert) -> str:
    """A kept limit as it is typed."""
    kpi = last_known(alert.kpi)
    shares = alert.kind in SHARES
    is_percent = shares or (alert.kind == AlertKind.THRESHOLD and kpi is not None and kpi.unit is Unit.PERCENT)
    return f"{alert.limit * (100 if is_percent else 1):,.10g}"


def alert_form(
    access: Access, kind: str, query: QueryDict, *, alert: Alert | None = None, sent: QueryDict | None = None
) -> AlertForm:
    """The form of a kind: of an alert as it is kept, or filled from the address (`kpi`, `market`)."""
    if alert is not None:
        names = ("kpi", "side", "base", "grain", "currency", "markets", "name", "recipients", "by_mail")
        initial = {**{name: getattr(alert, name) for name in names}, "limit": shown_limit(alert)}
    else:
        initial = {"kpi": query.get("kpi", "revenue"), "recipients": [access.user.pk], "by_mail": True}
        if query.get("market") in access.market_codes:
            initial["markets"] = [query["market"]]
    return AlertForm(sent, initial=initial, kind=kind, access=access, people=colleagues_of(access))
