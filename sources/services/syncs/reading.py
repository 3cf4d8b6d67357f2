"""Reading a portion: every page is kept before the next is asked for, so that a killed worker goes on where it was."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sources.connectors.kinds import Account, Client, Stream, Window
from sources.connectors.problems import PageRepeats
from sources.models import Portion, PortionState
from sources.pages_kept import keep


def read_portion(
    portion: Portion, client: Client, stream: Stream, account: Account, secrets: Mapping[str, str]
) -> None:
    """Keep the pages of a portion that aren't kept yet. Errors: VendorProblem, and what was kept stays.

    A page and where it ends are written in that order: a page that was written twice is the same page.
    """
    window = Window(portion.first, portion.last)
    for page in client.pages(stream, account, window, portion.after):
        digest = hashlib.sha256(page.body).hexdigest()
        if page.after is not None and page.after == portion.after and digest == portion.last_page:
            raise PageRepeats(vendor=str(stream.name))
        keep(portion.pk, portion.pages, page.body, secrets)
        portion.pages += 1
        portion.after, portion.last_page = page.after, digest
        if page.after is None:
            portion.state = PortionState.READ
        portion.save(update_fields=("pages", "after", "last_page", "state", "changed_at"))
    if portion.state == PortionState.WAITING:
        portion.state = PortionState.READ
        portion.save(update_fields=("state", "changed_at"))
