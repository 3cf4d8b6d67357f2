"""My own name and language."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from tenants.forms import AccountForm
from tenants.services import change_account


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = request.user
    form = AccountForm(request.POST or None, initial={"name": user.name, "language": user.language})  # type: ignore[union-attr]
    if request.method == "POST" and form.is_valid():
        change_account(user, **form.cleaned_data)  # type: ignore[arg-type]
        with override(form.cleaned_data["language"]):
            messages.success(request, _("Saved."))
        return _in_language(redirect("tenants:account"), form.cleaned_data["language"])
    return render(request, "tenants/account.html", {"form": form})


def _in_language(response: HttpResponse, code: str) -> HttpResponse:
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax")
    return response
