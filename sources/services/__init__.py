"""Writes of imports: one function a use case, each in a transaction; the same for pages, the API and commands."""

from sources.services.loading import can_undo, confirm_import, load_import, take_back, undo_import
from sources.services.mapping import change_mapping, change_table, check_import, propose_mapping, request_check
from sources.services.reading import read_upload
from sources.services.resuming import resume_stalled
from sources.services.uploading import cancel_import, drop_abandoned, read_again, receive_upload, retry

__all__ = [
    "can_undo",
    "cancel_import",
    "change_mapping",
    "change_table",
    "check_import",
    "confirm_import",
    "drop_abandoned",
    "load_import",
    "propose_mapping",
    "read_again",
    "read_upload",
    "receive_upload",
    "request_check",
    "resume_stalled",
    "retry",
    "take_back",
    "undo_import",
]
