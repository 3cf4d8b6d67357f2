"""Pages of KPIs: each view parses, calls one query or service, and renders."""
