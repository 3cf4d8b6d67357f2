"""What can be wrong with a file or an import, each in a sentence with the place and the fix.

A problem is stored with its import as code and details, and is worded again for whoever reads it later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from problems.errors import Conflict, NotFound, Permanent, Problem, Retryable, Sentence


class ImportProblem(Problem, Permanent):
    """A problem whose sentence is made of its class's words and its details."""

    code = "import_problem"
    words: ClassVar[Sentence] = _("This file can't be loaded.")
    mend: ClassVar[Sentence] = ""

    def __init__(self, **details: Any) -> None:
        super().__init__(_worded(self.words, details), fix=_worded(self.mend, details), **details)


def _worded(words: Sentence, details: Mapping[str, Any]) -> Sentence:
    return _filled(words, dict(details)) if words and details else words


_filled = lazy(lambda words, details: str(words).format(**details), str)


class UnreadableFile(ImportProblem):
    """The bytes aren't a table that we can read."""


class EmptyFile(UnreadableFile):
    code = "file_empty"
    words = _("The file is empty.")
    mend = _("Export it again and check that it has rows before you upload it.")


class HeaderOnly(UnreadableFile):
    code = "file_header_only"
    words = _("The file has column names on line {line} and no rows below.")
    mend = _("Widen the period or the filter of the export, then upload it again.")


class NotText(UnreadableFile):
    code = "file_not_text"
    words = _("This isn't a text table: byte {offset} can't be part of text.")
    mend = _("Upload a CSV, TSV or XLSX file. If this is one, pick its encoding yourself.")


class MixedEncoding(UnreadableFile):
    code = "file_mixed_encoding"
    words = _("Line {line} isn't written in {encoding} although the lines before it are.")
    mend = _(
        "Two files were probably joined. Save each one as “CSV UTF-8” and join them again, or pick another encoding."
    )


class WrongEncoding(UnreadableFile):
    code = "file_wrong_encoding"
    words = _("Line {line} can't be read as {encoding}.")
    mend = _("Pick another encoding, or save the file as “CSV UTF-8”.")


class LineTooLong(UnreadableFile):
    code = "file_line_too_long"
    words = _("Line {line} is longer than {limit} characters.")
    mend = _("Check the line breaks around that line: the file may have lost them, or a quotation mark isn't closed.")


class QuoteNotClosed(UnreadableFile):
    code = "file_quote_not_closed"
    words = _("A quotation mark that opens on line {line} is never closed.")
    mend = _("Close it or remove it, or export the file again.")


class TooManyColumns(UnreadableFile):
    code = "file_too_many_columns"
    words = _("The file has {columns} columns; up to {limit} can be read.")
    mend = _("Keep the columns that you need. If dates or markets run across, turn them into rows (unpivot).")


class NoColumns(UnreadableFile):
    code = "file_no_table"
    words = _("No table was found in this file.")
    mend = _("Column names should stand first and the values below. Pick the delimiter or the header line yourself.")


class NoSuchSheet(UnreadableFile):
    code = "file_no_such_sheet"
    words = _("There is no visible sheet “{sheet}” in this workbook. It has: {sheets}.")
    mend = _("Pick one of those sheets.")


class BrokenWorkbook(UnreadableFile):
    code = "file_broken_workbook"
    words = _("The Excel file is damaged and can't be opened.")
    mend = _("Open it in Excel, save it again as .xlsx or “CSV UTF-8”, and upload that.")


class BrokenArchive(UnreadableFile):
    code = "file_broken_gzip"
    words = _("The compressed file ends too early or is damaged.")
    mend = _("Compress it again, or upload it uncompressed.")


class TooBigInside(UnreadableFile):
    code = "file_too_big_inside"
    words = _("Unpacked, this file would be larger than {limit_mb} MB.")
    mend = _("Split it into smaller files, or upload a plain CSV.")


class TooBig(UnreadableFile):
    code = "file_too_big"
    status = 413
    words = _("The file is larger than {limit_mb} MB.")
    mend = _("Split it into smaller files, or compress it as .csv.gz.")


class NotAFileKind(UnreadableFile):
    """A kind of file that we know and don't read; `kind` picks what to do instead."""

    code = "file_kind"
    words = _("{label} files can't be loaded.")

    MENDS: ClassVar[dict[str, Sentence]] = {
        "xls": _("This is an old Excel file or one with a password. Save it as .xlsx without a password."),
        "xlsm": _("It may hold macros, which are never run here. Save it as .xlsx."),
        "xlsb": _("Save it as .xlsx."),
        "ods": _("Save it as .xlsx or “CSV UTF-8”."),
        "zip": _("Unpack it and upload the files inside one by one."),
        "pdf": _("Ask for the report as CSV or XLSX."),
        "image": _("Ask for the report as CSV or XLSX."),
        "parquet": _("Export it as CSV."),
        "html": _("It is a web page that is named like a table. Open it in Excel and save it as .xlsx."),
        "json": _("Export it as CSV."),
        "bzip2": _("Unpack it, or compress it as .csv.gz."),
        "document": _("Ask for the report as CSV or XLSX."),
    }

    def __init__(self, **details: Any) -> None:
        super().__init__(**details)
        self.fix = self.MENDS.get(str(details.get("kind")), "")


class MappingProblem(ImportProblem):
    """The mapping can't be carried out as it is."""

    code = "mapping"


class ColumnGone(MappingProblem):
    code = "mapping_column_gone"
    words = _("The file has no column “{column}”.")
    mend = _("Pick one of the file's columns.")


class TargetTwice(MappingProblem):
    code = "mapping_target_twice"
    words = _("Two columns are mapped to “{target}”: “{first}” and “{second}”.")
    mend = _("Leave one of them out.")


class TargetUnknown(MappingProblem):
    code = "mapping_target_unknown"
    words = _("“{target}” isn't a column of “{table}”.")
    mend = _("Pick one of the columns in the list.")


class TableUnknown(MappingProblem):
    code = "mapping_table_unknown"
    words = _("“{table}” isn't something that a file can be loaded as.")
    mend = _("Pick one of: {tables}.")


class TargetMissing(MappingProblem):
    code = "mapping_target_missing"
    words = _("Nothing says the {labels} of the rows.")
    mend = _("Pick a column of the file, or give one value for the whole file.")


class MarketNotYours(MappingProblem):
    code = "mapping_market"
    words = _("“{market}” isn't a market that you may load data for.")
    mend = _("Pick one of: {markets}.")


class CurrencyUnknown(MappingProblem):
    code = "mapping_currency"
    words = _("“{currency}” isn't a currency code.")
    mend = _("Use the three letters of ISO 4217, for example KRW, JPY or EUR.")


class ZoneUnknown(MappingProblem):
    code = "mapping_time_zone"
    words = _("“{zone}” isn't a time zone.")
    mend = _("Use a name such as Asia/Seoul or Europe/Berlin.")


class DayUnreadable(MappingProblem):
    code = "mapping_day"
    words = _("“{value}” isn't a date between 1990 and 2100.")
    mend = _("Write it as 2026-10-31.")


class SourceUnnamed(MappingProblem):
    code = "mapping_source"
    words = _("“{source}” can't be the name of a source.")
    mend = _("Use up to 40 letters, digits, hyphens or underscores, such as google_ads.")


class MappingUnreadable(MappingProblem):
    code = "mapping_unreadable"
    words = _("The mapping can't be read: {detail}.")
    mend = _("Send what GET of this import returns as “plan”, with your changes.")


class WrongState(Conflict):
    """The import has moved on."""

    code = "import_state"

    def __init__(self, state: str) -> None:
        super().__init__(
            _("This can't be done any more: the import has moved on."),
            fix=_("Reload the page to see where it stands."),
            state=state,
        )


class NotReady(ImportProblem):
    code = "import_not_ready"
    status = 409
    words = _("No row of the file can be loaded with this mapping.")
    mend = _("Look at the reasons below the preview and correct the mapping.")


class FileGone(ImportProblem):
    code = "import_file_gone"
    status = 410
    words = _("The uploaded file isn't kept any more.")
    mend = _("Upload it again.")


class NoFile(ImportProblem):
    code = "import_no_file"
    words = _("No file arrived.")
    mend = _("Pick a CSV, TSV or XLSX file.")


class TaskDied(ImportProblem):
    code = "import_task_died"
    words = _("The work on this file was stopped {attempts} times, so it isn't tried again by itself.")
    mend = _("Nothing was loaded by half. Try again; if it stops again, split the file.")


class Broke(ImportProblem, Retryable):
    """What we didn't foresee; the log has the rest."""

    code = "import_broke"
    status = 500
    words = _("Something went wrong on our side while working on this file.")
    mend = _("Nothing was loaded by half. Try again; if it happens again, give support this number: {reference}.")


class PersonGone(ImportProblem):
    code = "import_person_gone"
    status = 403
    words = _("{email} isn't a member of this client any more, so the work was stopped.")
    mend = _("Somebody who may load data should upload the file again.")


class MarketNotSeen(ImportProblem):
    """A market that this person doesn't see, or a person without markets."""

    code = "market_not_seen"
    status = 404
    words = _("There is no market “{markets}” that you may see.")
    mend = _("You may see: {known}. Ask an admin of this client for more.")


class Stopped(ImportProblem):
    """A person cancelled while a task was at work: how the task leaves it."""

    code = "import_stopped"
    words = _("Cancelled while it was running. Nothing was loaded by half.")


class NoSuchImport(NotFound):
    code = "import_not_found"

    def __init__(self) -> None:
        super().__init__(_("There is no such import."), fix=_("Look for it in the list of imports."))


def stored_problem(raw: Mapping[str, Any]) -> tuple[Sentence, Sentence]:
    """The sentence and the fix of a stored problem, in the language that is active when they are shown."""
    kinds = {kind.code: kind for kind in _all_kinds(ImportProblem)}
    kind = kinds.get(str(raw.get("code")))
    if kind is None:
        return str(raw.get("sentence", "")), str(raw.get("fix", ""))
    problem = kind(**raw.get("details", {}))
    return problem.sentence, problem.fix


def _all_kinds(base: type[ImportProblem]) -> list[type[ImportProblem]]:
    found = [base]
    for kind in base.__subclasses__():
        found.extend(_all_kinds(kind))
    return found


class NoSuchSource(NotFound):
    """A source key that no load has made."""

    code = "no_such_source"

    def __init__(self, *, key: str) -> None:
        super().__init__(
            _("There is no source “%(key)s”.") % {"key": key[:40]},
            fix=_("Choose one from the list of sources."),
            key=key,
        )


class BadSettling(Problem, Permanent):
    """Days or a kind of source that can't be when numbers are settled."""

    code = "bad_settling"
