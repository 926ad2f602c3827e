"""Issuing letters, which freezes them; reading them back only if unchanged; printing many together; labels."""

from documents.services.batches import Letter, issue_many
from documents.services.issuing import erase, find_by_code, freeze, issue, read_pdf, unreadable
from documents.services.printing import labels, print_together

__all__ = [
    "Letter",
    "erase",
    "find_by_code",
    "freeze",
    "issue",
    "issue_many",
    "labels",
    "print_together",
    "read_pdf",
    "unreadable",
]
