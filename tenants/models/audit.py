"""Who did what, when: append-only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.client import Client
from tenants.models.user import User

WORDS = {
    "client.added": _("made the client"),
    "client.removed": _("removed the client"),
    "market.added": _("added a market"),
    "market.changed": _("changed a market"),
    "member.added": _("added a member"),
    "member.changed": _("changed a member"),
    "member.removed": _("removed a member"),
    "token.made": _("made an API token"),
    "token.revoked": _("revoked an API token"),
    "import.confirmed": _("confirmed a file"),
    "import.cancelled": _("gave a file up"),
    "import.undone": _("took an import back"),
    "import.uploaded": _("uploaded a file"),
    "import.loaded": _("finished loading a file"),
    "sample.begun": _("began the sample data"),
    "sample.loaded": _("loaded the sample data"),
    "targets.set": _("changed targets"),
    "rates.set": _("changed exchange rates"),
    "kpi.made": _("made a KPI"),
    "kpi.changed": _("changed a KPI's definition"),
    "kpi.switched": _("switched KPIs on or off"),
    "kpi.set_chosen": _("chose a recommended set of KPIs"),
    "override.proposed": _("proposed a local definition"),
    "override.approved": _("approved a local definition"),
    "override.refused": _("turned a local definition down"),
    "override.ended": _("ended a local definition"),
    "omtm.chosen": _("chose the one metric that matters"),
    "ranks.shared": _("changed whether markets see their rank"),
    "note.written": _("wrote a note"),
    "note.changed": _("changed a note"),
    "note.deleted": _("deleted a note"),
    "action.made": _("made an action"),
    "action.changed": _("changed an action"),
    "alert.made": _("made an alert"),
    "alert.changed": _("changed an alert"),
    "alert.deleted": _("deleted an alert"),
    "connection.made": _("connected a source"),
    "connection.keys": _("changed a connection's keys"),
    "connection.changed": _("changed a connection"),
    "connection.paused": _("paused a connection"),
    "connection.resumed": _("resumed a connection"),
    "connection.removed": _("removed a connection"),
    "sync.asked": _("asked for a sync"),
    "sync.again": _("had a sync tried again"),
    "sync.cancelled": _("cancelled a sync"),
}


class AuditEntry(models.Model):
    """One act. `action` is a stable word such as `market.added`; `detail` never holds a customer's data."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="audit", null=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    who = models.CharField(max_length=254)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at",)
        indexes = (models.Index(fields=("client", "-at"), name="audit_by_client"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.action} {self.subject}"

    @property
    def words(self) -> str:
        """What was done, in the reader's language."""
        return str(WORDS.get(self.action, self.action))
