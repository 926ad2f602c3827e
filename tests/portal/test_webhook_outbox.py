"""What a webhook is owed: one row for each event, in the event's own transaction, whatever path wrote it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from cases.acts import ENCERRAR
from cases.services import issue_cip, rectify_case
from cases.services.bulk import reassign
from portal.migrations._webhooks import MOVED, PAPER, TOLD
from portal.rules.events import EVENTS, resource_of
from portal.services import body_of, remove_webhook
from tests.conftest import NOW, Cast
from tests.portal.conftest import Program
from tests.portal.receiver import Listener, listen, register_for
from workflow.acts import ActTable
from workflow.services import advance


def kinds(listener: Listener) -> list[tuple[str, int | None]]:
    return [(row.tipo, row.sequencia) for row in listener.entregas()]


def test_registering_and_each_later_act_owe_one_delivery_each(cast: Cast, ouvinte: Listener) -> None:
    case = register_for(ouvinte.webhook.integracao, cast)
    issue_cip(reclamado=case.reclamados.get(), by=cast.bruno, at=NOW)

    assert kinds(ouvinte) == [
        ("atendimento.registrado", 1),
        ("documento.emitido", None),
        ("cip.emitida", 2),
        ("atendimento.status_alterado", 3),
    ]
    first = ouvinte.entregas()[0]
    assert (first.protocolo, first.ocorrido_em, first.proxima_tentativa_em) == (case.protocolo, NOW, NOW)


def test_rectifying_reassigned_cases_and_raw_sql_are_seen(cast: Cast, ouvinte: Listener) -> None:
    case = register_for(ouvinte.webhook.integracao, cast)
    reassign(atendimento=case, atendente=cast.bruno, by=cast.dora, at=NOW)
    rectify_case(
        atendimento=case, status="aguarda_consumidor", desfecho="", by=cast.dora, at=NOW, motivo="Resposta no balcão."
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflow_evento (historico_id, sequencia, objeto, objeto_id, ato, de, para, autor_id, quando,"
            " motivo, dados, resumo, anonimizado, hash_anterior, hash) VALUES (%s, 0, 'cases.atendimento', %s, 'ATO',"
            " 'aguarda_consumidor', 'em_reclamacao', %s, %s, '', '{}', '', false, '', '')",
            [case.historico_id, case.pk, cast.dora.pk, NOW],
        )

    assert kinds(ouvinte) == [
        ("atendimento.registrado", 1),
        ("atendimento.status_alterado", 3),
        ("atendimento.status_alterado", 4),
    ]


def test_what_moves_no_status_and_is_not_listed_is_not_told(cast: Cast, ouvinte: Listener) -> None:
    case = register_for(ouvinte.webhook.integracao, cast)
    reassign(atendimento=case, atendente=cast.bruno, by=cast.dora, at=NOW)

    assert kinds(ouvinte) == [("atendimento.registrado", 1)]


def test_an_act_that_is_undone_owes_nothing(cast: Cast, ouvinte: Listener) -> None:
    case = register_for(ouvinte.webhook.integracao, cast)
    with transaction.atomic():
        advance(case, ENCERRAR, by=cast.bruno, at=NOW, changes={"desfecho": "desistencia", "encerrado_em": NOW})
        transaction.set_rollback(True)

    assert kinds(ouvinte) == [("atendimento.registrado", 1)]


def test_the_office_s_cases_and_another_s_are_not_told(cast: Cast, ouvinte: Listener, vizinha: Program) -> None:
    register_for(vizinha.integracao, cast)
    register_for(ouvinte.webhook.integracao, cast, by=cast.bruno, canal="pessoal")

    assert kinds(ouvinte) == []


def test_only_the_kinds_that_it_asked_for(cast: Cast, ouvinte: Listener) -> None:
    ouvinte.server.url += "&so=cip"
    narrow = listen(ouvinte.webhook.integracao, ouvinte.server, "cip.emitida")
    case = register_for(ouvinte.webhook.integracao, cast)
    issue_cip(reclamado=case.reclamados.get(), by=cast.bruno, at=NOW)

    assert [tipo for tipo, _ in kinds(narrow)] == ["cip.emitida"]
    assert len(kinds(ouvinte)) == 4


def test_a_removed_webhook_is_owed_nothing(cast: Cast, ouvinte: Listener) -> None:
    remove_webhook(webhook=ouvinte.webhook, at=NOW)
    register_for(ouvinte.webhook.integracao, cast)

    assert kinds(ouvinte) == []


def test_it_says_where_to_look_and_nothing_of_anybody(cast: Cast, ouvinte: Listener) -> None:
    case = register_for(ouvinte.webhook.integracao, cast)

    body = body_of(ouvinte.entregas()[0])

    assert (
        body
        == (
            '{"type": "atendimento.registrado", "timestamp": "2026-03-04T10:00:00-03:00", "data": {"protocolo": '
            f'"{case.protocolo}", "sequencia": 1, "recurso": '
            f'"https://procon.cidade.example.org/api/v1/atendimentos/{case.protocolo}/"}}}}'
        ).encode()
    )


@pytest.mark.parametrize(
    ("tipo", "path"),
    [
        ("cip.respondida", "/api/v1/atendimentos/35.001.001.26-0000001/"),
        ("documento.emitido", "/api/v1/atendimentos/35.001.001.26-0000001/documentos/"),
        ("audiencia.agendada", "/api/v1/audiencias/7/"),
        ("webhook.teste", "/api/v1/webhooks/7/"),
    ],
)
def test_the_resource_of_each_kind(tipo: str, path: str) -> None:
    assert resource_of(tipo, "35.001.001.26-0000001", 7) == path


def test_every_kind_is_given_by_an_act_and_every_act_exists() -> None:
    acts = {(label.lower(), act.name) for label, table in ActTable.registry.items() for act in table}
    recorded = {
        ("cases.atendimento", "REGISTRAR"),
        ("cases.atendimento", "AVISAR_INERCIA"),
        ("cases.cip", "EMITIR_CIP"),
        ("cases.cip", "DEFERIR_PRORROGACAO"),
        ("cases.acordo", "FIRMAR_ACORDO"),
        ("hearings.audiencia", "AGENDAR"),
        ("hearings.audiencia", "CONFIRMAR_PRESENCA"),
        ("hearings.audiencia", "PEDIR_REMARCACAO"),
        ("hearings.audiencia", "NEGAR_REMARCACAO"),
    }
    told = {(objeto, ato): tipo for objeto, some in TOLD.items() for ato, tipo in some.items()}

    assert {*told.values(), MOVED, PAPER} == set(EVENTS)
    assert set(told) - acts == recorded
