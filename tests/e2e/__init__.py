"""A real browser against a running portal."""
