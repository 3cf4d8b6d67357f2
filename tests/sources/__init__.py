"""Checks of sources."""
