"""What the office does with consumers and suppliers, each one function and one transaction."""

from parties.services.duplicates import dismiss_group, merge_group, read_registrations, request_search, run_search
from parties.services.merging import merge_suppliers, undo_merge
from parties.services.registration import (
    clean_phone,
    clean_text,
    correct_consumer,
    correct_supplier,
    may_correct,
    register_consumer,
    register_supplier,
    standing,
    update_contact,
)

__all__ = [
    "clean_phone",
    "clean_text",
    "correct_consumer",
    "correct_supplier",
    "dismiss_group",
    "may_correct",
    "merge_group",
    "merge_suppliers",
    "read_registrations",
    "register_consumer",
    "register_supplier",
    "request_search",
    "run_search",
    "standing",
    "undo_merge",
    "update_contact",
]
