"""The acts on a case, each one function and one transaction."""

from cases.services.agreements import (
    ask_due,
    break_agreement,
    complain_of_breach,
    keep_agreement,
    lose_sight,
    make_agreement,
    pay_instalment,
)
from cases.services.answers import (
    answer_cip,
    answer_in_public,
    cip_by_code,
    decide_extension,
    extend_cip,
    open_letter,
    request_extension,
)
from cases.services.appeal import judge_appeal, lodge_appeal
from cases.services.attachments import attach, attach_all, read_attachment, remove_attachment, scan_attachments
from cases.services.calculation import calculate, work_out
from cases.services.cip import (
    acknowledge_cip,
    analyze_cip,
    cancel_cip,
    close_cip,
    issue_cip,
    lapse_cip,
    lapse_due_cips,
    send_cip,
)
from cases.services.cip_batches import acknowledge_cips, close_cips, issue_cips, send_cips
from cases.services.closing import archive_for_absence, close_case, open_reclamacao, rectify_case, reopen_case
from cases.services.closing_letters import closing_paper
from cases.services.complaint import (
    default_by_absence,
    extend_defence,
    lapse_defence,
    lapse_due_defences,
    notify_reclamado,
    receive_defence,
    receive_notice,
)
from cases.services.correction import correct_case
from cases.services.decision import (
    archive,
    decide,
    finalize,
    finalize_due,
    return_opinion,
    serve_decision,
    write_opinion,
)
from cases.services.letters import case_data, consumer_data, issue_espelho, supplier_data, term_data
from cases.services.manifestation import archive_for_inertia, archive_idle_cases, record_manifestation
from cases.services.numbers import add_number, take_number_back
from cases.services.preliminary import record_contact, settle_at_once
from cases.services.registration import register
from cases.services.returning import tell_by_hand, warn_idle_cases
from cases.services.suppliers import add_reclamado, remove_reclamado

__all__ = [
    "acknowledge_cip",
    "acknowledge_cips",
    "add_number",
    "add_reclamado",
    "analyze_cip",
    "answer_cip",
    "answer_in_public",
    "archive",
    "archive_for_absence",
    "archive_for_inertia",
    "archive_idle_cases",
    "ask_due",
    "attach",
    "attach_all",
    "break_agreement",
    "calculate",
    "cancel_cip",
    "case_data",
    "cip_by_code",
    "close_case",
    "close_cip",
    "close_cips",
    "closing_paper",
    "complain_of_breach",
    "consumer_data",
    "correct_case",
    "decide",
    "decide_extension",
    "default_by_absence",
    "extend_cip",
    "extend_defence",
    "finalize",
    "finalize_due",
    "issue_cip",
    "issue_cips",
    "issue_espelho",
    "judge_appeal",
    "keep_agreement",
    "lapse_cip",
    "lapse_defence",
    "lapse_due_cips",
    "lapse_due_defences",
    "lodge_appeal",
    "lose_sight",
    "make_agreement",
    "notify_reclamado",
    "open_letter",
    "open_reclamacao",
    "pay_instalment",
    "read_attachment",
    "receive_defence",
    "receive_notice",
    "record_contact",
    "record_manifestation",
    "rectify_case",
    "register",
    "remove_attachment",
    "remove_reclamado",
    "reopen_case",
    "request_extension",
    "return_opinion",
    "scan_attachments",
    "send_cip",
    "send_cips",
    "serve_decision",
    "settle_at_once",
    "supplier_data",
    "take_number_back",
    "tell_by_hand",
    "term_data",
    "warn_idle_cases",
    "work_out",
    "write_opinion",
]
