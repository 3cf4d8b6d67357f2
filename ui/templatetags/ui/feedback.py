"""What tells a person how it went: toasts, problems, progress, empty pages, skeletons."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from problems.errors import Problem, Sentence
from ui.templatetags.ui.rendering import rendered, unique_id

register = template.Library()

TOAST_ICONS = {"success": "circle-check", "error": "circle-x", "warning": "triangle-alert"}
PROGRESS_STATES = ("waiting", "running", "done", "failed", "cancelled")


@register.inclusion_tag("ui/toast.html", takes_context=True)
def toast(
    context: Context, text: Sentence, level: str = "info", action_label: str = "", action_url: str = ""
) -> dict[str, Any]:
    """A notice that goes by itself (errors stay); an action is posted: undo, as a rule."""
    return {
        "text": text,
        "level": level,
        "icon_name": TOAST_ICONS.get(level, "info"),
        "action_label": action_label,
        "action_url": action_url,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/problem.html")
def problem(given: Problem | Sentence, fix: Sentence = "", where: Sentence = "", level: str = "bad") -> dict[str, Any]:
    """What is wrong, where, and what to do; takes a Problem or its sentences. `level` is bad or warn."""
    if isinstance(given, Problem):
        return {"sentence": given.sentence, "fix": fix or given.fix, "where": where, "level": level}
    return {"sentence": given, "fix": fix, "where": where, "level": level}


@register.simple_block_tag(takes_context=True)
def callout(context: Context, content: str, tone: str = "info", icon: str = "") -> str:
    """One sentence on top of a page that says what matters; tone: info, good, warn, bad."""
    icons = {"info": "info", "good": "circle-check", "warn": "triangle-alert", "bad": "trending-down"}
    return rendered(context, "callout", {"content": content, "tone": tone, "icon_name": icon or icons[tone]})


@register.simple_block_tag(takes_context=True)
def empty_state(context: Context, content: str, title: str, icon: str = "inbox", **action: Any) -> str:
    """What this page will be and the one thing to do. Action: action_label, action_url, picture (a static path)."""
    usual = {"action_label": "", "action_url": "", "picture": ""}
    return rendered(context, "empty_state", {"content": content, "title": title, "icon_name": icon, **usual, **action})


@register.inclusion_tag("ui/progress.html", takes_context=True)
def progress(
    context: Context,
    share: float | None,
    label: Sentence,
    state: str = "running",
    detail: Sentence = "",
    **options: Any,
) -> dict[str, Any]:
    """How far something is (share 0–1; None: not known yet). Options: poll_url, every (s), cancel_url, id.

    While it is waiting or running the fragment asks `poll_url` for its own successor every `every` seconds.
    """
    if state not in PROGRESS_STATES:
        raise template.TemplateSyntaxError(f"progress takes one of {', '.join(PROGRESS_STATES)}, not {state!r}")
    live = state in ("waiting", "running")
    return {
        "percent": None if share is None else int(max(0.0, min(float(share), 1.0)) * 100),
        "label": label,
        "state": state,
        "detail": detail,
        "live": live,
        "poll_url": options.get("poll_url", "") if live else "",
        "every": options.get("every", 1),
        "cancel_url": options.get("cancel_url", "") if live else "",
        "id": options.get("id") or unique_id("progress"),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/skeleton.html")
def skeleton(kind: str = "lines", number: int = 3) -> dict[str, Any]:
    """Where something will stand: lines, cards, chart or table."""
    return {"kind": kind, "numbers": range(number)}
