"""The client that is open in this thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django_tenants.utils import get_public_schema_name, tenant_context

from tenants.errors import TaskWithoutClient
from tenants.models import Client

# django-tenants' database wrapper has attributes that Django's types don't know.
_wrapper: Any = connection


def open_schema_name() -> str:
    """The schema that this thread's connection is in."""
    return str(_wrapper.schema_name)


def open_schema(client: Client) -> None:
    """Open a client's schema until `close_schema`; blocks of code use `opened`."""
    _wrapper.set_tenant(client)


def close_schema() -> None:
    """Go back to `public`."""
    _wrapper.set_schema_to_public()


def open_client() -> Client:
    """The client whose schema is open: every task's first line.

    Errors: TaskWithoutClient when it is `public`, so that a task can't touch shared tables by mistake.
    """
    if open_schema_name() == get_public_schema_name():
        raise TaskWithoutClient("This task belongs to a client and none is open.")
    tenant = _wrapper.tenant
    return tenant if isinstance(tenant, Client) else Client.objects.get(schema_name=open_schema_name())


@contextmanager
def opened(client: Client) -> Iterator[Client]:
    """Open a client's schema for a block, and give back what was open before."""
    with tenant_context(client):
        yield client
