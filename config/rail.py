"""The rail: every page that a client's people can open, in the order of the loop."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """`name` is the URL's; `rule` hides it from those who may not; `primary` stands on a phone's bar."""

    label: str | Promise
    icon: str
    name: str
    rule: str = ""
    primary: bool = False


RAIL_GROUPS: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    ("", (Entry(_("Home"), "house", "journeys:home", primary=True),)),
    (
        _("KPI"),
        (
            Entry(_("HQ board"), "table-2", "kpis:board", primary=True),
            Entry(_("Market in depth"), "chart-line", "kpis:in-depth", primary=True),
            Entry(_("Best market"), "trophy", "kpis:best-market"),
            Entry(_("Targets"), "target", "kpis:targets"),
            Entry(_("Pacing"), "gauge", "kpis:pacing"),
            Entry(_("Alerts"), "bell", "kpis:alerts"),
            Entry(_("Actions"), "list-todo", "kpis:actions"),
            Entry(_("Exchange rates"), "coins", "kpis:rates"),
            Entry(_("Restatements"), "history", "kpis:restatements"),
            Entry(_("KPI definitions"), "book-open", "kpis:catalogue"),
        ),
    ),
    (
        _("Data"),
        (Entry(_("Sources"), "database", "sources:home", primary=True),),
    ),
    (
        _("Settings"),
        (
            Entry(_("Markets"), "globe", "tenants:markets"),
            Entry(_("Members"), "users", "tenants:members", rule="manage_members"),
            Entry(_("API tokens"), "key-round", "tenants:tokens"),
            Entry(_("Change history"), "history", "tenants:audit", rule="see_audit"),
        ),
    ),
)
