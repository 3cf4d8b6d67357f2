"""Takes structurally broken lines out of a staged file, so that every other line can be read.

Only files in which the engine met a broken line come here. One pass over the bytes, a line at a time in memory.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from warehouse.plan import Staged

LONGEST_LINE = 1_000_000  # bytes
LONGEST_RECORD = 200  # lines that one quoted cell may go over
SHOWN = 500  # characters of a broken line that its reject keeps

BLANK_PAIRS = (b"\n\n", b"\n\r\n")
CHUNK = 1 << 24


@dataclass(frozen=True)
class Record:
    """One line of the file, or several that a quoted cell holds together; `reason` says what is wrong with it."""

    raw: bytes
    reason: str = ""
    fields: int = 0


def has_blank_lines(path: str) -> bool:
    """Whether any line is empty: the engine passes over them, and row numbers must not."""
    before = b""
    with Path(path).open("rb") as file:
        while chunk := file.read(CHUNK):
            window = before + chunk
            if any(pair in window for pair in BLANK_PAIRS):
                return True
            before = window[-2:]
    return False


def mend(staged: Staged, clean_path: Path, left_out_path: Path) -> None:
    """Write the readable records to `clean_path`, short ones padded, and those left out to `left_out_path`.

    *Shape* of the latter: ordinal (0-based, over all records after the header), reason, text; blank lines have no reason.
    """
    width = len(staged.columns)
    padding = staged.delimiter.encode()
    with (
        Path(staged.path).open("rb") as file,
        clean_path.open("wb") as clean,
        left_out_path.open("w", encoding="utf-8", newline="") as left_out,
    ):
        book = csv.writer(left_out)
        for _line in range(staged.skip_lines):
            file.readline()
        for ordinal, record in enumerate(_records(file, staged), start=-1):
            reason = record.reason or ("too_many_fields" if record.fields > width else "")
            if ordinal >= 0 and (reason or not record.raw):
                book.writerow([ordinal, reason, record.raw[: SHOWN * 4].decode("utf-8", "replace")[:SHOWN]])
                continue
            clean.write(record.raw + padding * (width - record.fields) + b"\n")


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Each line without its end, and whether it was cut because it is too long."""
    while line := file.readline(LONGEST_LINE + 2):
        cut = not line.endswith(b"\n") and len(line) > LONGEST_LINE
        while cut:
            rest = file.readline(CHUNK)
            if not rest or rest.endswith(b"\n"):
                break
        yield line.rstrip(b"\r\n"), cut


def _records(file: BinaryIO, staged: Staged) -> Iterator[Record]:
    quote, delimiter = staged.quote.encode(), staged.delimiter.encode()
    lines = _lines(file)
    waiting: list[tuple[bytes, bool]] = []  # lines looked at for the end of a quoted cell that didn't come
    while True:
        raw, cut = waiting.pop(0) if waiting else next(lines, (None, False))
        if raw is None:
            return
        if cut:
            yield Record(raw, "line_too_long")
        elif not raw:
            yield Record(b"")
        elif not quote or quote not in raw:
            yield Record(raw, fields=raw.count(delimiter) + 1)
        else:
            yield _quoted(raw, lines, waiting, staged)


def _quoted(
    raw: bytes, lines: Iterator[tuple[bytes, bool]], waiting: list[tuple[bytes, bool]], staged: Staged
) -> Record:
    """A record with quotes: as many lines as it takes to close them, or only its first when they never close."""
    whole, taken = raw, 0
    while taken < LONGEST_RECORD and len(whole) <= LONGEST_LINE:
        fields, reason = _fields(whole, staged)
        if reason != "unclosed_quote" and not (taken and (reason or fields > len(staged.columns))):
            del waiting[:taken]
            return Record(whole, reason, fields)
        if taken == len(waiting):
            following = next(lines, None)
            if following is None:
                break
            waiting.append(following)
        whole += b"\n" + waiting[taken][0]
        taken += 1
    return Record(raw, "unclosed_quote")


def _fields(whole: bytes, staged: Staged) -> tuple[int, str]:
    """How many cells a record has, or why it is none."""
    try:
        text = whole.decode("utf-8")
    except UnicodeDecodeError:
        return 0, "invalid_encoding"
    csv.field_size_limit(LONGEST_LINE * 2)
    try:
        found = next(csv.reader([text], delimiter=staged.delimiter, quotechar=staged.quote, strict=True))
    except csv.Error as error:
        return 0, "unclosed_quote" if "unexpected end" in str(error) else "stray_quote"
    return len(found), ""
