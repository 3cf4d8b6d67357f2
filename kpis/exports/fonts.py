"""A font that has Hangul: one that is named, one that the machine has, else the Korean font that every reader knows."""

from __future__ import annotations

import logging
import re
import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings

FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts",
    "/Library/Fonts", "/System/Library/Fonts", "~/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
WANTED = ("pretendard", "notosanskr", "notosanscjk", "nanumgothic", "nanumbarungothic", "malgun", "applesdgothicneo",
          "applegothic", "undotum", "baekmukdotum")  # fmt: skip
NAME = "Korean"
CID = "HYGothic-Medium"
KOREAN_OF_MANY, MOST_FONTS = b"CJKKR", 16
REPLACED = {"\u00a0": " ", "\u202f": " ", "▬": "–", "฿": "THB ", "₫": "VND ", "₱": "PHP ", "₹": "INR "}
# What stands for marks that some Korean fonts lack: nothing may go missing, least of all a minus.
INSTEAD = REPLACED | {
    "−": "-", "–": "-", "…": "...", "→": "->", "÷": "/", "×": "x", "Σ": "sum of ", "₩": "KRW ", "€": "EUR ",
    "£": "GBP ", "¥": "JPY ", "○": "O", "△": "^", "★": "*", "▲": "+", "▼": "-",
}  # fmt: skip
UNKNOWN = "?"

logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def korean_font() -> str:
    """Register the font once and give its name.

    A font of the machine is embedded, so the file looks the same everywhere. Where there is none, Adobe's standard
    Korean font is named and the reader supplies it; the text stays text in both.
    """
    from reportlab.pdfbase import pdfmetrics

    for path, index in _candidates():
        font = _opened(path, index)
        if font is not None:
            pdfmetrics.registerFont(font)
            return NAME
    return _standard()


def is_embedded() -> bool:
    return korean_font() == NAME


def printable(text: str) -> str:
    """The text without marks that the font lacks: they would be printed as boxes or as nothing."""
    if is_embedded():
        return "".join(mark if mark < " " or _has(mark) else INSTEAD.get(mark, UNKNOWN) for mark in text)
    return "".join(REPLACED.get(mark, mark) for mark in text)


def _standard() -> str:
    from reportlab.pdfbase import _cidfontdata, pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    # reportlab describes this sans serif by the name and the flags of the serif HYSMyeongJo, so that readers which
    # have neither would show a serif.
    descriptor = _cidfontdata.CIDFontInfo[CID]["DescendantFonts"][0]["FontDescriptor"]
    descriptor.update({"FontName": f"/{CID}", "Flags": 4})
    pdfmetrics.registerFont(UnicodeCIDFont(CID))
    return CID


def _candidates() -> Iterator[tuple[Path, int]]:
    named, _hash, number = str(getattr(settings, "PDF_FONT", "")).partition("#")
    if named:
        for place in (int(number),) if number.isdigit() else _places(Path(named)):
            yield Path(named), place
    found = [path for folder in FOLDERS for path in _files(Path(folder).expanduser())]
    for wanted in WANTED:
        for path in found:
            plain = re.sub(r"[^a-z]", "", path.stem.lower())
            if plain.startswith(wanted) and not re.search(r"bold|black|heavy|thin|light|medium|mono", plain):
                for index in _places(path):
                    yield path, index


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".otf", ".ttc"))


def _places(path: Path) -> list[int]:
    """The fonts of a file; of a collection for Chinese, Japanese and Korean the Korean ones first."""
    from kpis.exports.outlines import COLLECTION, BadOutlines, tables_of

    try:
        with path.open("rb") as file:
            head = file.read(12)
            if head[:4] != COLLECTION:
                return [0]
            data = head + file.read()
    except OSError:
        return []

    def is_other(place: int) -> bool:
        try:
            offset, length = tables_of(data, place).get("name", (0, 0))
        except BadOutlines:
            return True
        return KOREAN_OF_MANY not in data[offset : offset + length].replace(b"\0", b"").upper()

    return sorted(range(min(int.from_bytes(head[8:12], "big"), MOST_FONTS)), key=is_other)


def _opened(path: Path, index: int) -> object | None:
    """The font, whichever its outlines; None for what is no font, may not be embedded, or lacks Hangul."""
    from reportlab.pdfbase.ttfonts import TTFError

    from kpis.exports.embedding import PostScriptFont, TrueTypeFont
    from kpis.exports.outlines import BadOutlines

    for kind in (TrueTypeFont, PostScriptFont):
        try:
            font = kind(NAME, path, index)
        except (TTFError, BadOutlines, OSError, ValueError, KeyError, struct.error) as error:
            logger.info("%s can't be embedded: %s", path, error)
        else:
            return font if ord("가") in font.face.charToGlyph else None
    return None


def _has(mark: str) -> bool:
    from reportlab.pdfbase import pdfmetrics

    return ord(mark) in pdfmetrics.getFont(NAME).face.charToGlyph
