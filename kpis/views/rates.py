"""Exchange rates: a grid of each kind, importing files, ECB files, the policy that pages open with, history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kpis.errors import BadRates
from kpis.models import How, RateKind
from kpis.pages.rates import currencies_in_use, kind_asked, policy_entries, rate_entries, rates_page
from kpis.queries.asked import state_of_data
from kpis.queries.rates import policy_history, rate_history
from kpis.services.ecb import Taken, Use, import_ecb
from kpis.services.rate_kinds import SHELVES, Shelf
from kpis.services.rate_tables import RateCell
from kpis.services.rates import choose_policy, import_rates, set_rates
from kpis.services.targets import Saved
from kpis.services.typed import typed_number
from kpis.views.plans import answer_saved, done_sentence, given_table, history_answer, shown_cell
from problems.errors import Problem
from tenants.access import Access
from tenants.views.door import access_to
from ui.periods import add_months

NAMED = 12  # currencies that a sentence about an ECB file names


@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/rates.html", {"page": rates_page(access_to(request), request.GET)})


@require_POST
def rates_save(request: HttpRequest) -> JsonResponse:
    shelf = SHELVES[kind_asked(request.GET)]

    def save(access: Access, cells: list[dict[str, str]], how: How) -> tuple[Saved, list[dict[str, str]]]:
        wanted = [_typed_cell(cell, shelf) for cell in cells]
        saved = set_rates(access, wanted, how=how, now=timezone.now(), kind=shelf.kind.value)
        return saved, [shown_cell(c["place"], r.rate, "") for c, r in zip(cells, wanted, strict=True)]

    return answer_saved(request, save)


@require_POST
def rates_import(request: HttpRequest) -> HttpResponse:
    """A pasted block or a file of the kind that the address names."""
    access, kind = access_to(request), kind_asked(request.GET)
    source = request.POST.get("source", "")
    try:
        saved = given_table(
            request, lambda **given: import_rates(access, now=timezone.now(), source=source, kind=kind, **given)
        )
    except Problem as problem:
        return _told(request, problem)
    messages.success(request, done_sentence(saved))
    return redirect(f"{reverse('kpis:rates')}?kind={kind}")


@require_POST
def rates_ecb(request: HttpRequest) -> HttpResponse:
    """A file of the European Central Bank's daily reference rates."""
    access = access_to(request)
    try:
        taken = given_table(
            request, lambda **given: import_ecb(access, now=timezone.now(), use=use_of(access), **given)
        )
    except Problem as problem:
        return _told(request, problem)
    messages.success(request, taken_sentence(taken))
    return redirect(f"{reverse('kpis:rates')}?kind={RateKind.DAILY.value}&month={taken.last:%Y-%m}")


@require_POST
def rates_policy(request: HttpRequest) -> HttpResponse:
    """Which rates pages open with."""
    try:
        changed = choose_policy(access_to(request), request.POST.get("policy", ""), now=timezone.now())
    except Problem as problem:
        return _told(request, problem)
    if changed:
        messages.success(request, _("Pages open with these rates from now on."))
    return redirect(f"{reverse('kpis:rates')}?kind={kind_asked(request.GET)}")


@require_GET
def rates_history(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    currency, kind = request.GET.get("currency", ""), request.GET.get("kind", "")
    entries = rate_entries(rate_history(currency, kind), access.client.home_currency)
    if not currency:
        entries = sorted([*entries, *policy_entries(policy_history())], key=lambda entry: entry.at, reverse=True)
    return history_answer(request, entries, reverse("kpis:rates"))


def use_of(access: Access) -> Use:
    """The currencies in use, from a month before the first with data: closes hold for the days after them."""
    return Use(currencies_in_use(access), add_months(state_of_data(access).first_month, -1))


def taken_sentence(taken: Taken) -> str:
    """What an ECB file gave and what was left out, with the reason of each."""
    parts = [
        done_sentence(taken.saved),
        _("%(currencies)s, %(days)d days from %(first)s to %(last)s.") % {
            "currencies": ", ".join(taken.currencies), "days": taken.days, "first": taken.first, "last": taken.last,
        },
    ]  # fmt: skip
    if taken.unused:
        named = ", ".join(taken.unused[:NAMED]) + (" …" if len(taken.unused) > NAMED else "")
        parts.append(
            ngettext(
                "Left out: %(number)d currency that isn't in use here (%(named)s).",
                "Left out: %(number)d currencies that aren't in use here (%(named)s).",
                len(taken.unused),
            )
            % {"number": len(taken.unused), "named": named}
        )
    if taken.earlier_days:
        parts.append(
            ngettext(
                "Left out: %(number)d day from before the data begin.",
                "Left out: %(number)d days from before the data begin.",
                taken.earlier_days,
            )
            % {"number": taken.earlier_days}
        )
    if taken.days_without_home:
        parts.append(
            ngettext(
                "Left out: %(number)d day without a rate of the home currency.",
                "Left out: %(number)d days without a rate of the home currency.",
                taken.days_without_home,
            )
            % {"number": taken.days_without_home}
        )
    if taken.without:
        parts.append(
            ngettext("%(number)d cell says N/A.", "%(number)d cells say N/A.", taken.without)
            % {"number": taken.without}
        )
    return " ".join(parts)


def _told(request: HttpRequest, problem: Problem) -> HttpResponse:
    page = rates_page(access_to(request), request.GET, problem, request.POST.get("text", ""))
    return render(request, "kpis/rates.html", {"page": page}, status=problem.status)


def _typed_cell(cell: Mapping[str, Any], shelf: Shelf) -> RateCell:
    """A typed cell; what is no number or no place is refused with its place."""
    currency, when_text = str(cell["place"]).split("|")
    when: dt.date | None = shelf.typed(when_text)
    text = str(cell.get("text", "")).strip()
    value = typed_number(text) if text else None
    if when is None or (text and value is None):
        raise BadRates(
            _("“%(text)s” is no number.") % {"text": text[:40]} if when else shelf.no_place(),
            fix=_("Type it like 1,234.5."),
            place=str(cell["place"]),
        )
    return RateCell(currency, when, value)
