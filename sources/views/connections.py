"""A connection: watching it, reading it now, changing it, ending it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from problems.errors import Problem
from sources.connectors import connector
from sources.connectors.kinds import Account, Connector
from sources.connectors.problems import VendorProblem
from sources.errors import ImportProblem
from sources.errors_connections import AnswerMissing, SecretsUnreadable
from sources.forms_connections import chosen_before, chosen_from, day_from, typed_from
from sources.models import Connection, SyncKind
from sources.pages.catalogue import entry_of
from sources.pages.connection import connection_page, progress_of
from sources.pages.health import open_sync
from sources.pages.wizard import Choice, KeysPage, choose_page, key_fields, preview_of
from sources.queries.connections import connection_seen_by
from sources.services.syncs import ask_for_sync
from sources.services.syncs.asking import ask_for_look_back, ask_for_newest
from sources.services.syncs.changing import change_choices, known_accounts
from sources.services.syncs.connecting import change_keys, pause, remove, resume
from tenants.access import Access
from tenants.views.door import access_to


@require_GET
def connection(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    access = access_to(request)
    found = connection_seen_by(access, connection_id)
    page = connection_page(access, found, timezone.now(), request.GET.get("page"))
    return render(request, "sources/connection.html", {"page": page})


@require_GET
def progress(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """The bar's successor; when the sync is over the whole page is opened again."""
    access = access_to(request)
    running = open_sync(connection_seen_by(access, connection_id))
    if running is None:
        return HttpResponse(headers={"HX-Redirect": reverse("sources:connection", args=[connection_id])})
    context = {"progress": progress_of(access, running), "poll_url": request.path}
    return render(request, "sources/_sync_progress.html", context)


@require_POST
def read(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Ask for a sync: what is new (the usual), the look-back window again, or a range of days."""
    access = access_to(request)
    access.check("manage_connections")
    found = connection_seen_by(access, connection_id)
    what = request.POST.get("what", "newest")
    if what == "range":
        first, last = day_from(request.POST.get("first", "")), day_from(request.POST.get("last", ""))
        ask_for_sync(access, found, first, last, SyncKind.BACK_FILL)
    elif what == "look_back":
        ask_for_look_back(access, found)
    else:
        ask_for_newest(access, found)
    return redirect("sources:connection", found.pk)


def _act(request: HttpRequest, connection_id: UUID, do: Callable[[Access, Connection], None], done: str) -> Connection:
    access = access_to(request)
    access.check("manage_connections")
    found = connection_seen_by(access, connection_id)
    do(access, found)
    messages.success(request, done % {"name": found.name})
    return found


@require_POST
def connection_pause(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    found = _act(request, connection_id, pause, _("%(name)s is paused: nothing is read until you resume it."))
    return redirect("sources:connection", found.pk)


@require_POST
def connection_resume(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    found = _act(request, connection_id, resume, _("%(name)s is read again, at once what became due meanwhile."))
    return redirect("sources:connection", found.pk)


@require_POST
def connection_remove(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    _act(request, connection_id, remove, _("%(name)s is removed. What it had loaded stays."))
    return redirect("sources:home")


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "POST"])
def connection_keys(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Other credentials, tested before they take the place of the old ones."""
    access = access_to(request)
    access.check("manage_connections")
    found = connection_seen_by(access, connection_id)
    kind = connector(found.connector)
    given, problem = dict(found.given), None
    if request.method == "POST":
        given = {need.key: request.POST.get(need.key, "").strip() for need in kind.needs}
        try:
            change_keys(access, found, kind, given)
        except (AnswerMissing, VendorProblem, SecretsUnreadable) as refused:
            problem = refused
        else:
            messages.success(request, _("The new keys work. Try the stopped sync again if there is one."))
            return redirect("sources:connection", found.pk)
    page = KeysPage(
        entry=entry_of(access, kind),
        fields=key_fields(kind, given, problem, kept=True),
        problem=problem,
        connection=found,
    )
    return render(request, "sources/connect/keys.html", {"page": page}, status=problem.status if problem else 200)


@require_http_methods(["GET", "POST"])
def connection_choices(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Accounts, markets, rules, tables and schedule of a connection that stands."""
    access = access_to(request)
    access.check("manage_connections")
    found = connection_seen_by(access, connection_id)
    kind = connector(found.connector)
    accounts, problem = _accounts(access, found, kind)
    if request.method == "GET":
        choice = Choice(kind, accounts, chosen_before(found, kind), found)
        return _choices_page(request, access, choice, problem)
    choice = Choice(kind, accounts, typed_from(request.POST, kind), found)
    try:
        moving = change_choices(access, found, kind, chosen_from(choice.typed, kind, accounts))
    except ImportProblem as refused:
        return _choices_page(request, access, choice, refused)
    if set(choice.typed.accounts) - {raw["key"] for raw in found.accounts}:
        messages.info(request, _("A new account begins with its newest days. Back-fill brings the days before."))
    if moving is not None:
        messages.info(request, _("Saved. What was loaded is now taken to its new markets."))
    else:
        messages.success(request, _("Saved. It holds from the next sync on."))
    return redirect("sources:connection", found.pk)


def _choices_page(request: HttpRequest, access: Access, choice: Choice, problem: Problem | None) -> HttpResponse:
    page = choose_page(access, choice, timezone.localdate(), problem)
    status = problem.status if problem is not None and request.method == "POST" else 200
    return render(request, "sources/connect/choose.html", {"page": page}, status=status)


def _accounts(access: Access, found: Connection, kind: Connector) -> tuple[list[Account], Problem | None]:
    """The accounts that the vendor shows; when it doesn't answer, those of the connection and why."""
    try:
        return known_accounts(access, found, kind), None
    except (VendorProblem, SecretsUnreadable) as problem:
        return [Account.from_json(raw) for raw in found.accounts], problem


@require_POST
def connection_preview(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Which account goes where with what is typed now; the accounts are those that the form showed."""
    access = access_to(request)
    access.check("manage_connections")
    found = connection_seen_by(access, connection_id)
    kind = connector(found.connector)
    known = {raw["key"]: Account.from_json(raw) for raw in found.accounts}
    typed = typed_from(request.POST, kind)
    accounts = [known.get(key) or Account(key, key) for key in dict.fromkeys([*known, *typed.accounts])]
    preview = preview_of(access, Choice(kind, accounts, typed, found), timezone.localdate())
    return render(request, "sources/connect/_preview.html", {"preview": preview})
