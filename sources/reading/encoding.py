"""Which encoding a text file is written in, and whether all of it is.

UTF-8 is proven by decoding the whole file (fast, in C). What isn't UTF-8 is judged by what its letters would be:
Hangul of KS X 1001 for CP949, kana for Shift-JIS, and a statistical guess for the rest.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sources.errors import LineTooLong, MixedEncoding, NotText, WrongEncoding
from sources.reading.shape import Limits

CHUNK = 1 << 20
SAMPLE = 1 << 18
CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})

OFFERED = ("utf-8", "cp949", "utf-16-le", "utf-16-be", "cp932", "gb18030", "big5", "cp1252")
LABELS = {
    "utf-8": "UTF-8",
    "cp949": "CP949 (EUC-KR)",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp932": "Shift-JIS",
    "gb18030": "GB18030",
    "big5": "Big5",
    "cp1252": "Windows-1252",
}


@dataclass(frozen=True)
class Encoding:
    """`bom_bytes` stand before the text; `sure` is False for a statistical guess."""

    name: str
    bom_bytes: int = 0
    sure: bool = True


def encoding_of(path: Path, limits: Limits, chosen: str | None = None) -> Encoding:
    """Find a text file's encoding and prove that the whole file is written in it.

    Errors: NotText, MixedEncoding or WrongEncoding with the line, LineTooLong with the line.
    """
    with path.open("rb") as handle:
        sample = handle.read(SAMPLE)
    encoding = _chosen(sample, chosen) if chosen else _from_marks(sample)
    if encoding:
        _prove(path, encoding, limits, guessed=not chosen)
        return encoding
    _refuse_binary(sample)
    failed_at = _first_failure(path, "utf-8", 0, limits)
    if failed_at is None:
        return Encoding("utf-8")
    _refuse_mixed(path, failed_at)
    encoding = _legacy(_sample_around(path, failed_at))
    _prove(path, encoding, limits, guessed=True)
    return encoding


def _chosen(sample: bytes, name: str) -> Encoding:
    marked = _from_marks(sample)
    if marked and marked.name == name:
        return marked
    return Encoding(codecs.lookup(name).name if name not in OFFERED else name)


def _from_marks(sample: bytes) -> Encoding | None:
    """UTF-8 and UTF-16 by their byte order marks, UTF-16 without one by where its zero bytes are."""
    if sample.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8", 3)
    if sample.startswith(codecs.BOM_UTF16_LE):
        return Encoding("utf-16-le", 2)
    if sample.startswith(codecs.BOM_UTF16_BE):
        return Encoding("utf-16-be", 2)
    if b"\x00" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    if min(even, odd) * 3 > max(even, odd) or not _reads_as_table(sample, name):
        return None
    return Encoding(name)


def _reads_as_table(sample: bytes, name: str) -> bool:
    text = codecs.getincrementaldecoder(name)(errors="replace").decode(sample)
    plain = sum(character.isprintable() or character in "\r\n\t" for character in text)
    return "\n" in text and plain > 0.98 * len(text)


def _refuse_binary(sample: bytes) -> None:
    if b"\x00" in sample:
        raise NotText(offset=sample.index(0) + 1)
    controls = len(sample) - len(sample.translate(None, CONTROL))
    if controls * 100 > len(sample):
        first = next(index for index, byte in enumerate(sample) if byte in CONTROL)
        raise NotText(offset=first + 1)


def _chunks(path: Path, start: int) -> Iterator[bytes]:
    with path.open("rb") as handle:
        handle.seek(start)
        while chunk := handle.read(CHUNK):
            yield chunk


def _first_failure(path: Path, name: str, start: int, limits: Limits) -> int | None:
    """Decode the whole file and return the offset of the first byte that can't be, checking line lengths on the way."""
    decoder = codecs.getincrementaldecoder(name)(errors="strict")
    offset, line, run = start, 1, 0
    for chunk in _chunks(path, start):
        held = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return offset - held + error.start
        run, line = _line_run(text, run, line, limits)
        offset += len(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return offset - 1
    return None


def _line_run(text: str, run: int, line: int, limits: Limits) -> tuple[int, int]:
    """Characters since the last line break after `text`; raises when a line outgrows the limit."""
    first = text.find("\n")
    if first < 0:
        run += len(text) if "\r" not in text else 0
    else:
        if run + first > limits.line:
            raise LineTooLong(line=line, limit=limits.line)
        line += text.count("\n")
        run = len(text) - text.rfind("\n") - 1
    if run > limits.line:
        raise LineTooLong(line=line, limit=limits.line)
    return run, line


def _line_at(path: Path, offset: int, name: str = "utf-8") -> int:
    """The line number of a byte; the low byte of a line feed is counted in two-byte encodings."""
    feed = "\n".encode(name)
    line, left = 1, offset
    for chunk in _chunks(path, 0):
        line += chunk[:left].count(feed)
        left -= len(chunk)
        if left <= 0:
            break
    return line


def _prove(path: Path, encoding: Encoding, limits: Limits, *, guessed: bool) -> None:
    failed_at = _first_failure(path, encoding.name, encoding.bom_bytes, limits)
    if failed_at is None:
        return
    details = {"line": _line_at(path, failed_at, encoding.name), "encoding": LABELS.get(encoding.name, encoding.name)}
    raise MixedEncoding(**details) if guessed and failed_at > encoding.bom_bytes else WrongEncoding(**details)


def _refuse_mixed(path: Path, failed_at: int) -> None:
    """A file with many lines that only UTF-8 explains, and some that it doesn't, was joined from two."""
    good = bad = 0
    for line in _lines_with_letters(path, max(0, failed_at - 4 * SAMPLE), 20_000):
        if _decodes(line, "utf-8"):
            good += 1
        else:
            bad += 1
    if good >= 3 and good * 3 >= bad:
        raise MixedEncoding(line=_line_at(path, failed_at), encoding="UTF-8")


def _lines_with_letters(path: Path, start: int, most: int) -> Iterator[bytes]:
    with path.open("rb") as handle:
        handle.seek(start)
        if start:
            handle.readline(SAMPLE)
        for _ in range(most):
            line = handle.readline(SAMPLE)
            if not line:
                return
            if not line.isascii():
                yield line


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _sample_around(path: Path, offset: int) -> bytes:
    """Whole lines from the first byte that isn't UTF-8 on: the part of the file that tells encodings apart."""
    start = max(0, offset - 4096)
    with path.open("rb") as handle:
        handle.seek(start)
        data = handle.read(SAMPLE)
    first = data.find(b"\n") + 1 if start else 0
    last = data.rfind(b"\n") + 1
    return data[first:last] if last > first else data


def _legacy(sample: bytes) -> Encoding:
    letters: tuple[tuple[str, Callable[[str], bool], float], ...] = (
        ("cp949", _is_common_hangul, 0.5),
        ("cp932", _is_kana, 0.15),
    )
    for name, belongs, share in letters:
        text = _tolerant(sample, name)
        foreign = [character for character in text if ord(character) > 127]
        if foreign and sum(map(belongs, foreign)) >= share * len(foreign):
            return Encoding(name)
    if _is_western(sample):
        return Encoding("cp1252", sure=False)
    return Encoding(_guess(sample), sure=False)


def _tolerant(sample: bytes, name: str) -> str:
    """The sample in `name`, or nothing when more than a stray byte of it isn't (a proof of the whole file follows)."""
    text = sample.decode(name, errors="replace")
    return text if text.count("\ufffd") * 200 <= len(text) else ""


def _is_common_hangul(character: str) -> bool:
    if not "가" <= character <= "힣":
        return False
    try:
        character.encode("euc_kr")
    except UnicodeEncodeError:
        return False
    return True


def _is_kana(character: str) -> bool:
    return "\u3041" <= character <= "\u30fe"


def _is_western(sample: bytes) -> bool:
    """Accented letters stand alone between ASCII ones; in the East Asian encodings they come in pairs."""
    alone = paired = 0
    previous = False
    for byte in sample:
        high = byte > 127
        if high and previous:
            paired += 1
        elif high:
            alone += 1
        previous = high
    return alone > 10 * paired


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:65536]).best()
    name = best.encoding if best else "cp1252"
    return {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5hkscs": "big5"}.get(
        name, name
    )
