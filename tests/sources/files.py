"""Files made for a test, and the real ones beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sources.reading.markets import MarketNames
from sources.reading.profile import profile_columns, sample_rows
from sources.reading.proposal import Proposal, Surroundings, propose
from sources.reading.shape import Choices, Limits, Shape
from sources.reading.staging import stage
from sources.reading.table import shape_of
from warehouse.plan import ColumnPlan, Staged

ROOT = Path(__file__).resolve().parents[2]
MARKETS = tuple(
    MarketNames(code, code, names)
    for code, names in (
        ("KR", ("한국", "Korea")),
        ("JP", ("일본", "Japan")),
        ("US", ("미국", "United States")),
        ("GB", ("영국", "United Kingdom")),
        ("DE", ("독일", "Germany")),
        ("IE", ("아일랜드", "Ireland")),
        ("IN", ("인도", "India")),
    )
)


def real(name: str) -> Path:
    """A real file; its absence fails in CI and is told elsewhere."""
    path = Path(os.environ.get("YEOJEONG_DATA", ROOT.parent / "shared" / "data")) / name
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"The real file {path} is missing. Set YEOJEONG_DATA to the folder that holds it.")
        pytest.skip(f"REAL DATA MISSING: {path}. Set YEOJEONG_DATA to the folder that holds it.")
    return path


def write(folder: Path, content: str | bytes, name: str = "file.csv", encoding: str = "utf-8") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return path


def shape(path: Path, *, limits: Limits | None = None, **choices: str | int | None) -> Shape:
    """What a file is, with its working copies beside it."""
    work = path.parent / "work"
    work.mkdir(exist_ok=True)
    return shape_of(path, work, choices=Choices(**choices), limits=limits or Limits())  # type: ignore[arg-type]


def staged(path: Path, **choices: str | int | None) -> Staged:
    """A file made readable."""
    return stage(path, path.parent / "work", shape(path, **choices))


def rows(path: Path, **choices: str | int | None) -> list[list[str]]:
    """The cells of a staged file, without its header."""
    return sample_rows(staged(path, **choices))


def proposed(path: Path, folder: Path, markets: tuple[MarketNames, ...] = MARKETS, name: str = "") -> Proposal:
    """What a file is proposed to be."""
    found = shape_of(path, folder)
    ready = stage(path, folder, found)
    cells = sample_rows(ready)
    around = Surroundings(name or path.name, markets, frozenset(market.code for market in markets))
    return propose(found, profile_columns(ready.columns, cells), cells, around)


def mapping(proposal: Proposal) -> dict[str, str]:
    """Target → file column, or =value for the whole file."""
    return {one.target: one.column or f"={one.constant}" for one in proposal.plan.columns}


def column(proposal: Proposal, target: str) -> ColumnPlan:
    """One mapped column."""
    return next(one for one in proposal.plan.columns if one.target == target)
