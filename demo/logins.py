"""Who can sign in to the sample clients: roles, not people.

The password is documented and printed, and one of the logins may add clients: load the samples only where trying
things out is meant, and start a production with `--no-demo`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PASSWORD = "yeojeong-demo"  # noqa: S105 - meant to be known
_DOMAIN = "demo.yeojeong.example"
DEMO_SLUG, STORE_SLUG = "demo", "demo-store"  # the sample clients' addresses


@dataclass(frozen=True)
class Login:
    """One login. `markets` None: all; `clients` maps a sample client's address to the role there."""

    email: str
    name: str
    role: str
    clients: Mapping[str, str] = field(default_factory=dict)
    markets: tuple[str, ...] | None = None
    language: str = "ko"
    is_staff: bool = False


# fmt: off
LOGINS: tuple[Login, ...] = (
    Login(f"hq@{_DOMAIN}", "데모 본사", "HQ admin, all markets", {DEMO_SLUG: "admin"}),
    Login(f"korea@{_DOMAIN}", "데모 한국 마케터", "marketer, Korea only", {DEMO_SLUG: "marketer"}, ("KR",)),
    Login(f"germany@{_DOMAIN}", "Demo Germany", "marketer, Germany only", {DEMO_SLUG: "marketer"}, ("DE",), "en"),
    Login(f"viewer@{_DOMAIN}", "데모 열람자", "viewer, all markets", {DEMO_SLUG: "viewer"}),
    Login(f"consultant@{_DOMAIN}", "데모 컨설턴트", "consultant", {DEMO_SLUG: "admin", STORE_SLUG: "admin"}),
    Login(
        f"owner@{_DOMAIN}", "데모 오너", "owner of two clients; may add clients",
        {DEMO_SLUG: "owner", STORE_SLUG: "owner"}, is_staff=True,
    ),
)
# fmt: on
LOADER = "owner"  # whose hand uploads the sample files


def login_named(name: str) -> Login:
    """The login whose address begins with this word."""
    return next(login for login in LOGINS if login.email.startswith(f"{name}@"))
