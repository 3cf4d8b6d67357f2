"""A document as pages: A3 across for boards, A4 for the rest; Hangul as text that can be searched and copied."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from kpis.exports.document import Column, Document, Item, Line, Sheet, Waterfall, unit_of
from kpis.exports.fonts import is_embedded, korean_font, printable
from ui import formats

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

INK, FAINT, RULE = "#1C2333", "#5B6274", "#CDD2DE"
HEAD, HEADING = "#E8EBF5", "#F4F5FA"
FILLS = {"good": "#E3F4F0", "warn": "#FBF0DA", "bad": "#FBE4DF", "hole": "#EEF0F4"}
MARKS = {"good": "○", "warn": "△", "bad": "×"}
MARGIN = 28
BEGINNING = 80  # of a table: its name, its head and two rows stay together
_LATIN = re.compile(r"[\x20-\x7e·–]+")


def pdf_of(document: Document) -> bytes:
    """The bytes of the PDF: title, lines, charts, tables, notes; the footer and "2 / 5" on every page."""
    from reportlab.platypus import SimpleDocTemplate

    width, height = _size(document)
    buffer = io.BytesIO()
    template = SimpleDocTemplate(
        buffer, pagesize=(width, height), leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
        bottomMargin=MARGIN + 16, title=document.title, author="Yeojeong", lang=document.language,
    )  # fmt: skip
    template.build(_story(document, width - 2 * MARGIN), canvasmaker=_numbered(document.footer))
    return buffer.getvalue()


def _size(document: Document) -> tuple[float, float]:
    from reportlab.lib.pagesizes import A3, A4, landscape

    width, height = landscape(A3) if document.paper == "A3" else A4
    return float(width), float(height)


def _story(document: Document, width: float) -> list[Flowable]:
    from reportlab.platypus import CondPageBreak, Spacer

    from kpis.exports.drawing import drawing_of
    from kpis.exports.waterfall import waterfall_of

    found: list[Flowable] = [_paragraph(document.title, 18, INK)]
    found += [_paragraph(line, 9, FAINT) for line in document.subtitle]
    found += [_paragraph(line, 9, INK) for line in document.notes]
    found.append(Spacer(1, 10))
    for figure in document.figures:
        if isinstance(figure, Waterfall):
            drawn = waterfall_of(figure, width)
        else:
            drawn = drawing_of(figure, width, document.language)
        found += [_paragraph(figure.title, 11, INK), drawn, Spacer(1, 8)]
    printed = [sheet for sheet in document.sheets if sheet.printed]
    for sheet in printed:
        if len(printed) > 1:
            found += [CondPageBreak(BEGINNING), _paragraph(sheet.name, 11, INK)]
        found += [_table(sheet, width, document), Spacer(1, 12)]
    if any(item.state in MARKS for sheet in printed for line in sheet.rows for item in line.items):
        found.append(_paragraph(legend(), 8, FAINT))
    found += [_paragraph(line, 8, FAINT) for line in document.closing]
    return found


def legend() -> str:
    """What the marks say, so that colour is never alone."""
    words = {"good": _("On target"), "warn": _("Close to target"), "bad": _("Below target")}
    return "   ".join(f"{MARKS[state]} {word}" for state, word in words.items())


def _paragraph(text: str, size: float, colour: str, *, right: bool = False) -> Flowable:
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "text", fontName=korean_font(), fontSize=size, leading=size * 1.35, textColor=colour,
        alignment=TA_RIGHT if right else TA_LEFT, splitLongWords=1, spaceAfter=2,
    )  # fmt: skip
    return Paragraph("<br/>".join(markup(line) for line in text.split("\n")), style)


def markup(text: str) -> str:
    """The text for a paragraph: escaped, and Latin in Helvetica where the Korean font isn't embedded.

    The standard Korean font sets Latin as wide as a typewriter.
    """
    clean = "".join(mark for mark in printable(text) if mark >= " ")
    if is_embedded():
        return escape(clean)
    found, last = [], 0
    for latin in _LATIN.finditer(clean):
        found += [escape(clean[last : latin.start()]), f'<font name="Helvetica">{escape(latin[0])}</font>']
        last = latin.end()
    return "".join([*found, escape(clean[last:])])


def text_of(item: Item, column: Column, language: str) -> str:
    """A cell as it is printed: the number as the screen shows it in full, its mark and detail below."""
    if item.value is None:
        return item.hole or formats.NOT_APPLICABLE
    unit, currency = unit_of(item, column)
    if item.printed or isinstance(item.value, str):
        text = item.printed or str(item.value)
    elif isinstance(item.value, int | float):
        text = formats.format_value(item.value, unit or "count", currency=currency or "KRW", language=language)
    else:
        text = item.value.isoformat()
    mark = MARKS.get(item.state, "")
    below = " ".join(part for part in (mark, item.detail) if part)
    return f"{text}\n{below}" if below else text


def _table(sheet: Sheet, width: float, document: Document) -> Flowable:
    from reportlab.lib import colors
    from reportlab.platypus import LongTable

    size = 7.5 if document.paper == "A3" else 8.5
    whole = sum(column.width for column in sheet.columns)
    widths = [width * column.width / whole for column in sheet.columns]
    rows: list[list[Any]] = [[_head(column, size, place) for place, column in enumerate(sheet.columns)]]
    style: list[Any] = [
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor(HEAD)),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor(RULE)),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]  # fmt: skip
    for number, line in enumerate(sheet.rows, start=1):
        rows.append(_cells(line, sheet.columns, size, document.language))
        style += _row_style(line, number)
    return LongTable(rows, colWidths=widths, repeatRows=1, style=style)


def _head(column: Column, size: float, place: int) -> Flowable:
    text = f"{column.title}\n{column.second}" if column.second else column.title
    return _paragraph(text, size, INK, right=place > 0 and bool(column.unit))


def _cells(line: Line, columns: Sequence[Column], size: float, language: str) -> list[Any]:
    if line.heading:
        return [_paragraph(str(line.items[0].value), size + 1, INK), *[""] * (len(columns) - 1)]
    return [
        _paragraph(
            text_of(item, column, language), size, INK if item.value is not None else FAINT,
            right=bool(column.unit) or isinstance(item.value, int | float),
        )
        for item, column in zip(line.items, columns, strict=False)
    ]  # fmt: skip


def _row_style(line: Line, number: int) -> list[Any]:
    from reportlab.lib import colors

    if line.heading:
        return [
            ("BACKGROUND", (0, number), (-1, number), colors.HexColor(HEADING)),
            ("SPAN", (0, number), (-1, number)),
        ]
    found = []
    for place, item in enumerate(line.items):
        tone = "hole" if item.value is None and item.hole else item.state
        if tone in FILLS:
            found.append(("BACKGROUND", (place, number), (place, number), colors.HexColor(FILLS[tone])))
    return found


def _numbered(footer: str) -> type[Any]:
    """A canvas that knows how many pages there are when it writes the first one's number."""
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph

    class Numbered(Canvas):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            self.pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - the library's name
            self.pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self.pages, start=1):
                self.__dict__.update(page)
                self._write_footer(number, len(self.pages))
                super().showPage()
            super().save()

        def _write_footer(self, number: int, count: int) -> None:
            width = self._pagesize[0] - 2 * MARGIN
            text: Paragraph = _paragraph(footer, 7.5, FAINT)
            text.wrap(width - 60, 30)
            text.drawOn(self, MARGIN, MARGIN - 10)
            self.setFont("Helvetica", 7.5)
            self.setFillColor(FAINT)
            self.drawRightString(MARGIN + width, MARGIN - 8, f"{number} / {count}")

    return Numbered
