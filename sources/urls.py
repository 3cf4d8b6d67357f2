"""Pages under /c/<client>/sources/."""

from django.urls import path

from sources.views import home, imports, mapping, settling

app_name = "sources"
urlpatterns = [
    path("sources/", home.home, name="home"),
    path("sources/settling/", settling.settling, name="settling"),
    path("sources/import/", imports.import_new, name="import-new"),
    path("sources/imports/<uuid:import_id>/", imports.import_page, name="import"),
    path("sources/imports/<uuid:import_id>/progress/", imports.import_progress, name="import-progress"),
    path("sources/imports/<uuid:import_id>/reread/", mapping.import_reread, name="import-reread"),
    path("sources/imports/<uuid:import_id>/mapping/", mapping.import_mapping, name="import-mapping"),
    path("sources/imports/<uuid:import_id>/check/", mapping.import_check, name="import-check"),
    path("sources/imports/<uuid:import_id>/confirm/", imports.import_confirm, name="import-confirm"),
    path("sources/imports/<uuid:import_id>/cancel/", imports.import_cancel, name="import-cancel"),
    path("sources/imports/<uuid:import_id>/retry/", imports.import_retry, name="import-retry"),
    path("sources/imports/<uuid:import_id>/undo/", imports.import_undo, name="import-undo"),
    path("sources/imports/<uuid:import_id>/rejects.csv", imports.import_rejects, name="import-rejects"),
]
