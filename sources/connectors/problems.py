"""What a vendor can answer, each in a sentence that says what to do. A vendor's own words stand in the details.

`code` is stable: the syncs' log, the health page and the API tell by it what to do.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from problems.errors import Permanent, Retryable
from sources.errors import ImportProblem


class VendorProblem(ImportProblem):
    """Something between us and a vendor. *Details*: vendor, said (the vendor's own words, shortened)."""

    code = "vendor_problem"
    words = _("{vendor} can't be read: {said}")
    mend = _("Try again. If it stays, check the connection's account and keys.")

    def __init__(self, *, vendor: Any = "", said: str = "", **details: Any) -> None:
        super().__init__(vendor=vendor, said=said[:300], **details)


class KeyRefused(VendorProblem):
    """The credentials are wrong, expired or revoked: nobody but a person can mend that."""

    code = "vendor_key_refused"
    words = _("{vendor} refuses the credentials of this connection.")
    mend = _("Connect again with a key that works: it may have been deleted, replaced or copied incompletely.")


class NotPermitted(VendorProblem):
    """The credentials are right and may not read this."""

    code = "vendor_not_permitted"
    words = _("{vendor} doesn't let this key read account {account}.")
    mend = _("Ask the account's owner for reading permission, or take the account out of the connection.")


class AccountGone(VendorProblem):
    code = "vendor_account_gone"
    words = _("{vendor} knows no account {account}.")
    mend = _("Check whether it was closed, or choose the accounts of this connection again.")


class AskedWrongly(VendorProblem):
    """The vendor understands us and refuses: a change of its interface, or a fault of ours."""

    code = "vendor_asked_wrongly"
    words = _("{vendor} refuses the request: {said}")
    mend = _("The vendor has probably changed its interface. Nothing is lost: tell the operator of this portal.")


class TooManyCalls(VendorProblem, Retryable):
    """The vendor asks us to wait. *Details*: wait_s."""

    code = "vendor_too_many_calls"
    words = _("{vendor} takes no more calls for now; it is asked again in {wait_s} s.")
    mend = _("Nothing is to be done. If it happens often, sync less often or fewer accounts.")


class VendorDown(VendorProblem, Retryable):
    """No answer, half an answer, or an error of theirs."""

    code = "vendor_down"
    words = _("{vendor} doesn't answer properly: {said}")
    mend = _("It is asked again by itself. If it stays for hours, look at the vendor's status page.")


class Nonsense(VendorProblem, Permanent):
    """The answer isn't what the interface promises: HTML, no JSON, numbers that are none."""

    code = "vendor_nonsense"
    words = _("{vendor} answered with something that isn't its data: {said}")
    mend = _("A proxy or a maintenance page may stand between. What was loaded before stays; try again later.")


class PageTooLarge(VendorProblem, Permanent):
    code = "vendor_page_too_large"
    words = _("{vendor} sent more than {limit_mb} MB in one answer.")
    mend = _("Sync fewer accounts or shorter periods in one connection.")


class PageRepeats(VendorProblem, Retryable):
    """A vendor that hands out the same page again would be read for ever."""

    code = "vendor_page_repeats"
    words = _("{vendor} sends the same page again and again.")
    mend = _("It is asked again by itself; nothing is counted twice.")


class PrivateAddress(VendorProblem, Permanent):
    """An address inside our own network. *Details*: host."""

    code = "vendor_private_address"
    words = _("{host} is an address inside the portal's own network.")
    mend = _("Write an address that is reachable from the internet, or have the operator allow this one.")
