"""Forms of KPIs: what people type, read and checked for its shape; the services check the rest."""
