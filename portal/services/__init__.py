"""What the portal does: its programs, and the suppliers' inbox."""

from portal.services.inbox import (
    Outcome,
    answer_several,
    ask_for_link,
    covered_by,
    forget_links,
    term_in_force,
    use_link,
)
from portal.services.integrations import (
    Credentials,
    change_integration,
    create_integration,
    restore_integration,
    revoke_integration,
    rotate_secret,
)

__all__ = [
    "Credentials",
    "Outcome",
    "answer_several",
    "ask_for_link",
    "change_integration",
    "covered_by",
    "create_integration",
    "forget_links",
    "restore_integration",
    "revoke_integration",
    "rotate_secret",
    "term_in_force",
    "use_link",
]
