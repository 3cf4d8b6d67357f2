"""The API of KPIs: one module a page."""
