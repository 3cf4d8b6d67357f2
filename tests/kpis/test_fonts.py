"""Fonts of PDFs: what the machine has is embedded, by the glyphs that are used, and reads as the right Hangul."""

from __future__ import annotations

import ctypes
import io
import re
import struct
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFontFace, TTFontMaker

from kpis.exports import fonts
from kpis.exports.document import Column, Document, Item, Line, Sheet
from kpis.exports.embedding import PostScriptFont, TrueTypeFont, cff, charstring
from kpis.exports.outlines import BadOutlines, Outlines, operators, tables_of
from kpis.exports.pdf import pdf_of
from tests.kpis.test_exports import squeezed, text_of_pdf

TEXT = "가힣뷁똠 한국 매출 ₩1,234,567 (−3.4 %p) ABC xyz"


def korean_file() -> tuple[Path, int]:
    """The Korean font that `python -m tests.browser install` puts on a machine."""
    return next(fonts._candidates())


@pytest.fixture
def fresh(settings):
    """Any font may be registered in the test, and none of it is left."""
    forget()
    yield settings
    forget()


def forget() -> None:
    """No font is registered: reportlab keeps the first of a name."""
    fonts.korean_font.cache_clear()
    if fonts.NAME in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.getFont(fonts.NAME).unregister()


def document(text: str = TEXT) -> Document:
    return Document(title=text, sheets=[Sheet("표", [Column("이름"), Column("값")], [Line([Item(text), Item(1)])])])


def embedded(content: bytes) -> dict[str, bool]:
    """Fonts that a PDF's text is set in, and whether each is in the file; as PDFium reads it."""
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    book, found = pdfium.PdfDocument(content), {}
    for one in book[0].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        font, name = raw.FPDFTextObj_GetFont(one), ctypes.create_string_buffer(200)
        raw.FPDFFont_GetBaseFontName(font, name, 200)
        found[name.value.decode()] = bool(raw.FPDFFont_GetIsEmbedded(font))
    book.close()
    return found


def test_the_font_of_the_machine_is_embedded_and_its_text_can_be_copied(fresh):
    content = pdf_of(document())
    assert fonts.korean_font() == fonts.NAME
    found = {name: there for name, there in embedded(content).items() if name != "Helvetica"}
    assert found and all(found.values()), found
    assert re.search(rb"/BaseFont /[A-Z]{6}\+", content), "a subset has a mark before its name"
    assert squeezed(text_of_pdf(content)).count(squeezed(TEXT)) == 2
    assert len(content) < 60_000, "only the glyphs that are used"


def test_of_a_collection_for_three_languages_the_korean_font_is_taken(fresh):
    path, place = korean_file()
    assert path.suffix == ".ttc"
    assert PostScriptFont("Test", path, place).face.name == b"NotoSansCJKkr-Regular"


def test_an_embedded_glyph_is_drawn_as_the_font_draws_it(fresh):
    """FreeType draws both at one dot a unit: the machine's font, and the file that goes into a PDF."""
    from PIL import Image, ImageChops, ImageDraw, ImageFont

    path, place = korean_file()
    font = PostScriptFont("Test", path, place)
    marks = "가힣뷁똠₩g%&−○漢"

    def drawn(source: object, index: int) -> list[Image.Image]:
        opened = ImageFont.truetype(source, 1000, index, layout_engine=ImageFont.Layout.BASIC)  # type: ignore[arg-type]
        found = []
        for mark in marks:
            picture = Image.new("L", (1200, 1400))
            ImageDraw.Draw(picture).text((50, 1100), mark, 255, opened, anchor="ls")
            found.append(picture)
        return found

    maker, name = encoded(font, marks), "Test"
    pairs = zip(marks, drawn(io.BytesIO(maker), 0), drawn(str(path), place), strict=True)
    for mark, ours, theirs in pairs:
        apart = ImageChops.difference(ours, theirs).point(lambda dot: 255 if dot > 128 else 0).histogram()[255]
        black = theirs.histogram()[255]
        assert black > 5000, f"{mark} is drawn"
        assert apart < 0.02 * black, f"{mark} of {name}: {apart} of {black} dots differ"


def characters(glyphs: dict[int, int]) -> bytes:
    """A "cmap" table (format 4) of characters and their glyphs."""
    order = sorted(glyphs.items())
    ends, count = [code for code, _glyph in order] + [0xFFFF], len(order) + 1
    deltas = [(glyph - code) % 65536 for code, glyph in order] + [1]
    segments = struct.pack(f">{count}H", *ends) + b"\0\0" + struct.pack(f">{count}H", *ends)
    segments += struct.pack(f">{count}H", *deltas) + bytes(2 * count)
    power = 1 << (count.bit_length() - 1)
    shape = (2 * count, 2 * power, power.bit_length() - 1, 2 * (count - power))
    return struct.pack(">HHHHL7H", 0, 1, 3, 1, 12, 4, 14 + len(segments), 0, *shape) + segments


def encoded(font: PostScriptFont, marks: str) -> bytes:
    """The glyphs as an OpenType file in which each stands at its own character."""
    content = font.font_file("Test", [0, *map(ord, marks)])
    count, maker = len(marks) + 1, TTFontMaker()
    maker.add("cmap", characters({ord(mark): glyph for glyph, mark in enumerate(marks, start=1)}))
    maker.add("CFF ", content)
    for tag in ("head", "hhea", "OS/2", "name", "post"):
        maker.add(tag, font.face.get_table(tag))
    hhea = bytearray(font.face.get_table("hhea"))
    hhea[34:36] = struct.pack(">H", count)
    maker.add("hhea", bytes(hhea))
    maker.add("maxp", struct.pack(">LH", 0x5000, count))
    widths = [0, *(round(font.face.getCharWidth(ord(mark))) for mark in marks)]
    maker.add("hmtx", b"".join(struct.pack(">Hh", width, 0) for width in widths))
    return b"OTTO" + bytes(maker.makeStream())[4:]


def test_a_font_file_of_ours_is_a_font_to_another_library(fresh):
    from PIL import ImageFont

    path, place = korean_file()
    font = PostScriptFont("Test", path, place)
    content = font.font_file("ABCDEF+Test", [0, *map(ord, TEXT)])
    opened = ImageFont.truetype(io.BytesIO(content), 100)
    assert opened.getname()[0]
    top, subrs = operators(b"\x1d\x00\x00\x01\x00\x11"), Outlines(content, 0)
    assert top == {17: [256]}
    assert subrs.glyphs.count == len(TEXT) + 1
    for number, mark in enumerate(TEXT, start=1):
        theirs = font.outlines.of(font.face.charToGlyph[ord(mark)])
        assert subrs.of(number) == theirs, mark


def test_many_documents_at_once_each_have_their_own_glyphs(fresh):
    from concurrent.futures import ThreadPoolExecutor

    texts = ["".join(chr(0xAC00 + 37 * n + k) for k in range(30)) for n in range(16)]
    with ThreadPoolExecutor(8) as pool:
        for text, content in zip(texts, pool.map(lambda one: pdf_of(document(one)), texts), strict=True):
            assert text in squeezed(text_of_pdf(content))


def test_more_characters_than_one_font_holds_go_into_several(fresh):
    text = "".join(chr(0xAC00 + 11 * n) for n in range(1000))
    found = squeezed(text_of_pdf(pdf_of(document(" ".join(text[n : n + 40] for n in range(0, 1000, 40))))))
    assert text in found


def test_without_any_font_the_standard_one_is_named_and_text_stays_text(fresh, monkeypatch):
    monkeypatch.setattr(fonts, "FOLDERS", ())
    content = pdf_of(document())
    assert fonts.korean_font() == fonts.CID
    assert not embedded(content)[fonts.CID]
    assert squeezed("한국 매출") in squeezed(text_of_pdf(content))


def test_a_truetype_font_that_is_named_is_embedded(fresh, tmp_path):
    """Vera with its letters at Hangul's places: which glyphs they are doesn't matter, which characters does."""
    import reportlab

    latin = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    face, path = TTFontFace(str(latin)), tmp_path / "hangul.ttf"
    marks = dict.fromkeys("가나다라마바사아자차카타파하", 0) | {chr(code): 0 for code in range(32, 127)}
    glyphs = {ord(mark): face.charToGlyph[65 + place % 26] for place, mark in enumerate(marks)}
    maker = TTFontMaker()
    for tag in face.table:
        maker.add(tag, face.get_table(tag))
    maker.add("cmap", characters(glyphs))
    path.write_bytes(maker.makeStream())
    fresh.PDF_FONT = str(path)
    content = pdf_of(document("가나다라 마바사 1,234"))
    assert fonts.korean_font() == fonts.NAME
    assert isinstance(pdfmetrics.getFont(fonts.NAME), TrueTypeFont)
    assert all(there for name, there in embedded(content).items() if name != "Helvetica")
    assert squeezed(text_of_pdf(content)).count("가나다라마바사1,234") == 2
    assert "(-3.4)가?" in squeezed(text_of_pdf(pdf_of(document("(−3.4) 가 漢")))), "no mark goes missing, least a minus"
    assert fonts._opened(latin, 0) is None, "a font without Hangul is passed over"
    with pytest.raises(BadOutlines):
        PostScriptFont("Latin", latin)


@pytest.mark.parametrize("content", [b"", b"OTTO", b"OTTO\0\1" + bytes(40), b"ttcf\0\1\0\0\0\0\0\1" + bytes(9)])
def test_what_is_no_font_is_passed_over(fresh, tmp_path, content):
    path = tmp_path / "broken.otf"
    path.write_bytes(content)
    assert all(fonts._opened(path, place) is None for place in fonts._places(path))
    assert fonts._opened(tmp_path / "gone.otf", 0) is None


def test_a_written_glyph_is_read_back_as_it_was():
    strokes = [
        ("move", ((10.0, -200.0),)),
        ("line", ((900.0, 3.0),)),
        ("curve", ((1.0, 2.0), (300.0, 4.0), (-500.0, 6.0))),
    ]
    content = cff("Test", [charstring((), 0), charstring(strokes, 1000), charstring((), 250)])
    found = Outlines(content, 0)
    assert (found.of(0), found.of(1), found.of(2)) == ([], strokes, [])
    with pytest.raises(BadOutlines):
        found.of(3)
    assert tables_of(b"OTTO\0\0") == {}
