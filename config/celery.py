"""The Celery app: every task runs in its client's schema, or fails; it never falls back to `public`."""

from __future__ import annotations

import os
from typing import Any

from celery.signals import worker_ready
from tenant_schemas_celery.app import CeleryApp, get_schema_name_from_task
from tenant_schemas_celery.task import TenantTask

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class GuardedTask(TenantTask):
    """Fails closed: a task whose client is gone would otherwise run in `public` and succeed."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from tenants.current import open_schema_name

        if not self.request.called_directly and not self.request.is_eager:
            wanted = get_schema_name_from_task(self, kwargs)
            if not wanted or wanted != open_schema_name():
                raise RuntimeError(f"The task's client {wanted!r} is not open: nothing was done.")
        return super().__call__(*args, **kwargs)


class App(CeleryApp):
    task_cls = GuardedTask


@worker_ready.connect
def hand_out_again(**_kwargs: Any) -> None:
    """A worker that starts asks at once for what its predecessor may have left behind."""
    app.send_task("config.tasks.resume_of_every_client", args=[0])


app = App("yeojeong")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
