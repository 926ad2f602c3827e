"""The acts on a case, each one function and one transaction."""

from cases.services.attachments import attach, read_attachment, remove_attachment, scan_attachments
from cases.services.calculation import calculate, work_out
from cases.services.cip import (
    acknowledge_cip,
    answer_cip,
    cancel_cip,
    close_cip,
    issue_cip,
    lapse_cip,
    lapse_due_cips,
    send_cip,
)
from cases.services.closing import close_case, open_reclamacao, rectify_case, reopen_case
from cases.services.letters import case_data, consumer_data, issue_espelho, supplier_data, term_data
from cases.services.numbering import next_protocol
from cases.services.preliminary import record_contact, settle_at_once
from cases.services.registration import register

__all__ = [
    "acknowledge_cip",
    "answer_cip",
    "attach",
    "calculate",
    "cancel_cip",
    "case_data",
    "close_case",
    "close_cip",
    "consumer_data",
    "issue_cip",
    "issue_espelho",
    "lapse_cip",
    "lapse_due_cips",
    "next_protocol",
    "open_reclamacao",
    "read_attachment",
    "record_contact",
    "rectify_case",
    "register",
    "remove_attachment",
    "reopen_case",
    "scan_attachments",
    "send_cip",
    "settle_at_once",
    "supplier_data",
    "term_data",
    "work_out",
]
