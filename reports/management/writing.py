"""What the reporting commands share: a report on the standard output."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError


def write(command: BaseCommand, content: bytes, *, nome: str, formato: str) -> None:
    """Bytes as they are, so that no locale changes them; raises CommandError for a workbook or a PDF on a terminal."""
    out: Any = command.stdout._out
    if out is not sys.stdout:  # called from Python with a stream of its own
        command.stdout.write(content.decode("utf-8", "replace"), ending="")
        return
    if formato in ("xlsx", "pdf") and out.isatty():
        raise CommandError(
            f"Um {formato} não se lê no terminal. Guarde-o num arquivo: "
            f"manage.py {nome} … --formato {formato} > {nome}.{formato}"
        )
    out.buffer.write(content)
    out.buffer.flush()
