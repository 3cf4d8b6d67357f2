"""A million rows of a paged vendor until they are on the board, beside the same pages written straight to Parquet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import stage
from benchmarks.figures import Figure, median

ROUNDS = 3


def run(size: int = 1_000_000) -> list[Figure]:
    """*Figures*: ratio_to_parquet, peak_mb, seconds of both. The vendor and each run are processes of their own."""
    ours, bare, peaks = [], [], []
    with stage.folder() as folder, _vendor(size) as url:
        for turn in range(ROUNDS):
            bare.append(_in_process("parquet", url, str(folder / f"{turn}.parquet"))["seconds"])
            with stage.client("bench-sync", stage.market_drafts(1)) as (client, owner):
                found = _in_process("sync", url, client.slug, owner.email)
            if found["loaded"] != size:
                raise RuntimeError(f"{size} rows were sent, {found['loaded']} were loaded.")
            ours.append(found["seconds"])
            peaks.append(found["peak_mb"])
    ratios = [a / b for a, b in zip(ours, bare, strict=True)]
    return [
        Figure("ratio_to_parquet", median(ratios), "×", 2, f"{size:,} rows in pages; kept, loaded, measured"),
        Figure("peak_mb", max(peaks), "MB", 500, "resident, of the process that syncs"),
        Figure("sync_s", median(ours), "s", note="from the first call to the rows on the board"),
        Figure("parquet_s", median(bare), "s", note="the same pages, asked for in the same way, as one Parquet file"),
        Figure("rows_per_s", size / median(ours), "rows/s"),
    ]


@contextmanager
def _vendor(size: int) -> Iterator[str]:
    words = [sys.executable, "-m", "benchmarks.sync_runs", "serve", str(size)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=os.environ) as vendor:
        assert vendor.stdout is not None
        try:
            yield vendor.stdout.readline().strip()
        finally:
            vendor.terminate()


def _in_process(*words: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.sync_runs", *words],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    answer: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer
