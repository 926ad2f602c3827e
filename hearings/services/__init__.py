"""What the office does with hearings. Each function is one act, atomic, with its author and its moment."""

from hearings.services.booking import cancel, cancel_of_closed_cases, reschedule, schedule
from hearings.services.sessions import confirm, hold, notify, record_absence
from hearings.services.slots import Slot, free_slots

__all__ = [
    "Slot",
    "cancel",
    "cancel_of_closed_cases",
    "confirm",
    "free_slots",
    "hold",
    "notify",
    "record_absence",
    "reschedule",
    "schedule",
]
