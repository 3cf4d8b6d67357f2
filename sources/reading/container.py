"""What kind of file this is, by its first bytes and never by its name; compressed files are unpacked with a cap."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from sources.errors import (
    BrokenArchive,
    BrokenWorkbook,
    EmptyFile,
    NotAFileKind,
    TooBigInside,
)
from sources.reading.shape import Container, Limits

CHUNK = 1 << 20

SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls", "XLS"),
    (b"%PDF", "pdf", "PDF"),
    (b"PAR1", "parquet", "Parquet"),
    (b"\x89PNG", "image", "PNG"),
    (b"\xff\xd8\xff", "image", "JPEG"),
    (b"GIF8", "image", "GIF"),
    (b"RIFF", "image", "WebP"),
    (b"BZh", "bzip2", "BZ2"),
    (b"7z\xbc\xaf\x27\x1c", "zip", "7z"),
    (b"Rar!", "zip", "RAR"),
    (b"\xfd7zXZ", "bzip2", "XZ"),
    (b"\x28\xb5\x2f\xfd", "bzip2", "Zstandard"),
)


def container_of(path: Path, limits: Limits) -> Container:
    """Say whether a file is text, gzip or a workbook.

    Errors: EmptyFile, NotAFileKind (a kind that is known and not read), BrokenWorkbook, TooBigInside.
    """
    with path.open("rb") as handle:
        start = handle.read(4096)
    if not start.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        if path.stat().st_size == len(start):
            raise EmptyFile()
        return "text"
    for signature, kind, label in SIGNATURES:
        if start.startswith(signature):
            raise NotAFileKind(kind=kind, label=label)
    if start.startswith(b"\x1f\x8b"):
        return "gzip"
    if start.startswith(b"PK"):
        _check_workbook(path, limits)
        return "xlsx"
    _refuse_markup(start)
    return "text"


def _refuse_markup(start: bytes) -> None:
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<?xml")):
        raise NotAFileKind(kind="html", label="HTML")
    if text.startswith((b'{"', b"{\n", b"{\r", b"{ ", b"[{", b"[\n", b"[ {")):
        raise NotAFileKind(kind="json", label="JSON")


def _check_workbook(path: Path, limits: Limits) -> None:
    """Look at a zip's table of contents alone: which kind it is, and how large it would become."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BrokenWorkbook() from error
    names = {member.filename for member in members}
    _refuse_other_archives(names)
    if any(member.flag_bits & 0x1 for member in members):
        raise NotAFileKind(kind="xls", label="XLSX")
    _check_inflation(members, limits)


def _refuse_other_archives(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise NotAFileKind(kind="xlsb", label="XLSB")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise NotAFileKind(kind="xlsm", label="XLSM")
    if "content.xml" in names and "mimetype" in names:
        raise NotAFileKind(kind="ods", label="ODS")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise NotAFileKind(kind="document", label="Word/PowerPoint")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise NotAFileKind(kind="zip", label="ZIP")


def _check_inflation(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse a zip bomb before a byte is inflated; zipfile never yields more of a member than it declares here."""
    sheets = sum(member.file_size for member in members if member.filename.startswith("xl/worksheets/"))
    rest = sum(member.file_size for member in members) - sheets
    if sheets > limits.inflated:
        raise TooBigInside(limit_mb=limits.inflated // 1_000_000)
    if rest > limits.shared_strings:
        raise TooBigInside(limit_mb=limits.shared_strings // 1_000_000)


def inflate(path: Path, target: Path, limits: Limits, progress: Callable[[float], None] | None = None) -> None:
    """Unpack a gzip file to `target`, in constant memory and never past the cap.

    Errors: BrokenArchive, TooBigInside.
    """
    size, written = max(path.stat().st_size, 1), 0
    try:
        with path.open("rb") as packed, gzip.GzipFile(fileobj=packed) as source, target.open("wb") as sink:
            while chunk := source.read(CHUNK):
                written += len(chunk)
                if written > limits.inflated:
                    raise TooBigInside(limit_mb=limits.inflated // 1_000_000)
                sink.write(chunk)
                if progress:
                    progress(min(packed.tell() / size, 1.0))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BrokenArchive() from error
