"""What other rooms may listen to: the lake of the open client has changed, by a load or by taking one back."""

from __future__ import annotations

from django.dispatch import Signal

# Sent with the client's schema open, in the task, after the change is durable. Arguments: load_id (text), undone
# (whether the load was taken back).
lake_changed = Signal()
