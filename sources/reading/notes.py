"""What is worth telling about a file or a proposal, as sentences for whoever reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from sources.reading.shape import Note

NOTES = {
    "encoding_guessed": _("The encoding was guessed as {encoding}. If letters look wrong, pick another one."),
    "formulas_without_result": _(
        "{cells} formula cells hold no stored result and are read as empty. Open the file in Excel and save it once."
    ),
    "other_sheets": _("Sheet “{sheet}” is read; the others are left out: {others}."),
    "no_header": _("The first line is data already, so the columns got numbers for names."),
    "names_repeated": _("Repeated column names got a count: {columns}."),
    "names_missing": _("Columns without a name were named by position: {columns}."),
    "date_from_preamble": _(
        "The report covers {first} to {last} in one total, so its rows count on its last day, {last}."
    ),
    "date_from_name": _("The date {last} is taken from the file's name."),
    "number_marks_open": _(
        "In “{column}” the point could divide decimals or thousands. It is read as a decimal point."
    ),
    "number_marks_mixed": _("In “{column}” {rows} sampled numbers use other marks than the rest."),
    "date_order_open": _("In “{column}” every day is 12 or less, so rows can't tell whether day or month comes first."),
    "breakdown": _("The mapped columns don't tell all rows apart, so these are kept as a breakdown: {columns}."),
    "currency_seen": _("The amounts carry the sign of {currency}."),
    "remembered": _("This file has the shape of one that was loaded before, so its mapping is used again."),
    "report_known": _("This looks like a report of {label}."),
}

REASONS = {
    "name": _("Called so in the file"),
    "name_weak": _("The name fits, loosely"),
    "part_of_name": _("The end of the name fits"),
    "values_market": _("{percent}% of its values are this client's markets"),
    "preamble": _("Stands above the table"),
    "report": _("Known from {label} reports"),
    "remembered": _("As in the last file of this shape"),
    "only_market": _("The only market that you may load"),
    "file_name": _("From the file's name"),
    "sign": _("From the sign in the cells"),
    "computed": _("A rate or an average: it is computed from the sums"),
    "person": _("Chosen by a person"),
}


def sentence(note: Note) -> str:
    """A note in the language that is active now."""
    return str(NOTES[note.code]).format(**note.details)


def reason_sentence(code: str, details: Mapping[str, Any]) -> str:
    """Why a column was proposed, in the language that is active now."""
    return str(REASONS[code]).format(**details) if code in REASONS else ""
