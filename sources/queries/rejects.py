"""The rejected rows of a finished load, with reasons in the reader's words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from sources.models import FileImport, Portion
from sources.pages_kept import folder_of
from sources.storage import rejects_of
from sources.words import reason_sentence

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Reject:
    """One reason why one row of the person's file stayed out."""

    row: int
    column: str
    value: str
    code: str

    @property
    def reason(self) -> str:
        return reason_sentence(self.code)

    def as_json(self) -> Mapping[str, object]:
        """For the API."""
        return {"row": self.row, "column": self.column, "value": self.value, "code": self.code, "reason": self.reason}


def rejects_of_import(file_import: FileImport, *, offset: int = 0, most: int | None = None) -> Iterator[Reject]:
    """Rejects in the order of the file; nothing when there were none or when they are no longer kept.

    Where they lie is looked up now: a response that is streamed is read when no client is open any more.
    """
    return _read(rejects_of(file_import), offset, None if most is None else offset + most)


def _read(path: Path, offset: int, end: int | None) -> Iterator[Reject]:
    if not path.is_file():
        return
    with path.open("r", encoding="utf-8-sig", newline="") as source:
        for row in islice(csv.DictReader(source), offset, end):
            yield Reject(row=int(row["row"]), column=row["column"], value=_bare(row["value"]), code=row["reason"])


def _bare(value: str) -> str:
    """The value as it stood in the file: the warehouse writes its own file safe for spreadsheets."""
    return value[1:] if value.startswith("'") and value[1:].lstrip().startswith(("=", "+", "-", "@")) else value


def rejects_csv(file_import: FileImport) -> Iterator[str]:
    """The rejects as a CSV that Excel opens: byte order mark, translated, nothing that it would take for a formula."""
    return _lines(rejects_of_import(file_import), get_language())


def rejects_csv_of_portion(portion: Portion) -> Iterator[str]:
    """The same of a portion of a sync; its rows are numbered as they came from the vendor."""
    return _lines(_read(folder_of(portion.pk) / "rejects.csv", 0, None), get_language())


def _lines(rejects: Iterator[Reject], language: str | None) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)

    def written(cells: list[object]) -> str:
        line.seek(0)
        line.truncate()
        writer.writerow(cells)
        return line.getvalue()

    with override(language):
        yield "\ufeff" + written([_("Row"), _("Column"), _("Value"), _("Reason")])
        for reject in rejects:
            yield written([reject.row, spreadsheet_safe(reject.column), spreadsheet_safe(reject.value), reject.reason])


def spreadsheet_safe(text: str) -> str:
    """Text that a spreadsheet shows and doesn't run."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
