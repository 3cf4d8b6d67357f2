"""Reads of sources and imports."""
