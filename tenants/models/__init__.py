"""Public-schema models: one login, many clients. What a client owns beside these lives in its own schema."""

from tenants.models.audit import AuditEntry
from tenants.models.client import Client, Domain, Market
from tenants.models.membership import Membership, Role
from tenants.models.token import ApiToken
from tenants.models.user import User

__all__ = ["ApiToken", "AuditEntry", "Client", "Domain", "Market", "Membership", "Role", "User"]
