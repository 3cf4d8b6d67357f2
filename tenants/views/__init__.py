"""Pages of clients and people."""
