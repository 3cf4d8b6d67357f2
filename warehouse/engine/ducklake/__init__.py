"""The embedded engine: DuckDB over DuckLake, one catalogue in PostgreSQL and one folder of encrypted files a client."""
