"""The sample story at full size (half a second) and, for files, at a tenth of it."""

from __future__ import annotations

import datetime as dt

import pytest

from demo.calendar import window_for
from demo.files import Delivery, write_files
from demo.telling import Tale, tell

TODAY = dt.date(2026, 11, 22)
SEED = 11


@pytest.fixture(scope="session")
def whole() -> dict[str, Tale]:
    """Every market's tale at full size."""
    return {tale.story.code: tale for tale in tell(window_for(TODAY), seed=SEED)}


@pytest.fixture(scope="session")
def small() -> list[Tale]:
    return tell(window_for(TODAY), seed=SEED, scale=0.1)


@pytest.fixture(scope="session")
def exports(small: list[Tale], tmp_path_factory: pytest.TempPathFactory) -> list[Delivery]:
    return write_files(small, tmp_path_factory.mktemp("exports"), seed=SEED)
