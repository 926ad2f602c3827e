"""`verificar` finds what was changed behind the services' back, and says so."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cases.models import Atendimento
from cases.services import register
from documents.models import Documento
from documents.storage import path_of
from notifications.models import Mensagem
from notifications.services import enqueue
from tests.conftest import NOW, Cast


@pytest.fixture
def office(cast: Cast) -> Cast:
    """Two registered cases."""
    for _ in range(2):
        register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal")
    return cast


def run() -> tuple[str, str]:
    """(what it wrote, how it failed)."""
    out = io.StringIO()
    try:
        call_command("verificar", stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def sql(*statements: str) -> None:
    """Statements that no service would make."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_an_office_in_order(office: Cast) -> None:
    assert run() == (
        "Cadeia do histórico: em ordem\n"
        "Status conforme o histórico: em ordem\n"
        "Protocolos sem lacuna: em ordem\n"
        "Reservas das audiências: em ordem\n"
        "Avisos das audiências: em ordem\n"
        "Resultados das audiências: em ordem\n"
        "Termos de audiência: em ordem\n"
        "Arquivos dos documentos: em ordem\n"
        "Arquivos dos anexos: em ordem\n"
        "Caixa de saída: em ordem\n"
        "Entregas a webhooks: em ordem\n"
        "Fusões de cadastros: em ordem\n"
        "Totais dos relatórios: em ordem\n"
        "Anos fechados: em ordem\n"
        "Cadastros publicados: em ordem\n"
        "Tudo em ordem.\n",
        "",
    )


def test_a_changed_event_is_found(office: Cast) -> None:
    historico = Atendimento.objects.order_by("pk")[0].historico_id
    sql(
        "SET LOCAL session_replication_role = replica",
        f"UPDATE workflow_evento SET motivo = 'outro' WHERE historico_id = {historico}",
        "SET LOCAL session_replication_role = origin",
    )

    out, error = run()

    assert "Cadeia do histórico: 1 com defeito" in out
    assert f"Histórico {historico}: o evento 1 não confere com o seu hash ou com o anterior." in out
    assert error == (
        "A verificação encontrou 1 defeito, listado acima. Não apague nada: guarde uma cópia e avise quem cuida do "
        "sistema."
    )


def test_an_event_cut_off_the_end_is_found(office: Cast) -> None:
    historico = Atendimento.objects.order_by("pk")[0].historico_id
    sql(
        "SET LOCAL session_replication_role = replica",
        f"DELETE FROM workflow_evento WHERE historico_id = {historico}",
        "SET LOCAL session_replication_role = origin",
    )

    out, error = run()

    assert f"Histórico {historico}: a cabeça não confere com o último evento" in out
    assert "2 defeitos" in error


def test_a_status_written_past_the_door_is_found(office: Cast) -> None:
    case = Atendimento.objects.order_by("pk")[0]
    sql(f"UPDATE cases_atendimento SET status = 'aberto', desfecho = '', encerrado_em = NULL WHERE id = {case.pk}")

    assert f"atendimento {case.pk}: o status é «aberto», mas o histórico registra «encerrado»." in run()[0]


def test_a_gap_in_the_numbers_is_found(office: Cast) -> None:
    sql("UPDATE cases_sequencia SET ultimo = 5")

    assert (
        "Protocolos de 35.001.001 em 2026: há 2 atendimentos, o maior número é 2 e o último dado foi 5; deveriam ser "
        "iguais."
    ) in run()[0]


def test_a_missing_letter_is_found(office: Cast) -> None:
    from cases.services import issue_espelho

    case = Atendimento.objects.order_by("pk")[0]
    letter = issue_espelho(atendimento=case, by=office.bruno, at=NOW)
    path_of(Documento.objects.get(pk=letter.pk).arquivo).unlink()

    assert f"O arquivo do documento {letter.codigo} não está no armazenamento" in run()[0]


def test_a_message_that_contradicts_its_ledger_is_found(office: Cast) -> None:
    message = enqueue(
        chave="teste:1",
        tipo="teste",
        unidade=office.unidade,
        destinatario="Ana Souza",
        endereco="ana@example.org",
        assunto="Teste",
        corpo="Teste",
        devida_em=NOW + timedelta(days=1),
    )
    Mensagem.objects.filter(pk=message.pk).update(situacao=Mensagem.Situacao.ENVIADA)

    assert f"Mensagem {message.pk} (teste:1): está enviada sem hora de envio ou sem tentativa bem-sucedida." in run()[0]
