"""Registering a complete complaint, beside the same rows by bare INSERTs in one transaction."""

from __future__ import annotations

from itertools import count
from typing import Any

from bench.figures import Figure, milliseconds

_numbers = count(1)

INSERTS = [
    "INSERT INTO workflow_historico (sequencia, hash) VALUES (0, '') RETURNING id",
    """INSERT INTO cases_atendimento (protocolo, unidade_id, tipo, canal, status, desfecho, consumidor_id, relato,
       pedido, prioridade, protocolo_externo, chave_hash, aberto_em, atendente_id, historico_id, assunto_id)
       VALUES (%(protocolo)s, %(unidade)s, 'atendimento_preliminar', 'pessoal', 'aberto', '', %(consumidor)s, 'Relato',
       'Pedido', 3, '', '', now(), %(user)s, %(historico)s, %(assunto)s) RETURNING id""",
    "INSERT INTO cases_reclamado (atendimento_id, fornecedor_id) VALUES (%(atendimento)s, %(loja)s)",
    "INSERT INTO cases_reclamado (atendimento_id, fornecedor_id) VALUES (%(atendimento)s, %(banco)s)",
    """INSERT INTO workflow_evento (historico_id, sequencia, objeto, objeto_id, ato, de, para, autor_id, quando, motivo,
       dados, hash_anterior, hash) VALUES (%(historico)s, 0, 'cases.atendimento', %(atendimento)s, 'REGISTRAR', '',
       'aberto', %(user)s, now(), '', '{}', '', '')""",
]


def measure(size: int) -> list[Figure]:
    """One complaint of one consumer against two suppliers, through the service and by hand."""
    from bench.office import empty
    from cases.models import Assunto
    from tests.conftest import make_cast

    empty()
    cast = make_cast()
    assunto = Assunto.objects.all()[0]
    return [
        Figure(
            "registrar uma reclamação com dois fornecedores",
            milliseconds(lambda: _by_service(cast, assunto), times=200),
            "ms",
            milliseconds(lambda: _by_hand(cast, assunto), times=200),
            "os mesmos INSERTs em uma transação",
            "até 5×",
        )
    ]


def _by_service(cast: Any, assunto: Any) -> None:
    from cases.services import register
    from tests.conftest import NOW

    register(
        by=cast.bruno,
        at=NOW,
        unidade=cast.unidade,
        tipo="atendimento_preliminar",
        canal="pessoal",
        consumidor=cast.ana,
        fornecedores=[cast.loja, cast.banco],
        assunto=assunto,
        relato="Relato",
        pedido="Pedido",
    )


def _by_hand(cast: Any, assunto: Any) -> None:
    from django.db import connection, transaction

    values: dict[str, Any] = {
        "protocolo": f"35.009.009.26-{next(_numbers):07d}",
        "unidade": cast.unidade.pk,
        "consumidor": cast.ana.pk,
        "user": cast.bruno.pk,
        "assunto": assunto.pk,
        "loja": cast.loja.pk,
        "banco": cast.banco.pk,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERTS[0])
        values["historico"] = cursor.fetchone()[0]
        cursor.execute(INSERTS[1], values)
        values["atendimento"] = cursor.fetchone()[0]
        for statement in INSERTS[2:]:
            cursor.execute(statement, values)
