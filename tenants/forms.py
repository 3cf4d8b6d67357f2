"""Forms of clients, markets and members."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tenants.models import Client, Market, Role
from tenants.models.client import MARKET_CODE, SLUG
from tenants.services import ClientDraft, MarketDraft, known_currencies

COMMON_CURRENCIES = (
    "KRW",
    "USD",
    "EUR",
    "JPY",
    "GBP",
    "CNY",
    "VND",
    "THB",
    "TWD",
    "HKD",
    "SGD",
    "IDR",
    "MYR",
    "PHP",
    "INR",
    "AUD",
    "CAD",
)
COMMON_ZONES = (
    "Asia/Seoul",
    "Asia/Tokyo",
    "America/New_York",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/London",
    "Asia/Ho_Chi_Minh",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Jakarta",
    "Australia/Sydney",
    "UTC",
)


def _locale() -> Locale:
    return Locale.parse("ko" if (get_language() or "ko").startswith("ko") else "en")


def currency_choices() -> list[tuple[str, Any]]:
    names = _locale().currencies
    known = known_currencies()
    shown = [(code, f"{code} {names.get(code, '')}") for code in COMMON_CURRENCIES]
    rest = [
        (code, f"{code} {names[code]}") for code in sorted(names) if code in known and code not in COMMON_CURRENCIES
    ]
    return [(str(_("Often used")), shown), (str(_("All currencies")), rest)]


def country_choices() -> list[tuple[str, str]]:
    names = _locale().territories
    countries = [
        (code, name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO")
    ]
    return sorted(countries, key=lambda pair: pair[1])


def zone_choices() -> list[tuple[str, Any]]:
    rest = sorted(
        zone
        for zone in available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "posix", "right", "SystemV"))
    )
    return [
        (str(_("Often used")), [(z, z) for z in COMMON_ZONES]),
        (str(_("All time zones")), [(z, z) for z in rest if z not in COMMON_ZONES]),
    ]


def month_choices() -> list[tuple[int, str]]:
    names = _locale().months["stand-alone"]["wide"]
    return [(number, names[number]) for number in range(1, 13)]


class ClientForm(forms.Form):
    """A new client."""

    name = forms.CharField(label=_("Name"), max_length=100)
    name_en = forms.CharField(label=_("Name in English"), max_length=100, required=False)
    slug = forms.CharField(
        label=_("Address"),
        max_length=25,
        validators=[SLUG],
        help_text=_("The client opens at /c/<address>/. It can't be changed later."),
    )
    home_currency = forms.ChoiceField(label=_("Home currency"), choices=currency_choices, initial="KRW")
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, initial="Asia/Seoul")
    fiscal_year_start = forms.TypedChoiceField(
        label=_("Fiscal year starts in"), choices=month_choices, coerce=int, initial=1
    )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Client.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("This address is taken. Choose another one."))
        return slug

    def draft(self) -> ClientDraft:
        return ClientDraft(**self.cleaned_data)


class MarketForm(forms.Form):
    """A market of a client; everything can be proposed from the country."""

    country = forms.ChoiceField(label=_("Country"), choices=lambda: [("", _("Choose a country")), *country_choices()])
    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        validators=[MARKET_CODE],
        help_text=_("How files and the API name this market. It can't be changed later."),
    )
    name_ko = forms.CharField(label=_("Name in Korean"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    language = forms.CharField(label=_("Language"), max_length=5, initial="en", help_text=_("Such as ko, en or ja."))

    def draft(self) -> MarketDraft:
        return MarketDraft(**{name: self.cleaned_data[name] for name in MarketDraft.__dataclass_fields__})


class MarketChangeForm(MarketForm):
    """What of a market may change after rows were booked under it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("code", "currency", "time_zone"):
            self.fields[name].disabled = True


MarketFormSet = forms.formset_factory(
    MarketForm, extra=0, min_num=1, max_num=80, absolute_max=80, validate_min=True, can_delete=True
)


class MemberForm(forms.Form):
    """A person to add, or a changed role."""

    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MARKETER)
    markets = forms.MultipleChoiceField(
        label=_("Markets"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all markets."),
    )

    def __init__(self, *args: Any, markets: list[Market], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["markets"].choices = [(market.code, str(market)) for market in markets]  # type: ignore[attr-defined]

    def market_codes(self) -> list[str] | None:
        return self.cleaned_data["markets"] or None


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What it is for"), max_length=60)


class AccountForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("ko", "한국어"), ("en", "English")])
