"""The one edge where errors become a page, an htmx fragment or an API problem, in the reader's language."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from problems.errors import NotAllowed, NotFound, Problem

log = logging.getLogger(__name__)
PROBLEM_JSON = "application/problem+json"


class ProblemMiddleware:
    """Turns a Problem that a view raises into what its caller can read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer(request, exception) if isinstance(exception, Problem) else None


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem as JSON for the API, as a fragment for htmx, as a page for everybody else."""
    if _is_api(request):
        return JsonResponse(_as_rfc9457(problem), status=problem.status, content_type=PROBLEM_JSON)
    fragment = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
    template = "problems/_problem.html" if fragment else "problems/problem.html"
    response = TemplateResponse(request, template, {"problem": problem}, status=problem.status)
    return response.render()


def api_problem(exception: Exception, context: dict[str, Any]) -> Any:
    """DRF's exception handler: every error of the API has the same form (RFC 9457)."""
    from rest_framework.response import Response
    from rest_framework.views import exception_handler, set_rollback

    if isinstance(exception, Problem):
        set_rollback()
        return Response(_as_rfc9457(exception), status=exception.status, content_type=PROBLEM_JSON)
    response = exception_handler(exception, context)
    if response is not None:
        response.content_type = PROBLEM_JSON
        detail = response.data
        title = detail.pop("detail", None) if isinstance(detail, dict) else None
        response.data = {
            "status": response.status_code,
            "title": str(title or _("Some of what was sent can't be used.")),
            **({"errors": detail} if detail else {}),
        }
    return response


def _as_rfc9457(problem: Problem) -> dict[str, Any]:
    body = problem.as_json()
    return {
        "type": f"urn:yeojeong:problem:{body['code']}",
        "status": problem.status,
        "title": body["sentence"],
        "detail": body["fix"],
        **({"details": body["details"]} if body["details"] else {}),
    }


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, Problem) and not isinstance(exception, Http404):
        return answer(request, exception)
    return answer(request, NotFound(fix=_("Check the address, or go back to where you came from.")))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, NotAllowed(_("You may not open this."), fix=_("Ask the client's owner.")))


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort: says nothing of the cause, but gives a number that is in the log beside it."""
    number = secrets.token_hex(4)
    log.error("server error %s at %s", number, request.path)
    problem = Problem(
        _("Something went wrong on our side. Nothing of yours was changed."),
        fix=_("Try again; if it stays, tell the operator the number %(number)s.") % {"number": number},
    )
    problem.status = 500
    try:
        return answer(request, problem)
    except Exception:  # the frame itself may be what is broken
        log.exception("the page of server error %s could not be made", number)
        return HttpResponse(f"{problem.sentence} {problem.fix}", status=500, content_type="text/plain; charset=utf-8")
