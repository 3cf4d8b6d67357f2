"""What can stop the sample clients from being loaded, in sentences for the operator."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from problems.errors import Conflict, Permanent, Problem


class AddressTaken(Conflict):
    """A real client has the address of a sample client."""

    code = "sample_address_taken"

    def __init__(self, slug: str) -> None:
        super().__init__(
            _("The address “%(slug)s” belongs to a client that isn't a sample.") % {"slug": slug},
            fix=_("Start with --no-demo, or give that client another address."), slug=slug,
        )  # fmt: skip


class SampleFileStopped(Problem, Permanent):
    """A sample file didn't go through the import."""

    code = "sample_file_stopped"

    def __init__(self, name: str, state: str, reason: str) -> None:
        super().__init__(
            _("The sample file %(name)s stopped at “%(state)s”: %(reason)s")
            % {"name": name, "state": state, "reason": reason},
            fix=_("Run `manage.py load_demo` again: it goes on where it stopped."), name=name, state=state,
        )  # fmt: skip
