"""The reader's choices (theme, language, rail, density) and the gallery of components."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from ui.frame import DENSITIES, LANGUAGES, THEMES

YEAR = 365 * 24 * 3600
CHOICES = {
    "theme": ("theme", THEMES),
    "rail": ("rail", ("wide", "narrow")),
    "density": ("density", DENSITIES),
    "language": (settings.LANGUAGE_COOKIE_NAME, tuple(code for code, _name in LANGUAGES)),
}


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remembers what was chosen in cookies of the whole host, and goes back to where the person was."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    if request.headers.get("X-Requested-With") == "preference":
        response = HttpResponse(status=204)
    else:
        response = HttpResponseRedirect(target)
    for name, (cookie, allowed) in CHOICES.items():
        value = request.POST.get(name)
        if value in allowed:
            response.set_cookie(cookie, value, max_age=YEAR, path="/", secure=request.is_secure(), samesite="Lax")
    return response


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its states, for those who build pages."""
    _only_builders(request)
    from ui.gallery import gallery_page

    return render(request, "ui/gallery.html", {"page": gallery_page(request)})


@require_GET
def gallery_fragment(request: HttpRequest, fragment: str) -> HttpResponse:
    """What the gallery's drawer opens and its progress bar asks for."""
    _only_builders(request)
    if fragment not in ("drawer", "progress"):
        raise Http404
    return render(request, f"ui/_gallery_{fragment}.html", {"fragment": fragment})


def _only_builders(request: HttpRequest) -> None:
    user = getattr(request, "user", None)
    if not (settings.DEBUG or (user is not None and user.is_active and user.is_staff)):
        raise Http404
