"""The API's description says under which root the open client stands, so that a page or a tool can call it."""

from __future__ import annotations

from typing import Any

from django.urls import get_script_prefix
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView


class ClientSchemaGenerator(SchemaGenerator):
    """The paths are those inside a client; the server is `/c/<client>`, or the root of the client's own host."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        schema = super().get_schema(request=request, public=public)
        return {**schema, "servers": [{"url": get_script_prefix().rstrip("/") or "/"}]}


class ClientSchemaView(SpectacularAPIView):
    generator_class = ClientSchemaGenerator
