"""A font that has Hangul: one that is named, one that the machine has, else the Korean font that every reader knows."""

from __future__ import annotations

import logging
import re
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
REPLACED = {"\u00a0": " ", "\u202f": " ", "▬": "–", "฿": "THB ", "₫": "VND ", "₱": "PHP ", "₹": "INR "}

logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def korean_font() -> str:
    """Register the font once and give its name.

    TrueType outlines are embedded, so the file looks the same everywhere. OpenType fonts with PostScript outlines
    (Noto CJK's collections) can't be embedded by reportlab: then Adobe's standard Korean font is named and the reader
    supplies it; the text stays text in both.
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
    """The text without marks that the font may lack: they would be printed as boxes or as nothing."""
    if is_embedded():
        return "".join(mark if _has(mark) else REPLACED.get(mark, mark) for mark in text)
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
        for place in (int(number),) if number.isdigit() else range(_fonts_in(Path(named))):
            yield Path(named), place
    found = [path for folder in FOLDERS for path in _files(Path(folder).expanduser())]
    for wanted in WANTED:
        for path in found:
            plain = re.sub(r"[^a-z]", "", path.stem.lower())
            if plain.startswith(wanted) and not re.search(r"bold|black|heavy|thin|light|medium|mono", plain):
                for index in range(_fonts_in(path)):
                    yield path, index


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".otf", ".ttc"))


def _fonts_in(path: Path) -> int:
    """How many fonts a file holds: a collection says so in its head."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError:
        return 0
    return min(int.from_bytes(head[8:12], "big"), 16) if head[:4] == b"ttcf" else 1


def _opened(path: Path, index: int) -> object | None:
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    try:
        font = TTFont(NAME, str(path), subfontIndex=index)
    except (TTFError, OSError) as error:
        logger.info("%s can't be embedded: %s", path, error)
        return None
    return font if ord("가") in font.face.charToGlyph else None


def _has(mark: str) -> bool:
    from reportlab.pdfbase import pdfmetrics

    return ord(mark) in pdfmetrics.getFont(NAME).face.charToGlyph
