"""The words of relato and pedido, found and shown."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.utils import timezone

from accounts.models import CASE_READERS, SYSTEM_LOGIN, User

if TYPE_CHECKING:
    from cases.models import TextoDoAtendimento

    _Palavras = models.QuerySet[TextoDoAtendimento]
else:
    _Palavras = models.QuerySet

#: Texts are ranked among at most this many hits, the newest. These windows of months are looked through first: words
#: that fill none of them are together in few texts, and of those all are read, at most HITS. Longer windows cost more
#: than all texts do.
RANKED, HITS = 400, 8000
_WINDOWS = (1, 6)

_QUESTION = """
SELECT numnode(words), (words && %(marks)s::tsquery)::text
FROM websearch_to_tsquery('public.procon_pt', cases_singular(%(text)s)) AS words
"""
_RANKED = """
SELECT atendimento_id FROM cases_textodoatendimento
WHERE atendimento_id = ANY(%(hits)s) ORDER BY ts_rank(vetor, %(question)s::tsquery) DESC, atendimento_id DESC
"""
# What was found stands between two control characters, which no text of ours holds.
_PIECES = """
SELECT id, ts_headline('public.procon_pt', left(relato || ' ' || pedido, 20000),
    websearch_to_tsquery('public.procon_pt', cases_singular(%(text)s)),
    E'StartSel="\x02", StopSel="\x03", MaxWords=30, MinWords=12, MaxFragments=2, FragmentDelimiter=" … "')
FROM cases_atendimento WHERE id = ANY(%(found)s)
"""


def _split(shown: str) -> list[tuple[str, bool]]:
    parts = re.split("[\x02\x03]", shown)
    return [(part, number % 2 == 1) for number, part in enumerate(parts) if part]


class TextoQuerySet(_Palavras):
    """The words of cases. Who asks is part of the question: every text carries its unidade as a mark."""

    def best(self, text: str, *, user: User, at: datetime) -> list[int]:
        """The ids of the cases whose texts fit best, best first, at most RANKED."""
        units = [] if user.usuario == SYSTEM_LOGIN else user.unidades_com(CASE_READERS)
        if not units and user.usuario != SYSTEM_LOGIN:
            return []
        marks = " | ".join(f"'u {unit}'" for unit in sorted(units))
        with connection.cursor() as cursor:
            cursor.execute(_QUESTION, {"text": text.replace("\x00", " "), "marks": marks})
            words, question = cursor.fetchone()
            if not words:
                return []
            hits = self._newest_hits(cursor, question, at)
            cursor.execute(_RANKED, {"hits": hits, "question": question})
            return [row[0] for row in cursor.fetchall()]

    def pieces(self, text: str, found: list[int]) -> dict[int, list[tuple[str, bool]]]:
        """Around the words looked for, what these cases say: by id, (words, whether they were looked for)."""
        with connection.cursor() as cursor:
            cursor.execute(_PIECES, {"text": text.replace("\x00", " "), "found": found})
            return {pk: _split(shown) for pk, shown in cursor.fetchall()}

    def _newest_hits(self, cursor: Any, question: str, at: datetime) -> list[int]:
        """The newest hits, at most RANKED. The last months come first: they cost little."""
        now = timezone.localtime(at)
        newest = now.year * 12 + now.month - 1
        for window in _WINDOWS:
            months = range(newest - window + 1, newest + 1)
            marks = " | ".join(f"'m {month // 12:04d}{month % 12 + 1:02d}'" for month in months)
            hits = self._hits(cursor, f"({question}) & ({marks})")
            if len(hits) > RANKED:
                return hits[:RANKED]
        return self._hits(cursor, question)[:RANKED]

    def _hits(self, cursor: Any, question: str) -> list[int]:
        cursor.execute("SELECT * FROM cases_textos(%s::tsquery, %s) AS key ORDER BY key DESC", [question, HITS])
        return [row[0] for row in cursor.fetchall()]
