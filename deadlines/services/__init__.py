"""Terms, the calendar on which they are counted, and what changes it."""

from deadlines.services.changes import (
    Move,
    add_day,
    add_rule_version,
    add_window,
    preview_day,
    preview_window,
    preview_without_day,
    preview_without_window,
    remove_day,
    remove_window,
)
from deadlines.services.loading import Loaded, load_calendar
from deadlines.services.terms import (
    as_rule,
    current_rule,
    extend,
    fulfil,
    fulfil_all,
    is_working_day,
    office_calendar,
    preview,
    recompute,
    set_prazo,
)

__all__ = [
    "Loaded",
    "Move",
    "add_day",
    "add_rule_version",
    "add_window",
    "as_rule",
    "current_rule",
    "extend",
    "fulfil",
    "fulfil_all",
    "is_working_day",
    "load_calendar",
    "office_calendar",
    "preview",
    "preview_day",
    "preview_window",
    "preview_without_day",
    "preview_without_window",
    "recompute",
    "remove_day",
    "remove_window",
    "set_prazo",
]
