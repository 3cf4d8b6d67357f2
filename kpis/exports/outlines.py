"""Glyphs of OpenType fonts with PostScript outlines, as plain moves, lines and curves.

*Source*: Adobe Technical Notes 5176 (Compact Font Format, 2003) and 5177 (Type 2 charstrings, 2000); the OpenType
specification for the file around them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

Point = tuple[float, float]
Stroke = tuple[str, tuple[Point, ...]]  # move and line have one point, curve its two handles and its end
COLLECTION = b"ttcf"
CHARSTRINGS, PRIVATE, SUBRS, FDARRAY, FDSELECT = 17, 18, 19, 1236, 1237
DEEPEST = 10  # subroutines within subroutines


class Bytes(Protocol):
    """What is read: bytes, or a file that the system maps into memory."""

    def __getitem__(self, part: slice) -> bytes: ...


class BadOutlines(ValueError):
    """The font isn't what the notes describe."""


def tables_of(data: Bytes, index: int = 0) -> dict[str, tuple[int, int]]:
    """Tables of a font file, or of one font in a collection, as offset and length. Errors: BadOutlines."""
    start = _number(data, 12 + 4 * index, 4) if data[0:4] == COLLECTION else 0
    found = {}
    for place in range(_number(data, start + 4, 2)):
        record = data[start + 12 + 16 * place : start + 28 + 16 * place]
        if len(record) < 16:
            raise BadOutlines("the file ends within its list of tables")
        tag, _sum, offset, length = struct.unpack(">4sLLL", record)
        found[tag.decode("latin-1")] = (offset, length)
    return found


def _number(data: Bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")


@dataclass(frozen=True)
class Index:
    """An INDEX: any number of byte strings, found by their place."""

    data: Bytes
    start: int

    @cached_property
    def count(self) -> int:
        return _number(self.data, self.start, 2)

    def _offset(self, place: int) -> int:
        size = _number(self.data, self.start + 2, 1)
        base = self.start + 2 + size * (self.count + 1)
        return base + _number(self.data, self.start + 3 + size * place, size)

    def __getitem__(self, place: int) -> bytes:
        if not 0 <= place < self.count:
            raise BadOutlines(f"there is no number {place} of {self.count}")
        return self.data[self._offset(place) : self._offset(place + 1)]

    @property
    def end(self) -> int:
        return self._offset(self.count) if self.count else self.start + 2

    @property
    def bias(self) -> int:
        """What is added to the number of a subroutine."""
        return 107 if self.count < 1240 else 1131 if self.count < 33_900 else 32_768


def operators(code: bytes) -> dict[int, list[float]]:
    """A DICT: operands by operator, those of two bytes as 1200 and the second."""
    found: dict[int, list[float]] = {}
    operands: list[float] = []
    at = 0
    while at < len(code):
        first = code[at]
        at += 1
        if first == 30:  # a real number in half bytes; none of those that are read here is one
            while code[at] & 0xF != 0xF and code[at] >> 4 != 0xF:
                at += 1
            at += 1
            operands.append(0)
        elif first == 29:
            operands.append(int.from_bytes(code[at : at + 4], "big", signed=True))
            at += 4
        elif first >= 32 or first == 28:
            number, at = _operand(code, at - 1)
            operands.append(number)
        else:
            if first == 12:
                first, at = 1200 + code[at], at + 1
            found[first], operands = operands, []
    return found


def _operand(code: bytes, at: int) -> tuple[float, int]:
    """A number of a charstring, and where the next begins."""
    first = code[at]
    if first == 28:
        return int.from_bytes(code[at + 1 : at + 3], "big", signed=True), at + 3
    if first == 255:
        return int.from_bytes(code[at + 1 : at + 5], "big", signed=True) / 65_536, at + 5
    if first < 247:
        return first - 139, at + 1
    if first < 251:
        return (first - 247) * 256 + code[at + 1] + 108, at + 2
    return -(first - 251) * 256 - code[at + 1] - 108, at + 2


@dataclass
class Outlines:
    """The CFF table of a font: each glyph by its number."""

    data: Bytes
    offset: int
    subrs: dict[int, Index | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = Index(self.data, self.offset + _number(self.data, self.offset + 2, 1))
        tops = Index(self.data, names.end)
        self.top = operators(tops[0])
        self.shared = Index(self.data, Index(self.data, tops.end).end)
        self.glyphs = self._index(self.top[CHARSTRINGS][0])
        self.fonts = self._index(self.top[FDARRAY][0]) if FDARRAY in self.top else None

    def _index(self, offset: float) -> Index:
        return Index(self.data, self.offset + int(offset))

    def of(self, glyph: int) -> list[Stroke]:
        """What is drawn for a glyph, in units of the font. Errors: BadOutlines."""
        drawing = _Drawing(self.shared, self._own_subrs(glyph))
        try:
            drawing.run(self.glyphs[glyph], 0)
        except IndexError:
            raise BadOutlines(f"glyph {glyph} ends too early") from None
        return drawing.strokes

    def _own_subrs(self, glyph: int) -> Index | None:
        """The subroutines of the glyph's own part of the font."""
        part = self._part(glyph)
        if part not in self.subrs:
            found = operators(self.fonts[part]) if self.fonts is not None else self.top
            size, offset = (int(number) for number in found.get(PRIVATE, (0, 0)))
            begin = self.offset + offset
            private = operators(self.data[begin : begin + size])
            self.subrs[part] = Index(self.data, begin + int(private[SUBRS][0])) if SUBRS in private else None
        return self.subrs[part]

    def _part(self, glyph: int) -> int:
        if self.fonts is None:
            return 0
        start = self.offset + int(self.top[FDSELECT][0])
        if _number(self.data, start, 1) == 0:
            return _number(self.data, start + 1 + glyph, 1)
        return self._ranges.part_of(glyph)

    @cached_property
    def _ranges(self) -> _Ranges:
        start = self.offset + int(self.top[FDSELECT][0])
        count = _number(self.data, start + 1, 2)
        pairs = [struct.unpack(">HB", self.data[start + 3 + 3 * n : start + 6 + 3 * n]) for n in range(count)]
        return _Ranges([first for first, _part in pairs], [part for _first, part in pairs])


@dataclass(frozen=True)
class _Ranges:
    firsts: Sequence[int]
    parts: Sequence[int]

    def part_of(self, glyph: int) -> int:
        from bisect import bisect_right

        return self.parts[bisect_right(self.firsts, glyph) - 1]


@dataclass
class _Drawing:
    """A charstring at work. Hints are counted, because their masks are as long as they are many, and left out."""

    shared: Index
    own: Index | None
    strokes: list[Stroke] = field(default_factory=list)
    stack: list[float] = field(default_factory=list)
    at: Point = (0.0, 0.0)
    hints: int = 0
    done: bool = False

    def run(self, code: bytes, depth: int) -> None:
        if depth > DEEPEST:
            raise BadOutlines("subroutines call each other without an end")
        place = 0
        while place < len(code) and not self.done:
            first = code[place]
            if first >= 32 or first == 28:
                number, place = _operand(code, place)
                self.stack.append(number)
                continue
            place += 1
            if first == 11:
                return
            if first in (10, 29):
                self._call(self.own if first == 10 else self.shared, depth)
            elif first == 12:
                self._flex(code[place])
                place += 1
            elif first in (19, 20):
                self._count_hints()
                place += (self.hints + 7) // 8
            else:
                self._draw(first)

    def _call(self, subrs: Index | None, depth: int) -> None:
        if subrs is None:
            raise BadOutlines("there are no subroutines")
        self.run(subrs[int(self.stack.pop()) + subrs.bias], depth + 1)

    def _count_hints(self) -> None:
        self.hints += len(self.stack) // 2
        self.stack.clear()

    def _draw(self, operator: int) -> None:
        if operator == 14:
            self.done = True
        elif operator in (1, 3, 18, 23):
            self._count_hints()
        elif operator in (4, 21, 22):  # vertical, any, horizontal
            right, up = {4: (0, self.stack[-1]), 21: self.stack[-2:], 22: (self.stack[-1], 0)}[operator]
            self._move(right, up)
        elif operator in (5, 6, 7):
            self._straight(operator)
        elif operator in (8, 24, 25):
            self._mixed(operator)
        elif operator in (26, 27):
            self._along(upright=operator == 26)
        elif operator in (30, 31):
            self._in_turn(upright=operator == 30)
        else:
            raise BadOutlines(f"operator {operator} isn't known")
        self.stack.clear()

    def _straight(self, operator: int) -> None:
        """Lines anywhere, or level and upright ones by turns."""
        if operator == 5:
            self._lines(self.stack)
            return
        for place, amount in enumerate(self.stack):
            level = (place % 2 == 0) == (operator == 6)
            self._lines((amount, 0) if level else (0, amount))

    def _mixed(self, operator: int) -> None:
        """Curves, curves and a line, or lines and a curve."""
        lines_first = len(self.stack) - 6 if operator == 25 else 0
        curves_end = len(self.stack) - 2 if operator == 24 else len(self.stack)
        self._lines(self.stack[:lines_first])
        self._curves(self.stack[lines_first:curves_end])
        self._lines(self.stack[curves_end:])

    def _move(self, right: float, up: float) -> None:
        self.at = (self.at[0] + right, self.at[1] + up)
        self.strokes.append(("move", (self.at,)))

    def _lines(self, deltas: Sequence[float]) -> None:
        for end in self._points(deltas):
            self.strokes.append(("line", (end,)))

    def _curves(self, deltas: Sequence[float]) -> None:
        points = [*self._points(deltas)]
        for place in range(0, len(points) - 2, 3):
            self.strokes.append(("curve", tuple(points[place : place + 3])))

    def _points(self, deltas: Sequence[float]) -> Iterator[Point]:
        for place in range(0, len(deltas) - 1, 2):
            self.at = (self.at[0] + deltas[place], self.at[1] + deltas[place + 1])
            yield self.at

    def _along(self, *, upright: bool) -> None:
        """Curves that begin and end in the same direction; the first may begin a little aside."""
        aside, rest = (self.stack[0], self.stack[1:]) if len(self.stack) % 4 else (0, self.stack)
        for place in range(0, len(rest) - 3, 4):
            first, right, up, last = rest[place : place + 4]
            self._curves((aside, first, right, up, 0, last) if upright else (first, aside, right, up, last, 0))
            aside = 0

    def _in_turn(self, *, upright: bool) -> None:
        """Curves that begin upright and end level, and the other way round; the last may end a little aside."""
        count = len(self.stack) // 4
        for turn in range(count):
            first, right, up, last = self.stack[4 * turn : 4 * turn + 4]
            aside = self.stack[-1] if turn == count - 1 and len(self.stack) % 4 else 0
            if upright:
                self._curves((0, first, right, up, last, aside))
            else:
                self._curves((first, 0, right, up, aside, last))
            upright = not upright

    def _flex(self, kind: int) -> None:
        """Two curves that a printer might have drawn as one line."""
        given = [*self.stack]
        match kind:
            case 35:
                self._curves(given[:12])
            case 34:
                a, b, c, d, e, f, g = given
                self._curves((a, 0, b, c, d, 0, e, 0, f, -c, g, 0))
            case 36:
                a, b, c, d, e, f, g, h, i = given
                self._curves((a, b, c, d, e, 0, f, 0, g, h, i, -(b + d + h)))
            case 37:
                right, up = (sum(given[side:10:2]) for side in (0, 1))
                last = (given[10], -up) if abs(right) > abs(up) else (-right, given[10])
                self._curves((*given[:10], *last))
            case _:
                raise BadOutlines(f"operator 12 {kind} isn't known")
        self.stack.clear()
