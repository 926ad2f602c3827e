"""Recounting the merges: no chain, every pointer with its record, every radical that of its CNPJ."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from parties.services import KINDS, Kind

_CHAINS = """
SELECT f.id, f.fundido_em_id FROM {party} f JOIN {party} s ON s.id = f.fundido_em_id
WHERE s.fundido_em_id IS NOT NULL ORDER BY f.id
"""

_POINTERS = """
WITH standing AS (
    SELECT i.{field}_id AS id, m.sobrevivente_id FROM {item} i JOIN {fusao} m ON m.id = i.fusao_id
    WHERE m.desfeita_em IS NULL
), pointing AS (
    SELECT id, fundido_em_id FROM {party} WHERE fundido_em_id IS NOT NULL
)
SELECT coalesce(p.id, s.id), p.fundido_em_id, s.sobrevivente_id
FROM pointing p FULL JOIN standing s ON s.id = p.id
WHERE p.fundido_em_id IS DISTINCT FROM s.sobrevivente_id ORDER BY 1
"""

_RADICALS = "SELECT id FROM parties_fornecedor WHERE radical IS DISTINCT FROM left(cnpj, 8) ORDER BY id"


def wrong_merges() -> Iterator[str]:
    """Every chain of merges, every pointer that no merge explains, every merge without its pointer."""
    for kind in KINDS.values():
        yield from _wrong(kind)
    with connection.cursor() as cursor:
        cursor.execute(_RADICALS)
        for (pk,) in cursor.fetchall():
            yield f"Fornecedor {pk}: o radical não é o do seu CNPJ."


def _wrong(kind: Kind) -> Iterator[str]:
    names = {
        "party": kind.party._meta.db_table,
        "item": kind.fundido._meta.db_table,
        "fusao": kind.fusao._meta.db_table,
        "field": kind.field,
    }
    who = kind.singular.capitalize()
    with connection.cursor() as cursor:
        cursor.execute(_CHAINS.format(**names))
        for pk, after in cursor.fetchall():
            yield f"{who} {pk}: foi fundido em {after}, que também foi fundido."
        cursor.execute(_POINTERS.format(**names))
        for pk, points, recorded in cursor.fetchall():
            yield f"{who} {pk}: aponta para {points or 'ninguém'}, mas a fusão registra {recorded or 'nada'}."
