"""One run of `benchmarks.imports` in a process of its own, so that its memory can be told."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any


def _bare(path: str, target: str) -> dict[str, float]:
    import duckdb

    began = time.perf_counter()
    with duckdb.connect() as own:
        own.execute(f"copy (select * from read_csv('{path}')) to '{target}' (format parquet)")
    return {"seconds": time.perf_counter() - began}


def _import(path: str, slug: str, email: str) -> dict[str, float]:
    """What the portal does with an uploaded file: read and checked, confirmed and loaded; then taken back again."""
    import django

    django.setup()
    from config.celery import app
    from sources import services
    from sources.models import FileImport
    from tenants.current import opened

    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    access = access_of_person(slug, email)
    began = time.perf_counter()
    with opened(access.client):
        with Path(path).open("rb") as file:
            received = services.receive_upload(
                access, name="channel_daily.csv", chunks=iter(lambda: file.read(1 << 20), b"")
            )
        ready = FileImport.objects.get(pk=received.pk)
        if ready.state != "ready":
            raise RuntimeError(f"The file is {ready.state}: {ready.problem}")
        confirmed = time.perf_counter()
        services.confirm_import(access, ready)
        done = FileImport.objects.get(pk=received.pk)
        ended = time.perf_counter()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        services.undo_import(access, done)
    return {
        "seconds": ended - confirmed,
        "whole": ended - began,
        "loaded": (done.loaded or {}).get("new", 0),
        "peak_mb": peak,
    }


def access_of_person(slug: str, email: str) -> Any:
    from tenants.access import access_of
    from tenants.models import User
    from tenants.queries import membership_at

    membership = membership_at(User.objects.get(email=email), slug)
    if membership is None:
        raise RuntimeError(f"{email} is no member of {slug}.")
    return access_of(membership)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    print(json.dumps(_bare(*sys.argv[2:]) if sys.argv[1] == "duckdb" else _import(*sys.argv[2:])))
