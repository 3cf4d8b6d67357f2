"""The API of sources and imports, under api/v1/."""

from django.urls import path

from sources import api, api_connections, api_settling

urlpatterns = [
    path("sources/settling/", api_settling.SettlingRules.as_view(), name="api-settling"),
    path("connectors/", api_connections.Connectors.as_view(), name="api-connectors"),
    path("connections/", api_connections.Connections.as_view(), name="api-connections"),
    path("connections/<uuid:connection_id>/", api_connections.ConnectionDetail.as_view(), name="api-connection"),
    path("connections/<uuid:connection_id>/syncs/", api_connections.ConnectionSyncs.as_view(), name="api-syncs"),
    path("syncs/<uuid:sync_id>/", api_connections.SyncDetail.as_view(), name="api-sync"),
    path("syncs/<uuid:sync_id>/cancel/", api_connections.SyncCancel.as_view(), name="api-sync-cancel"),
    path("syncs/<uuid:sync_id>/retry/", api_connections.SyncRetry.as_view(), name="api-sync-retry"),
    path("imports/", api.Imports.as_view(), name="api-imports"),
    path("imports/<uuid:import_id>/", api.ImportDetail.as_view(), name="api-import"),
    path("imports/<uuid:import_id>/reading/", api.ImportReading.as_view(), name="api-import-reading"),
    path("imports/<uuid:import_id>/mapping/", api.ImportMapping.as_view(), name="api-import-mapping"),
    path("imports/<uuid:import_id>/check/", api.ImportCheck.as_view(), name="api-import-check"),
    path("imports/<uuid:import_id>/confirm/", api.ImportConfirm.as_view(), name="api-import-confirm"),
    path("imports/<uuid:import_id>/retry/", api.ImportRetry.as_view(), name="api-import-retry"),
    path("imports/<uuid:import_id>/undo/", api.ImportUndo.as_view(), name="api-import-undo"),
    path("imports/<uuid:import_id>/rejects/", api.ImportRejects.as_view(), name="api-import-rejects"),
    path("imports/<uuid:import_id>/rejects.csv", api.ImportRejectsFile.as_view(), name="api-import-rejects-file"),
]
