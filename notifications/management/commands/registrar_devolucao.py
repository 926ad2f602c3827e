"""A bounce from the mail server's pipe: `manage.py registrar_devolucao < devolucao.eml`."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from notifications.services import register_return
from notifications.services.returns import MAX_BYTES, NOT_YET

#: What tells a mail server to keep the message and call again (sysexits.h, EX_TEMPFAIL).
TRY_AGAIN = 75


class Command(BaseCommand):
    """Read one e-mail from the standard input; mark the message that it returns.

    Ends well even for an e-mail that is no bounce: an error would make the mail server bounce the bounce.
    """

    help = "Lê uma devolução de correio (RFC 3464) da entrada padrão e marca a mensagem que voltou."

    def handle(self, *args: Any, **options: Any) -> None:
        """Register it, and say what was done."""
        raw = sys.stdin.buffer.read(MAX_BYTES)
        now = timezone.now()  # noqa: TID251  the edge reads the clock
        try:
            said = register_return(raw=raw, at=now)
        except DatabaseError as error:
            self.stderr.write(f"O banco não responde ({error}); tente de novo.")
            sys.exit(TRY_AGAIN)
        self.stdout.write(said)
        if said == NOT_YET:
            sys.exit(TRY_AGAIN)
