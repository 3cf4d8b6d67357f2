"""My API tokens at this client."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tenants.forms import TokenForm
from tenants.queries import tokens_of
from tenants.services import make_token, revoke_token
from tenants.views.door import access_to


@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """The new token is in the answer to the form itself and nowhere else, so it is never kept or shown again."""
    access = access_to(request)
    form = TokenForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        _token, made = make_token(access, form.cleaned_data["name"])
        form = TokenForm()
    response = render(request, "tenants/tokens.html", {"tokens": tokens_of(access), "form": form, "made": made})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    revoke_token(access_to(request), token_id)
    messages.success(request, _("The token was revoked."))
    return redirect("tenants:tokens")
