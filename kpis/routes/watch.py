"""Alerts, annotations, comments and actions."""

from __future__ import annotations

from django.urls import URLPattern, path

from kpis.api import alerts as alerts_api
from kpis.api import inbox as inbox_api
from kpis.api import notes as notes_api
from kpis.views import actions, alerts, inbox, notes

pages: list[URLPattern] = [
    path("kpi/notes/", notes.notes_of, name="notes-of"),
    path("kpi/notes/write/", notes.note_write, name="note-write"),
    path("kpi/notes/<int:note_id>/answer/", notes.note_answer, name="note-answer"),
    path("kpi/notes/<int:note_id>/change/", notes.note_change, name="note-change"),
    path("kpi/notes/<int:note_id>/delete/", notes.note_delete, name="note-delete"),
    path("kpi/board/marks/", notes.board_marks, name="board-marks"),
    path("kpi/actions/", actions.actions, name="actions"),
    path("kpi/actions/new/", actions.action_new, name="action-new"),
    path("kpi/actions/<int:action_id>/", actions.action_change, name="action-change"),
    path("kpi/alerts/", alerts.alerts, name="alerts"),
    path("kpi/alerts/new/", alerts.alert_new, name="alert-new"),
    path("kpi/alerts/rehearsal/", alerts.alert_rehearsal, name="alert-rehearsal"),
    path("kpi/alerts/<int:alert_id>/", alerts.alert, name="alert"),
    path("kpi/alerts/<int:alert_id>/change/", alerts.alert_change, name="alert-change"),
    path("kpi/alerts/<int:alert_id>/mute/", alerts.alert_mute, name="alert-mute"),
    path("kpi/alerts/<int:alert_id>/switch/", alerts.alert_switch, name="alert-switch"),
    path("kpi/alerts/<int:alert_id>/delete/", alerts.alert_delete, name="alert-delete"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/bell/", inbox.inbox_bell, name="inbox-bell"),
    path("inbox/read/", inbox.inbox_read, name="inbox-read"),
    path("inbox/delivery/", inbox.inbox_delivery, name="inbox-delivery"),
    path("inbox/<int:item_id>/", inbox.inbox_open, name="inbox-open"),
]
api: list[URLPattern] = [
    path("notes/", notes_api.Notes.as_view(), name="api-notes"),
    path("notes/<int:note_id>/", notes_api.OneNote.as_view(), name="api-note"),
    path("actions/", notes_api.Actions.as_view(), name="api-actions"),
    path("actions/<int:action_id>/", notes_api.OneAction.as_view(), name="api-action"),
    path("alerts/", alerts_api.Alerts.as_view(), name="api-alerts"),
    path("alerts/rehearsal/", alerts_api.AlertRehearsal.as_view(), name="api-alert-rehearsal"),
    path("alerts/events/", alerts_api.AlertEvents.as_view(), name="api-alert-events"),
    path("alerts/<int:alert_id>/", alerts_api.OneAlert.as_view(), name="api-alert"),
    path("inbox/", inbox_api.Inbox.as_view(), name="api-inbox"),
]
