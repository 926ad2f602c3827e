"""Writing messages into the outbox, delivering what is due, and taking back what came back."""

from notifications.services.delivery import INTERRUPTED, QUIET, TOO_LATE, deliver_due
from notifications.services.outbox import (
    NO_ADDRESS,
    NO_GATEWAY,
    RESENDERS,
    Fields,
    cancel,
    cancel_for,
    enqueue,
    enqueue_many,
    message,
    resend,
    skip_waiting,
    skipped,
)
from notifications.services.returns import read_returns, register_return

__all__ = [
    "INTERRUPTED",
    "NO_ADDRESS",
    "NO_GATEWAY",
    "QUIET",
    "RESENDERS",
    "TOO_LATE",
    "Fields",
    "cancel",
    "cancel_for",
    "deliver_due",
    "enqueue",
    "enqueue_many",
    "message",
    "read_returns",
    "register_return",
    "resend",
    "skip_waiting",
    "skipped",
]
