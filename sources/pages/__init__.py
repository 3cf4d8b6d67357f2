"""What the pages of connections print, worked out from queries and services."""
