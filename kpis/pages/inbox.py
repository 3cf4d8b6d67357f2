"""The inbox of a person at a client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from kpis.messages import message_text
from kpis.models import InboxItem
from kpis.models.inbox import Delivery, MailState
from kpis.queries.inbox import delivery_of, inbox_of, unread_count
from tenants.access import Access
from ui.components import Tab

PER_PAGE = 50
ICONS = {
    "firing": "bell-ring",
    "broken": "triangle-alert",
    "mentioned": "at-sign",
    "answered": "reply",
    "given": "list-todo",
}


@dataclass(frozen=True, slots=True)
class InboxLine:
    """An item in words."""

    item: InboxItem
    text: str
    icon: str
    url: str
    mail: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Everything that `kpis/inbox.html` prints."""

    lines: Sequence[InboxLine]
    page: Page[InboxItem]
    tabs: Sequence[Tab]
    unread: int
    delivery: str
    deliveries: Sequence[tuple[str, str]]


def inbox_page(access: Access, query: QueryDict) -> InboxPage:
    """The latest first; `unread=1` leaves the read ones out."""
    only_unread = query.get("unread") == "1"
    found = inbox_of(access).filter(read_at=None) if only_unread else inbox_of(access)
    page = Paginator(found, PER_PAGE).get_page(query.get("page"))
    unread = unread_count(access)
    here = reverse("kpis:inbox")
    return InboxPage(
        lines=[inbox_line(item) for item in page.object_list],
        page=page,
        tabs=[Tab(_("All"), here, not only_unread), Tab(_("Unread"), f"{here}?unread=1", only_unread, unread)],
        unread=unread,
        delivery=delivery_of(access),
        deliveries=[(one.value, str(one.label)) for one in Delivery],
    )


def inbox_line(item: InboxItem) -> InboxLine:
    """An item in the reader's language."""
    late = _("The mail hasn't been taken yet; it is tried again.") if _is_late(item) else ""
    return InboxLine(
        item,
        message_text(item.message, item.about),
        ICONS.get(item.message, "bell"),
        get_script_prefix() + item.link,
        late,
    )


def _is_late(item: InboxItem) -> bool:
    return item.mail_state == MailState.WAITING and item.mail_tries > 0
