"""What the office does with consumers and suppliers, each one function and one transaction."""

from parties.services.channels import authorise_channel, withdraw_channel
from parties.services.checking import clean_phone, clean_text
from parties.services.duplicates import (
    dismiss_group,
    merge_group,
    read_people,
    read_registrations,
    request_search,
    run_search,
)
from parties.services.kinds import KINDS, PEOPLE, SUPPLIERS, Kind, kind_of
from parties.services.merging import merge_consumers, merge_suppliers, require_auditor, undo_merge
from parties.services.registration import (
    as_stored,
    correct_consumer,
    correct_supplier,
    may_correct,
    register_consumer,
    register_supplier,
    standing,
    update_contact,
)
from parties.services.suppliers import (
    add_contact,
    add_spelling,
    end_enrolment,
    end_expired_enrolments,
    enroll_supplier,
    remove_contact,
    remove_spelling,
    set_group,
)

__all__ = [
    "KINDS",
    "PEOPLE",
    "SUPPLIERS",
    "Kind",
    "add_contact",
    "add_spelling",
    "as_stored",
    "authorise_channel",
    "clean_phone",
    "clean_text",
    "correct_consumer",
    "correct_supplier",
    "dismiss_group",
    "end_enrolment",
    "end_expired_enrolments",
    "enroll_supplier",
    "kind_of",
    "may_correct",
    "merge_consumers",
    "merge_group",
    "merge_suppliers",
    "read_people",
    "read_registrations",
    "register_consumer",
    "register_supplier",
    "remove_contact",
    "remove_spelling",
    "request_search",
    "require_auditor",
    "run_search",
    "set_group",
    "standing",
    "undo_merge",
    "update_contact",
    "withdraw_channel",
]
