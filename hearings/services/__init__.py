"""What the office does with hearings. Each function is one act, atomic, with its author and its moment."""

from hearings.services.absence import archive_absences, archive_absent, justify_absence
from hearings.services.agenda import SETTERS, block, close_window, open_window, save_room, set_agenda_rules, unblock
from hearings.services.booking import cancel, cancel_of_closed_cases, reschedule, schedule
from hearings.services.checks import check_case, first_day
from hearings.services.feeds import open_feed, read_feed, revoke_feed
from hearings.services.notices import letters_of, party_key
from hearings.services.parties import (
    DECIDERS,
    confirm_party,
    deny_move,
    read_party_key,
    request_move,
)
from hearings.services.sessions import AGREED, HELD, confirm, hold, notify, record_absence
from hearings.services.slots import (
    FIRST_DAY,
    LAST_DAY,
    Slot,
    Wish,
    agenda_rules,
    conciliators_in,
    conciliators_of,
    free_slots,
)

__all__ = [
    "AGREED",
    "DECIDERS",
    "FIRST_DAY",
    "HELD",
    "LAST_DAY",
    "SETTERS",
    "Slot",
    "Wish",
    "agenda_rules",
    "archive_absences",
    "archive_absent",
    "block",
    "cancel",
    "cancel_of_closed_cases",
    "check_case",
    "close_window",
    "conciliators_in",
    "conciliators_of",
    "confirm",
    "confirm_party",
    "deny_move",
    "first_day",
    "free_slots",
    "hold",
    "justify_absence",
    "letters_of",
    "notify",
    "open_feed",
    "open_window",
    "party_key",
    "read_feed",
    "read_party_key",
    "record_absence",
    "request_move",
    "reschedule",
    "revoke_feed",
    "save_room",
    "schedule",
    "set_agenda_rules",
    "unblock",
]
