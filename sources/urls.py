"""Pages under /c/<client>/sources/."""

from django.urls import path

from sources.views import connect, connections, home, imports, mapping, settling, syncs

app_name = "sources"
urlpatterns = [
    path("sources/", home.home, name="home"),
    path("sources/settling/", settling.settling, name="settling"),
    path("sources/connect/", connect.catalogue, name="connect"),
    path("sources/connect/<str:key>/", connect.keys, name="connect-keys"),
    path("sources/connect/<str:key>/choose/", connect.choose, name="connect-choose"),
    path("sources/connect/<str:key>/preview/", connect.preview, name="connect-preview"),
    path("sources/connections/<uuid:connection_id>/", connections.connection, name="connection"),
    path("sources/connections/<uuid:connection_id>/progress/", connections.progress, name="connection-progress"),
    path("sources/connections/<uuid:connection_id>/read/", connections.read, name="connection-read"),
    path("sources/connections/<uuid:connection_id>/pause/", connections.connection_pause, name="connection-pause"),
    path("sources/connections/<uuid:connection_id>/resume/", connections.connection_resume, name="connection-resume"),
    path("sources/connections/<uuid:connection_id>/remove/", connections.connection_remove, name="connection-remove"),
    path("sources/connections/<uuid:connection_id>/keys/", connections.connection_keys, name="connection-keys"),
    path(
        "sources/connections/<uuid:connection_id>/choices/", connections.connection_choices, name="connection-choices"
    ),
    path(
        "sources/connections/<uuid:connection_id>/preview/", connections.connection_preview, name="connection-preview"
    ),
    path("sources/syncs/<uuid:sync_id>/", syncs.sync, name="sync"),
    path("sources/syncs/<uuid:sync_id>/progress/", syncs.progress, name="sync-progress"),
    path("sources/syncs/<uuid:sync_id>/cancel/", syncs.cancel, name="sync-cancel"),
    path("sources/syncs/<uuid:sync_id>/retry/", syncs.retry, name="sync-retry"),
    path("sources/portions/<uuid:portion_id>/rejects.csv", syncs.rejects, name="portion-rejects"),
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
