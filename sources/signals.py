"""What other rooms may listen to: the lake of the open client has changed; a page asks what data are good for."""

from __future__ import annotations

from django.dispatch import Signal

# Sent with the client's schema open, in the task, after the change is durable. Arguments: load_id (text), undone
# (whether the load was taken back).
lake_changed = Signal()

# Asked by the catalogue of connectors. Arguments: access, table (a canonical table) and columns (those that are given).
# A receiver answers the names of what can be worked out from these columns alone.
unlocked_by = Signal()
