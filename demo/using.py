"""The traces that people leave in a sample client: definitions, plans agreed on, notes, actions and alerts."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from demo.calendar import Window
from demo.definitions import define_sample_kpis
from demo.notebook import write_sample_notes
from demo.staff import staff_of
from demo.targets import PlannedTarget
from demo.versions import set_sample_versions
from demo.watching import watch_sample
from kpis.models import OwnKpi
from kpis.models.inbox import Delivery
from kpis.services.inbox import choose_delivery
from tenants.models import Client


def use_sample(client: Client, window: Window, planned: Sequence[PlannedTarget]) -> None:
    """Work with a client as its people would have by today; all of it or nothing, and only once."""
    with transaction.atomic():
        if OwnKpi.objects.exists():
            return
        staff = staff_of(client, window)
        for access in staff.people.values():
            choose_delivery(access, Delivery.INBOX)  # nobody reads the mail of these addresses
        define_sample_kpis(staff)
        set_sample_versions(staff, planned)
        write_sample_notes(staff)
        watch_sample(staff)
