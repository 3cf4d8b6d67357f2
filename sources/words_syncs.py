"""What a sync's log says, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from problems.errors import Sentence
from sources.connectors import problems as _vendor_problems  # noqa: F401 - their codes are worded here
from sources.connectors.kinds import Connector, Group
from sources.errors import stored_problem

GROUPS: Mapping[Group, Sentence] = {
    "ads": _("Ads"),
    "search": _("Search and behaviour"),
    "commerce": _("Commerce and CRM"),
    "stores": _("Databases and files"),
    "app": _("App and offline"),
}

LINES: Mapping[str, Sentence] = {
    "planned": _("{first} – {last} is read in {portions} portions."),
    "loaded": _(
        "{stream}, account {account}, {first} – {last}: {read} rows read, {new} new, {updated} updated, "
        "{rejected} rejected."
    ),
    "new_fields": _("{stream}, account {account}: the vendor sends fields that aren't read yet: {fields}."),
    "doubted": _("Days whose numbers a check doubts: {days}. They are marked, and nothing of them was deleted."),
    "sync_done": _("Done."),
    "sync_cancelled": _("Cancelled. What had been loaded stays."),
    "sync_failed": _("Stopped by a problem."),
}
TONES: Mapping[str, str] = {
    "planned": "none",
    "loaded": "good",
    "new_fields": "warn",
    "doubted": "warn",
    "sync_done": "good",
    "sync_cancelled": "none",
    "sync_failed": "bad",
}


FAULTS: Mapping[str, Sentence] = {
    "missing_day": _("no rows, though {had} of the {days} days before had some"),
    "few_rows": _("{rows} rows, where the same weekday usually has {usual}"),
    "spend_without_impressions": _("money was spent and nothing was shown"),
    "clicks_above_impressions": _("more clicks ({clicks}) than impressions ({impressions})"),
    "tag_lost": _("{share} sessions a click, where {usual} are usual: a tag may be lost"),
}


def fault_words(code: str, details: Mapping[str, float]) -> str:
    """What a check doubts of a day."""
    told = {name: f"{value:,.2f}".rstrip("0").rstrip(".") for name, value in details.items()}
    return str(FAULTS[code]).format(**told) if code in FAULTS else code


def line_words(code: str, details: Mapping[str, Any], kind: Connector, names: Mapping[str, str]) -> Sentence:
    """A line of the log. `names`: account key → what people call it."""
    words = LINES.get(code)
    if words is None:
        sentence, _fix = stored_problem({"code": code, "details": details})
        return sentence or code
    told = {key: f"{value:,}" if isinstance(value, int) else value for key, value in details.items()}
    if "stream" in told:
        told["stream"] = stream_name(kind, str(told["stream"]))
    if "account" in told:
        told["account"] = names.get(str(told["account"]), told["account"])
    return str(words).format(**told)


def line_tone(code: str) -> str:
    """Which sign stands before a line; what isn't listed is a vendor's problem that was waited for."""
    return TONES.get(code, "warn")


def stream_name(kind: Connector, key: str) -> Sentence:
    """A table's name for people."""
    return next((stream.name for stream in kind.streams if stream.key == key), key)
