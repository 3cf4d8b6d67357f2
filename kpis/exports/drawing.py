"""A line chart drawn into a PDF: gaps stay gaps, targets are dashed, the last value of each line is written on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpis.exports.document import Course, Figure
from kpis.exports.fonts import korean_font, printable
from ui import formats

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing

COLOURS = ("#3B4CCA", "#0F8B8D", "#C8553D", "#8E5BB5", "#A07A00")
HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 190, 62, 22, 12, 12
STEPS, MOST_LABELS = 4, 8


def drawing_of(figure: Figure, width: float, language: str) -> Drawing:
    """The chart, from zero or from the lowest negative value up."""
    from reportlab.graphics.shapes import Drawing, Line, PolyLine, String
    from reportlab.lib.colors import HexColor

    numbers = [value for course in figure.courses for value in course.values if value is not None]
    low, high = min([0.0, *numbers]), max([0.0, *numbers]) or 1.0
    drawing = Drawing(width, HEIGHT)
    font, faint = korean_font(), HexColor("#5B6274")
    inner, tall = width - LEFT - RIGHT, HEIGHT - BOTTOM - TOP

    def across(place: int) -> float:
        return LEFT + inner * (place / max(1, len(figure.labels) - 1))

    def up(value: float) -> float:
        return BOTTOM + tall * (value - low) / (high - low)

    for step in range(STEPS + 1):
        value = low + (high - low) * step / STEPS
        drawing.add(Line(LEFT, up(value), LEFT + inner, up(value), strokeColor=HexColor("#E1E4EC"), strokeWidth=0.5))
        text = formats.format_value(value, figure.unit, currency=figure.currency or "KRW", language=language,
                                    compact=True)  # fmt: skip
        drawing.add(String(LEFT - 5, up(value) - 3, printable(text), fontName=font, fontSize=7, textAnchor="end",
                           fillColor=faint))  # fmt: skip
    every = max(1, -(-len(figure.labels) // MOST_LABELS))
    for place in range(0, len(figure.labels), every):
        drawing.add(String(across(place), 6, printable(figure.labels[place]), fontName=font, fontSize=7,
                           textAnchor="middle", fillColor=faint))  # fmt: skip
    for number, course in enumerate(figure.courses):
        colour = HexColor(COLOURS[number % len(COLOURS)])
        for run in runs_of(course):
            points = [number for place, value in run for number in (across(place), up(value))]
            if len(run) == 1:
                points += [points[0] + 1.5, points[1]]
            drawing.add(PolyLine(points, strokeColor=colour, strokeWidth=1.4,
                                 strokeDashArray=[4, 3] if course.dashed else None))  # fmt: skip
        drawing.add(String(LEFT + 6 + 120 * number, HEIGHT - 8, printable(("- - " if course.dashed else "— ")
                           + course.name), fontName=font, fontSize=7.5, fillColor=colour))  # fmt: skip
    return drawing


def runs_of(course: Course) -> list[list[tuple[int, float]]]:
    """The stretches of a line between its gaps."""
    found: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(course.values):
        if value is None:
            found.append([])
        else:
            found[-1].append((place, value))
    return [run for run in found if run]
