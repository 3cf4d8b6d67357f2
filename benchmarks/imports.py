"""Loading a file of two million rows, beside bare DuckDB reading it and writing it as Parquet."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import subprocess
import sys
from pathlib import Path

from benchmarks import stage
from benchmarks.figures import Figure, median

ROUNDS = 3
HEADER = "day,market,channel,campaign,ad_group,ad,device,impressions,clicks,cost,conversions,value"


def run(size: int = 2_000_000) -> list[Figure]:
    """*Figures*: ratio_to_duckdb, peak_mb, seconds of both, rows a second. Each run is its own process, in turn."""
    markets = stage.market_drafts(8)
    with stage.client("bench-import", markets) as (client, owner), stage.folder() as folder:
        path = folder / "channel_daily.csv"
        _write(path, size, [m.code for m in markets])
        ours, wholes, bare, peaks = [], [], [], []
        for _turn in range(ROUNDS):
            bare.append(_in_process("duckdb", str(path), str(folder / "bare.parquet"))["seconds"])
            result = _in_process("import", str(path), client.slug, owner.email)
            if result["loaded"] != size:
                raise RuntimeError(f"{size} rows went in, {result['loaded']} were loaded.")
            ours.append(result["seconds"])
            wholes.append(result["whole"])
            peaks.append(result["peak_mb"])
        megabytes = path.stat().st_size / 2**20
    ratios = [a / b for a, b in zip(ours, bare, strict=True)]
    return [
        Figure(
            "ratio_to_duckdb",
            median(ratios),
            "×",
            3,
            f"{size:,} rows, {megabytes:.0f} MB; staged, checked and loaded against read and written",
        ),
        Figure("peak_mb", max(peaks), "MB", 600, "resident, of the process that loads"),
        Figure("import_s", median(ours), "s", note="from the confirmed mapping to the rows on the board"),
        Figure("whole_s", median(wholes), "s", note="also received, recognised and every row checked before it"),
        Figure("duckdb_s", median(bare), "s"),
        Figure("rows_per_s", size / median(ours), "rows/s"),
    ]


def _write(path: Path, size: int, markets: list[str]) -> None:
    """Every row its own key: a campaign's ads by day, market and device."""
    draw = random.Random(4)
    first = dt.date(2025, 1, 1)
    devices = ("mobile", "desktop", "tablet")
    with path.open("w", encoding="utf-8") as handle:
        handle.write(HEADER + "\n")
        for n in range(size):
            ad = n // (600 * len(markets) * 3) if size > 100_000 else n
            day = first + dt.timedelta(days=n % 600)
            market = markets[n // 600 % len(markets)]
            device = devices[n // (600 * len(markets)) % 3]
            shown = draw.randint(100, 90_000)
            handle.write(
                f"{day},{market},google,campaign {ad % 20},group {ad % 100},ad {ad},{device},"
                f"{shown},{shown // 37},{shown / 31:.2f},{shown // 900},{shown / 4:.2f}\n"
            )


def _in_process(*words: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_runs", *words],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ,
    )
    answer: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer
