"""What the office does with consumers and suppliers, each one function and one transaction."""

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
    "may_correct",
    "merge_suppliers",
    "register_consumer",
    "register_supplier",
    "standing",
    "undo_merge",
    "update_contact",
]
