"""What the portal does: its programs and their webhooks, and the suppliers' inbox."""

from portal.services.deliveries import body_of, deliver_due, forget_deliveries, identity_of
from portal.services.following import case_by_key
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
from portal.services.webhooks import (
    Made,
    checked_url,
    create_webhook,
    keys_of,
    remove_webhook,
    renew_webhook_secret,
    replay,
    send_test,
)

__all__ = [
    "Credentials",
    "Made",
    "Outcome",
    "answer_several",
    "ask_for_link",
    "body_of",
    "case_by_key",
    "change_integration",
    "checked_url",
    "covered_by",
    "create_integration",
    "create_webhook",
    "deliver_due",
    "forget_deliveries",
    "forget_links",
    "identity_of",
    "keys_of",
    "remove_webhook",
    "renew_webhook_secret",
    "replay",
    "restore_integration",
    "revoke_integration",
    "rotate_secret",
    "send_test",
    "term_in_force",
    "use_link",
]
