"""What lies outside any client: sign-in, the list of clients, health."""

from django.urls import include, path

from config.views import health

urlpatterns = [
    path("health/", health, name="health"),
    path("accounts/", include("tenants.urls_accounts")),
    path("", include("ui.urls")),
    path("", include("tenants.urls")),
]
handler404 = "problems.edge.page_not_found"
handler403 = "problems.edge.permission_denied"
handler500 = "problems.edge.server_error"
