"""Protocol numbers: gapless, given under concurrency, never reused."""

from __future__ import annotations

from django.db import connection

from accounts.models import Unidade

_NEXT = """
    INSERT INTO cases_sequencia AS s (unidade_id, ano, ultimo) VALUES (%s, %s, 1)
    ON CONFLICT (unidade_id, ano) DO UPDATE SET ultimo = s.ultimo + 1
    RETURNING ultimo
"""


def next_protocol(unidade: Unidade, ano: int) -> str:
    """The next protocol of this unidade and local year, as 35.001.001.23-0001234.

    The counter's row stays locked until the caller's transaction ends: a roll-back gives the number back, and nobody
    gets the next one before. Call it last, just before the insert.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [unidade.pk, ano])
        (number,) = cursor.fetchone()
    return f"{unidade.codigo}.{ano % 100:02d}-{number:07d}"
