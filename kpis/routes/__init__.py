"""Addresses of KPIs: one module a capability, with `pages` and `api`."""
