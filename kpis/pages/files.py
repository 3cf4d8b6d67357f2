"""The export menu: every page that can be taken away offers the same kinds of files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class FileChoice:
    """One line of the menu."""

    label: str
    url: str
    icon: str


def files_of(route: str, query: str, csv_url: str = "", *, of: Sequence[str] = ()) -> list[FileChoice]:
    """Workbook, PDF, picture and table of a page; `route` is the address that takes what it is `of`, and a `kind`."""
    kinds = (
        ("xlsx", _("Workbook (XLSX)"), "file-spreadsheet"),
        ("pdf", _("Document (PDF)"), "file-text"),
        ("png", _("Picture (PNG)"), "image"),
    )
    found = [FileChoice(label, f"{reverse(route, args=[*of, kind])}?{query}", icon) for kind, label, icon in kinds]
    if csv_url:
        found.append(FileChoice(_("Table for a spreadsheet (CSV)"), csv_url, "table"))
    return found
