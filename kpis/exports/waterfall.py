"""A waterfall drawn into a PDF: from one level to another, each step where the last one ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpis.exports.document import Step, Waterfall
from kpis.exports.fonts import korean_font, printable

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing

BAND, BAR, SIZE = 22, 12, 7.5
TONES = {"good": "#0F8B6D", "bad": "#C8553D", "": "#3B4CCA"}
INK, FAINT, RULE = "#1C2333", "#5B6274", "#CDD2DE"
LABELS, TEXTS = 0.28, 0.24  # shares of the width: names on the left, amounts on the right


def waterfall_of(figure: Waterfall, width: float) -> Drawing:
    """The rungs from top to bottom; both levels are ticks and no bars, so the axis need not begin at zero."""
    from reportlab.graphics.shapes import Drawing, Line, Rect
    from reportlab.lib.colors import HexColor

    levels = levels_of(figure)
    low, high = min(levels), max(levels)
    left, inner = width * LABELS, width * (1 - LABELS - TEXTS)
    height = BAND * (len(figure.steps) + 2)
    drawing = Drawing(width, height)

    def across(level: float) -> float:
        return left + inner * ((level - low) / (high - low) if high > low else 0.5)

    for level in (levels[0], levels[-1]):
        drawing.add(Line(across(level), 0, across(level), height, strokeColor=HexColor(RULE), strokeDashArray=[2, 2]))
    for place, rung in enumerate((figure.start, *figure.steps, figure.end)):
        middle = height - BAND * (place + 0.5)
        _write(drawing, rung, middle, (left - 8, left + inner + 8))
        if place in (0, len(figure.steps) + 1):
            at = across(levels[0] if place == 0 else levels[-1])
            drawing.add(Rect(at - 1.5, middle - BAR / 2, 3, BAR, fillColor=HexColor(INK), strokeColor=None))
            continue
        begin, end = sorted((across(levels[place - 1]), across(levels[place])))
        colour = HexColor(TONES[rung.state])
        drawing.add(Rect(begin, middle - BAR / 2, max(end - begin, 0.6), BAR, fillColor=colour, strokeColor=None))
    return drawing


def levels_of(figure: Waterfall) -> Sequence[float]:
    """The start, and the level that is reached after each step."""
    found = [figure.start.amount]
    for step in figure.steps:
        found.append(found[-1] + step.amount)
    return found


def _write(drawing: Drawing, rung: Step, middle: float, ends: tuple[float, float]) -> None:
    """Name and amount on both sides of a rung."""
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import HexColor

    font, down = korean_font(), middle - SIZE / 3
    name = _fitting(printable(rung.name), ends[0])
    drawing.add(String(ends[0], down, name, fontName=font, fontSize=SIZE, textAnchor="end", fillColor=HexColor(FAINT)))
    drawing.add(String(ends[1], down, printable(rung.text), fontName=font, fontSize=SIZE, fillColor=HexColor(INK)))


def _fitting(text: str, width: float) -> str:
    """The text, cut where there is no room for more."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    if stringWidth(text, korean_font(), SIZE) <= width:
        return text
    while text and stringWidth(text + "…", korean_font(), SIZE) > width:
        text = text[:-1]
    return text + "…"
