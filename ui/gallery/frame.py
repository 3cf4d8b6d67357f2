"""A frame filled as a client's would be, for looking at it without one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ui.frame import ClientChoice, FrameLinks, FramePerson, Freshness, RailGroup, RailItem


def gallery_frame(request: HttpRequest) -> dict[str, Any]:
    """What the context processors of a client's page would give."""
    return {
        "rail": [RailGroup(label, [_item(*item) for item in items]) for label, items in _groups()],
        "clients": [
            ClientChoice("Acme Cosmetics", "#acme", active=True),
            ClientChoice("Globex", "#globex"),
            ClientChoice("Sample", "#sample", is_sample=True),
        ],
        "client_name": "Acme Cosmetics",
        "sample_notice": True,
        "person": FramePerson("Alice Kim", "alice@example.com"),
        "links": FrameLinks(clients="#clients", account="#account", sign_out="#out", home="#home"),
        "freshness": Freshness(_("Data of today 08:12"), "moving"),
    }


def _item(label: str, icon: str, primary: bool) -> RailItem:
    return RailItem(label, f"#{icon}", icon, active=icon == "table-2", primary=primary)


def _groups() -> list[tuple[str, list[tuple[str, str, bool]]]]:
    return [
        ("", [(_("Home"), "house", True)]),
        (
            "KPI",
            [
                (_("HQ board"), "table-2", True),
                (_("Market in depth"), "chart-line", True),
                (_("Targets"), "target", False),
            ],
        ),
        (_("Journey"), [(_("Stages"), "route", False)]),
        (_("Data"), [(_("Sources"), "database", True), (_("Import a file"), "upload", False)]),
        (_("Settings"), [(_("Members"), "users", False), (_("Markets"), "globe", False)]),
    ]
