"""Fonts that go into a PDF, each document's own glyphs only, with either kind of outlines.

reportlab embeds TrueType outlines only, while the Korean fonts of most servers (Noto Sans CJK) are OpenType fonts with
PostScript outlines. Those are its dynamic font with another font file: at most 255 characters each, as CFF.
"""

from __future__ import annotations

import io
import mmap
import struct
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont, TTFontMaker, makeToUnicodeCMap

from kpis.exports.outlines import BadOutlines, Bytes, Outlines, Stroke, tables_of

KEPT = ("OS/2", "cmap", "hhea", "hmtx", "name", "post")
OWN_NAMES = 391  # names of glyphs that a font brings along are counted from here
SYMBOLIC = 4
MOVE, LINE, CURVE, END = 21, 5, 8, 14


class TrueTypeFont(TTFont):
    """The library's own, for several threads: its reader has one place in the file."""

    def __init__(self, name: str, path: Path, index: int = 0) -> None:
        super().__init__(name, str(path), subfontIndex=index, shapable=False)
        self.reading = Lock()

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - the library's name
        with self.reading:
            super().addObjects(doc)


class PostScriptFont(TTFont):
    """One font of a file. Errors: BadOutlines where its outlines are others, TTFError where it is no font."""

    def __init__(self, name: str, path: Path, index: int = 0) -> None:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        tables = tables_of(data, index)
        if "CFF " not in tables:
            raise BadOutlines("the outlines are no PostScript")
        super().__init__(name, io.BytesIO(_without_outlines(data, tables)), shapable=False)
        self.outlines = Outlines(data, tables["CFF "][0])

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - the library's name
        """The library's own, but that the fonts are Type 1 with a CFF file."""
        state = self.state[doc]
        state.frozen = 1
        for number, subset in enumerate(state.subsets):
            name = self.getSubsetInternalName(number, doc)[1:]
            base = f"{SUBSETN(number).decode()}+{self.face.name.decode()}"
            font = pdfdoc.PDFType1Font()
            font.Name, font.BaseFont = name, base
            font.FirstChar, font.LastChar = 0, len(subset) - 1
            font.Widths = pdfdoc.PDFArray([self.face.getCharWidth(code) for code in subset])
            font.ToUnicode = doc.Reference(_stream(makeToUnicodeCMap(base, subset), doc), f"toUnicodeCMap:{base}")
            font.FontDescriptor = self._descriptor(doc, base, subset)
            doc.Reference(font, name)
            doc.idToObject["BasicFonts"].dict[name] = font
        del self.state[doc]

    def _descriptor(self, doc: Any, base: str, subset: Sequence[int]) -> Any:
        face = self.face
        file = _stream(self.font_file(base, subset), doc)
        file.dictionary["Subtype"] = pdfdoc.PDFName("Type1C")
        return doc.Reference(
            pdfdoc.PDFDictionary({
                "Type": "/FontDescriptor", "FontName": pdfdoc.PDFName(base), "Flags": SYMBOLIC,
                "Ascent": face.ascent, "Descent": face.descent, "CapHeight": face.capHeight, "StemV": face.stemV,
                "ItalicAngle": face.italicAngle, "FontBBox": pdfdoc.PDFArray(face.bbox),
                "FontFile3": doc.Reference(file, f"fontFile:{base}"),
            }),
            f"fontDescriptor:{base}",
        )  # fmt: skip

    def font_file(self, name: str, subset: Sequence[int]) -> bytes:
        """A CFF font of these characters, each at the code that is its place; the first is "not defined"."""
        scale = 1000 / self.face.unitsPerEm
        glyphs = [charstring((), 0, scale)]
        for code in subset[1:]:
            glyph = self.face.charToGlyph.get(code)
            strokes = self.outlines.of(glyph) if glyph is not None else []
            glyphs.append(charstring(strokes, round(self.face.getCharWidth(code)), scale))
        return cff(name, glyphs)


def _without_outlines(data: Bytes, tables: dict[str, tuple[int, int]]) -> bytes:
    """The font as the library reads it: metrics and characters, every glyph empty."""

    def table(tag: str) -> bytes:
        offset, length = tables[tag]
        return data[offset : offset + length]

    maker = TTFontMaker()
    for tag in KEPT:
        maker.add(tag, table(tag))
    count = table("maxp")[4:6]
    head = bytearray(table("head"))
    head[50:52] = b"\0\0"  # short offsets in "loca"
    maker.add("head", bytes(head))
    maker.add("maxp", b"\0\1\0\0" + count + bytes(26))
    maker.add("loca", bytes(2 * (int.from_bytes(count, "big") + 1)))
    maker.add("glyf", bytes(4))
    return bytes(maker.makeStream())


def _stream(content: bytes, doc: Any) -> Any:
    stream = pdfdoc.PDFStream()
    stream.content = content
    if doc.compression:
        stream.filters = [pdfdoc.PDFZCompress]
    return stream


def charstring(strokes: Sequence[Stroke], width: int, scale: float = 1.0) -> bytes:
    """A glyph as a Type 2 charstring in thousandths of an em, its width first."""
    code, at, first = bytearray(), (0, 0), _operand(width)
    for kind, points in strokes:
        code += first
        first = b""
        for x, y in points:
            end = (round(x * scale), round(y * scale))
            code += _operand(end[0] - at[0]) + _operand(end[1] - at[1])
            at = end
        code.append({"move": MOVE, "line": LINE, "curve": CURVE}[kind])
    return bytes(code + first + bytes([END]))


def _operand(number: int) -> bytes:
    if -107 <= number <= 107:
        return bytes([number + 139])
    return b"\x1c" + struct.pack(">h", number)


def cff(name: str, glyphs: Sequence[bytes]) -> bytes:
    """A CFF file of charstrings; code n shows glyph n."""
    names = _index([f"g{number}".encode() for number in range(1, len(glyphs))])
    head, shared = b"\1\0\4\4" + _index([name.encode()]), _index([])
    encoding = bytes([0, len(glyphs) - 1, *range(1, len(glyphs))])
    charset = struct.pack(">BHH", 2, OWN_NAMES, max(0, len(glyphs) - 2))
    private = bytes([139, 20, 139, 21])  # widths are told in full
    drawn = _index(glyphs)
    start = len(head) + len(_top(0, 0, 0, 0, 0)) + len(names) + len(shared)
    places = [start, start + len(encoding)]
    places.append(places[1] + len(charset))
    places.append(places[2] + len(drawn))
    top = _top(places[1], places[0], places[2], len(private), places[3])
    return head + top + names + shared + encoding + charset + drawn + private


def _top(charset: int, encoding: int, charstrings: int, private_size: int, private: int) -> bytes:
    """The DICT that says where everything is, always of the same length."""

    def far(number: int) -> bytes:
        return b"\x1d" + struct.pack(">l", number)

    return _index([
        far(charset) + b"\x0f" + far(encoding) + b"\x10" + far(charstrings) + b"\x11" + far(private_size)
        + far(private) + b"\x12"
    ])  # fmt: skip


def _index(parts: Sequence[bytes]) -> bytes:
    if not parts:
        return b"\0\0"
    offsets = [1]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return struct.pack(">HB", len(parts), 4) + b"".join(struct.pack(">L", one) for one in offsets) + b"".join(parts)
