"""What others may follow: the lake has changed."""

from django.dispatch import Signal

# Sent with the client's schema open, after rows were loaded or taken back. Receivers do no work of their own: they
# hand it to a task.
lake_changed = Signal()
