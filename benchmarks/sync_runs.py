"""The parts of `benchmarks.sync` that run in processes of their own: the vendor, bare Parquet, and the sync."""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

PAGE = 10_000
FIRST = dt.date(2025, 1, 1)
DAYS = 500


def _row(n: int) -> dict[str, Any]:
    shown = 100 + n * 7919 % 89_900
    return {
        "day": str(FIRST + dt.timedelta(days=n % DAYS)), "campaign": f"campaign {n // DAYS % 20}",
        "ad_group": f"group {n // DAYS % 100}", "ad": f"ad {n // DAYS}", "impressions": shown, "clicks": shown // 37,
        "cost": round(shown / 31, 2), "conversions": shown // 900, "value": round(shown / 4, 2),
    }  # fmt: skip


def _serve(size: str) -> None:
    """A vendor with `size` rows in pages made beforehand: what it costs to make them isn't measured."""
    from sources.connectors.fakes import Asked, Fake, Reply

    pages = []
    for start in range(0, int(size), PAGE):
        rows = [_row(n) for n in range(start, min(start + PAGE, int(size)))]
        following = start + PAGE if start + PAGE < int(size) else None
        pages.append(json.dumps({"rows": rows, "next": following}).encode())

    class Paged(Fake):
        def answer(self, asked: Asked) -> Reply:
            return Reply(pages[int(asked.query.get("from", "0")) // PAGE])

    with Paged().serving() as url:
        sys.stdout.write(url + "\n")
        sys.stdout.flush()
        while True:
            time.sleep(3600)


def _records(body: bytes) -> Iterator[Mapping[str, Any]]:
    return iter(json.loads(body)["rows"])


def _connector() -> Any:
    """A connector to that vendor, made of what every connector is made of."""
    from sources.connectors.kinds import Account, Connector, Cursor, Limits, Page, Stream, Target, Window
    from sources.connectors.session import VendorSession

    class Paged:
        def __init__(self, session: VendorSession, _given: Mapping[str, str]) -> None:
            self.session = session

        def accounts(self) -> list[Account]:
            return [Account("one", "one", "KRW", "Asia/Seoul")]

        def pages(self, _stream: Stream, _account: Account, _window: Window, after: Cursor | None) -> Iterator[Page]:
            place: int | None = int((after or {}).get("from", 0))
            while place is not None:
                body = self.session.get("/rows", {"from": place}).body
                place = json.loads(body)["next"]
                yield Page(body, None if place is None else {"from": place})

    numbers = ("impressions", "clicks", "cost", "conversions", "value")
    stream = Stream(
        key="ads",
        name="ads",
        table="channel_daily",
        targets={
            "day": Target("day", "date", ("%Y-%m-%d",)),
            **{name: Target(name) for name in ("campaign", "ad_group", "ad")},
            **{name: Target(name, "number") for name in numbers},
        },
        records=_records,
        window_days=4000,
        look_back_days=1,
        constants={"channel": "google", "medium": "cpc"},
    )
    return Connector(
        key="paged", name="paged", group="ads", about="", host="", needs=(), streams=(stream,),
        limits=Limits(retention_days=4000), rule="ads", open=Paged,
    )  # fmt: skip


def _django(url: str) -> None:
    os.environ["CONNECTOR_ADDRESSES"] = f"paged={url}"
    os.environ["CONNECTOR_PRIVATE_HOSTS"] = "127.0.0.1"
    import django

    django.setup()
    from config.celery import app

    app.conf.update(task_always_eager=True, task_eager_propagates=True)


def _parquet(url: str, target: str) -> dict[str, float]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    _django(url)
    from sources.connectors.kinds import Account, Window
    from sources.services.syncs.running import vendor_with

    kind = _connector()
    began = time.perf_counter()
    vendor, writer = vendor_with(kind, {}, "bench"), None
    window = Window(FIRST, FIRST + dt.timedelta(days=DAYS))
    for page in vendor.pages(kind.streams[0], Account("one", "one"), window, None):
        batch = pa.Table.from_pylist(list(kind.streams[0].records(page.body)))
        writer = writer or pq.ParquetWriter(target, batch.schema)
        writer.write_table(batch)
    if writer is not None:
        writer.close()
    return {"seconds": time.perf_counter() - began}


def _sync(url: str, slug: str, email: str) -> dict[str, float]:
    _django(url)
    from benchmarks.import_runs import access_of_person
    from sources.connectors import BY_KEY
    from sources.connectors.kinds import Account
    from sources.services.syncs.connecting import Chosen, connect
    from tenants.current import opened

    kind = BY_KEY.setdefault("paged", _connector())
    access = access_of_person(slug, email)
    account = Account("one", "one", "KRW", "Asia/Seoul")
    with opened(access.client):
        began = time.perf_counter()
        market = access.market_codes[0]
        connection = connect(access, kind, {}, Chosen("paged", [account], {"one": market}, since=FIRST))
        ended = time.perf_counter()
        counts = [portion.counts for sync in connection.syncs.all() for portion in sync.portions.all()]
    return {
        "seconds": ended - began,
        "loaded": sum((one or {}).get("new", 0) for one in counts),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    parts: dict[str, Callable[..., object]] = {"serve": _serve, "parquet": _parquet, "sync": _sync}
    sys.stdout.write(json.dumps(parts[sys.argv[1]](*sys.argv[2:])) + "\n")
