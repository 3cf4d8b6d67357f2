"""Background work of these tests is done at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's transaction is never committed, so what waits for its commit is run where it is asked for."""

    def run(do: Callable[[], Any], **_options: Any) -> None:
        do()

    monkeypatch.setattr(transaction, "on_commit", run)
