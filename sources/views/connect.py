"""Connecting a source: the catalogue, then two steps. Credentials are kept sealed between them and never shown."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from problems.errors import Problem
from sources.connectors.kinds import Connector
from sources.connectors.problems import VendorProblem
from sources.errors import ImportProblem
from sources.errors_connections import AnswerMissing, DraftGone, SecretsUnreadable
from sources.forms_connections import chosen_from, proposed, typed_from
from sources.pages.catalogue import catalogue_page, entry_of
from sources.pages.wizard import Choice, KeysPage, choose_page, key_fields, preview_of, steps_at
from sources.queries.connections import connections_seen_by, connector_named
from sources.services.syncs.connecting import accounts_of, connect
from sources.services.syncs.drafts import Draft, draft_of, drop_draft, keep_draft
from tenants.access import Access
from tenants.views.door import access_to


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    access = access_to(request)
    return render(request, "sources/connect/catalogue.html", {"page": catalogue_page(access)})


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest, key: str) -> HttpResponse:
    """Step one: what the vendor needs, tested before the next step opens."""
    access = access_to(request)
    access.check("manage_connections")
    kind = connector_named(key)
    if request.method == "GET":
        return _keys_page(request, access, kind)
    given = {need.key: request.POST.get(need.key, "").strip() for need in kind.needs}
    try:
        accounts = accounts_of(access, kind, given)
    except (AnswerMissing, VendorProblem) as problem:
        return _keys_page(request, access, kind, given, problem)
    keep_draft(request.session, access, kind, Draft(given, accounts))
    return redirect("sources:connect-choose", kind.key)


@sensitive_variables("given")
def _keys_page(
    request: HttpRequest,
    access: Access,
    kind: Connector,
    given: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    page = KeysPage(
        entry=entry_of(access, kind, connections_seen_by(access)),
        fields=key_fields(kind, given or {}, problem),
        steps=steps_at(0),
        problem=problem,
    )
    return render(request, "sources/connect/keys.html", {"page": page}, status=problem.status if problem else 200)


@never_cache
@sensitive_variables("draft")
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, key: str) -> HttpResponse:
    """Step two: accounts, markets, tables, schedule; then go."""
    access = access_to(request)
    access.check("manage_connections")
    kind = connector_named(key)
    today = timezone.localdate()
    try:
        draft = draft_of(request.session, access, kind)
    except (DraftGone, SecretsUnreadable) as problem:
        messages.warning(request, str(problem))
        return redirect("sources:connect-keys", kind.key)
    if request.method == "GET":
        choice = Choice(kind, draft.accounts, proposed(access, kind, draft.accounts, today))
        return render(request, "sources/connect/choose.html", {"page": choose_page(access, choice, today)})
    choice = Choice(kind, draft.accounts, typed_from(request.POST, kind))
    try:
        connection = connect(access, kind, draft.given, chosen_from(choice.typed, kind, draft.accounts))
    except ImportProblem as problem:
        page = choose_page(access, choice, today, problem)
        return render(request, "sources/connect/choose.html", {"page": page}, status=problem.status)
    drop_draft(request.session, access, kind)
    messages.success(request, _("%(name)s is connected. Its first days are being read.") % {"name": connection.name})
    return redirect("sources:connection", connection.pk)


@sensitive_variables("draft")
@require_POST
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """Which account goes where with what is typed now."""
    access = access_to(request)
    access.check("manage_connections")
    kind = connector_named(key)
    draft = draft_of(request.session, access, kind)
    choice = Choice(kind, draft.accounts, typed_from(request.POST, kind))
    found = preview_of(access, choice, timezone.localdate())
    return render(request, "sources/connect/_preview.html", {"preview": found})
