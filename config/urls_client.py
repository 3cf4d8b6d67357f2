"""What lies inside a client, under /c/<client>/."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from config.openapi import ClientSchemaView
from config.views import search

api: list[URLPattern | URLResolver] = [
    path("", include("tenants.urls_api")),
    path("", include("sources.urls_api")),
    path("", include("kpis.urls_api")),
    path("schema/", ClientSchemaView.as_view(urlconf="config.urls_client"), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("search/", search, name="search"),
    path("", include("ui.urls")),
    path("settings/", include("tenants.urls_client")),
    path("", include("sources.urls")),
    path("", include("kpis.urls")),
    path("", include("journeys.urls")),
]
handler404 = "problems.edge.page_not_found"
handler403 = "problems.edge.permission_denied"
handler500 = "problems.edge.server_error"
