"""After anonymising no column of any table names the person, and the chain of events still proves itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from accounts.models import Papel, User
from cases.models import CIP, Atendimento, Classificacao, FormularioDeContingencia, PrazoDeGuarda, Senha
from cases.services import (
    add_number,
    answer_cip,
    attach,
    extend_cip,
    lodge_appeal,
    record_contact,
    record_manifestation,
    request_extension,
)
from cases.services.contingency import reserve_forms
from cases.services.privacy import _pointing_to, rows_of_person
from cases.services.queue import forget_first_names
from cases.services.retention import anonymise
from deadlines.models import Prazo
from hearings.models import AssinaturaDoTermo
from hearings.selfcheck import wrong_results, wrong_termos
from parties.models import (
    Consumidor,
)
from portal.models import ConsumidorDeclarado
from tests.cases.files import uploaded
from tests.cases.poisoned import (
    POISON,
    rows_of_a_hearing,
    rows_of_a_termo,
    rows_of_likeness,
    rows_of_the_counter,
    rows_of_writing,
)
from tests.conftest import NOW, Cast
from workflow.models import GONE, Evento
from workflow.selfcheck import broken_links
from workflow.services import forget_texts, record

LATER = NOW + timedelta(days=6 * 366)
#: What must be nowhere: the person's own data, and a word in every free text.
TRACES = ("Ana Souza", "11144477735", "ana@example.org", "11999990000", "XILOFONE")
#: Columns that the office fills in itself and keeps, with the reason why no person's words are in them.
OWN = {
    "cases.Anexo.achado": "the antivirus's name for what it found",
    "cases.Anexo.arquivo": "where the file is: its hash",
    "cases.Anexo.sha256": "hash of the file that is gone",
    "cases.Anexo.sha256_recebido": "hash of the file as it came",
    "cases.Anexo.tipo": "media type, by content",
    "cases.Atendimento.chave_hash": "hash of the key with which the consumer followed the case",
    "cases.Atendimento.protocolo": "the number for life, which every total counts by",
    "cases.CIP.codigo_hash": "hash of the code of the answer",
    "cases.CIP.rastreio": "the post's number of the letter to the supplier",
    "cases.CIP.recibo": "code of the supplier's receipt",
    "cases.Calculo.entrada": "amounts, rates and units, each from a list or a number",
    "cases.Calculo.resultado": "numbers, and the sentences of the formula",
    "cases.ItemDoLote.rastreio": "the post's number of the letter to the supplier",
    "cases.PerfilAnonimo.faixa_etaria": "one of eight brackets",
    "cases.Senha.guiche": "the counter's own number",
    "deadlines.Prazo.explicacao": "made by the rule; the reasons of extensions in it are tested below",
    "deadlines.Prazo.nota": "made by the rule that presumes a receipt, from days and norms; nobody types it",
    "hearings.AssinaturaDoTermo.conteudo_sha256": "hash of what was signed",
    "hearings.Confirmacao.parte": "key of a row, as consumidor:5",
    "hearings.NotificacaoDaAudiencia.parte": "key of a row, as consumidor:5",
    "hearings.PedidoDeRemarcacao.parte": "key of a row, as consumidor:5",
    "hearings.Reserva.recurso": "key of a row, as consumidor:5",
    "hearings.Termo.conteudo_sha256": "hash of what was signed",
    "hearings.Termo.homologacao": "the unidade's own number, gapless",
    "notifications.Mensagem.chave": "key of rows and of what is announced",
    "notifications.Mensagem.documento": "name of the letter's file: a code",
    "notifications.Mensagem.parte": "key of a row, as consumidor:5",
    "notifications.Mensagem.referencia": "key of a row, as audiencia:12",
    "notifications.Mensagem.tipo": "one of the office's kinds of message",
    "notifications.Mensagem.vez": "which of the reminders, as 7d",
    "parties.Consumidor.bairro": "kept for the profile, where cells under five are suppressed",
    "parties.Consumidor.municipio": "kept for the profile: the municipality's code",
    "parties.Consumidor.uf": "kept for the profile",
}
#: Tables of others, which hold nobody's case.
NOT_OURS = {"sessions", "contenttypes", "auth", "axes", "oauth2_provider"}


@pytest.fixture
def gil(cast: Cast) -> User:
    person = User.objects.create_user("gil", "senha-de-teste-1", nome="Gil Encarregado")
    person.atribuicoes.create(unidade=cast.unidade, papel=Papel.ENCARREGADO)
    for tipo in ("atendimento_preliminar", "simples_consulta"):
        PrazoDeGuarda.objects.update_or_create(tipo=tipo, defaults={"anos": 5, "fonte": "CDC, art. 27"})
    return person


@pytest.fixture
def rich(
    cast: Cast,
    gil: User,
    ap: Callable[..., Atendimento],
    running_cip: Callable[..., CIP],
    decided: Callable[..., list[Classificacao]],
) -> Consumidor:
    """Ana with a row in every table that can belong to a person, each text poisoned with her data and a marker."""
    (made,) = decided()
    lodge_appeal(classificacao=made, de_quem="consumidor", on=NOW.date(), texto=POISON, by=cast.bruno, at=NOW)
    answered, asked = (running_cip(ap(cast.banco).reclamados.get()) for _ in range(2))
    request_extension(cip=asked, dias=3, motivo=POISON, quem="Rita", by=cast.sistema, at=NOW)
    extend_cip(cip=answered, dias=3, motivo=POISON, by=cast.bruno, at=NOW)
    answer_cip(cip=answered, resposta=POISON, by=cast.bruno, at=NOW)
    record_manifestation(cip=answered, aceita=False, texto=POISON, canal="pessoal", by=cast.bruno, at=NOW)
    case = ap()
    party = case.reclamados.get()
    record_contact(reclamado=party, resultado="nao_resolvido", relato=POISON, by=cast.bruno, at=NOW)
    record(case, "ANOTAR", by=cast.bruno, at=NOW, motivo=POISON, texto=POISON, linhas=[POISON, 3], dia="2026-03-04")
    (form,) = reserve_forms(unidade=cast.unidade, quantidades={"calculo": 1}, by=cast.bruno, at=NOW)
    FormularioDeContingencia.objects.filter(pk=form.pk).update(
        atendimento=case, digitado_em=NOW, digitado_por=cast.bruno
    )
    add_number(atendimento=case, sistema="sindec", numero="FA 77", by=cast.bruno, at=NOW)
    attach(atendimento=case, arquivo=uploaded(), nome=f"{POISON}.pdf", origem="balcao", by=cast.bruno, at=NOW)
    ConsumidorDeclarado.objects.create(atendimento=case, dados={"nome": POISON})
    rows_of_writing(cast, case)
    rows_of_a_hearing(cast, case)
    rows_of_the_counter(cast, case, gil)
    rows_of_a_termo(cast, case)
    rows_of_likeness(cast, gil)
    Consumidor.objects.filter(pk=cast.ana.pk).update(nome_social="Ana Souza", telefone="11999990000")
    _poison(cast.ana)
    Atendimento.objects.update(status="encerrado", desfecho="desistencia", encerrado_em=NOW)
    cast.ana.refresh_from_db()
    return cast.ana


def _texts(model: Any) -> Iterator[models.Field[Any, Any]]:
    """The columns of a model that may hold what somebody wrote."""
    for item in model._meta.concrete_fields:
        computed = item.choices or item.primary_key or item.generated or item.name == "nome_busca"
        if isinstance(item, models.CharField | models.TextField | models.JSONField) and not computed:
            yield item


def _poison(person: Consumidor) -> None:
    """Her data and the marker in every text column of every row of hers, where the database lets it stand."""
    for model, keys in rows_of_person(person).items():
        if model._meta.label in {"workflow.Evento", "workflow.Leitura", "documents.Documento"}:
            continue  # frozen by triggers: written poisoned above, or by the letters
        for item in _texts(model):
            if f"{model._meta.label}.{item.name}" in OWN or item.unique:
                continue
            text = POISON[-(item.max_length or 999) :]
            value = [text] if isinstance(item, models.JSONField) else text
            with suppress(DatabaseError), transaction.atomic():
                model._base_manager.filter(pk__in=keys).update(**{item.name: value})


def traces() -> dict[str, list[str]]:
    """Where a trace stands: table.column → which; every column of every table of ours, read as text."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in NOT_OURS or model._meta.proxy or not model._meta.managed:
            continue
        for item in model._meta.concrete_fields:
            with connection.cursor() as cursor:
                cursor.execute(
                    f'SELECT coalesce(string_agg("{item.column}"::text, chr(31)), \'\') FROM "{model._meta.db_table}"'
                )
                (told,) = cursor.fetchone()
            if hit := [trace for trace in TRACES if trace.lower() in told.lower()]:
                found[f"{model._meta.label}.{item.name}"] = hit
    return found


def test_every_table_that_can_hold_a_person_has_a_row(cast: Cast, rich: Consumidor) -> None:
    """So that the next test is about all of them: a new table comes here, too."""
    reached = {model._meta.label for model in rows_of_person(rich)}
    possible, waiting = {Consumidor}, [Consumidor]
    while waiting:
        for source, _ in _pointing_to(waiting.pop()):
            if source not in possible:
                possible.add(source)
                waiting.append(source)
    kept_rows = {model._meta.label for model in possible if hasattr(model, "pgh_tracked_model")}
    assert {model._meta.label for model in possible} - kept_rows - reached == {
        "cases.Anonimizacao",
        "cases.PerfilAnonimo",
        "reports.ItemDoCadastro",  # what was published of a decision: assunto, problema and days, nobody's name
    }


def test_no_column_of_any_table_names_her_afterwards(
    cast: Cast, gil: User, rich: Consumidor, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    before = traces()
    assert len(before) > 60
    with django_capture_on_commit_callbacks(execute=True):
        anonymise(consumidor=rich, by=gil, at=LATER)
    assert traces() == {}
    assert list(broken_links()) == []
    assert list(AssinaturaDoTermo.objects.order_by("pk").values_list("nome", "tracos")) == [(GONE, [])] * 2
    assert [*wrong_results(), *wrong_termos()] == []


def test_what_is_no_text_stays_in_the_events(cast: Cast, gil: User, rich: Consumidor) -> None:
    event = Evento.objects.get(ato="ANOTAR")
    digest, link = bytes(event.resumo), bytes(event.hash)
    anonymise(consumidor=rich, by=gil, at=LATER)
    event.refresh_from_db()
    assert (event.motivo, event.dados) == (GONE, {"texto": GONE, "linhas": [GONE, 3], "dia": "2026-03-04"})
    assert (event.sal, bytes(event.resumo), bytes(event.hash), event.anonimizado) == (None, digest, link, True)
    case = Atendimento.objects.get(historico=event.historico)
    last = case.historico.eventos.order_by("sequencia").last()
    assert (last.ato, last.autor, last.motivo) == ("ANONIMIZAR", gil, "")


def test_an_extension_keeps_its_days_without_its_reason(cast: Cast, gil: User, rich: Consumidor) -> None:
    prazo = Prazo.objects.get(prorrogacoes__isnull=False)
    ends = prazo.vence_em
    anonymise(consumidor=rich, by=gil, at=LATER)
    prazo.refresh_from_db()
    assert (prazo.vence_em, prazo.prorrogacoes.get().motivo) == (ends, GONE)
    assert f"prorrogado por 3 dias corridos em 04/03 {GONE}" in prazo.explicacao


FORBIDDEN = [
    "UPDATE workflow_evento SET motivo = 'outro' WHERE id = %s",
    "UPDATE workflow_evento SET anonimizado = true, sal = NULL, motivo = 'x' WHERE id = %s",
    "DELETE FROM workflow_evento WHERE id = %s",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_without_its_record_no_text_goes(cast: Cast, ap: Callable[..., Atendimento], sql: str) -> None:
    event = record(ap(), "ANOTAR", by=cast.bruno, at=NOW, motivo="Ligou.")
    with pytest.raises(DatabaseError, match="O histórico só cresce"), transaction.atomic(), connection.cursor() as at:
        at.execute(sql, [event.pk])


ALSO = ["ato = 'OUTRO'", "autor_id = 1", "hash = '\\x00'", "resumo = '\\x00'", "sequencia = 9", "quando = now()"]


@pytest.mark.parametrize("change", ALSO)
def test_with_the_text_nothing_else_may_go(cast: Cast, ap: Callable[..., Atendimento], change: str) -> None:
    case = ap()
    event = record(case, "ANOTAR", by=cast.bruno, at=NOW, motivo="Ligou.")
    record(case, "ANONIMIZAR", by=cast.bruno, at=NOW)
    sql = f"UPDATE workflow_evento SET anonimizado = true, sal = NULL, motivo = 'x', {change} WHERE id = %s"
    with pytest.raises(DatabaseError, match="O histórico só cresce"), transaction.atomic(), connection.cursor() as at:
        at.execute(sql, [event.pk])


@pytest.mark.parametrize(
    "change",
    ["motivo = 'outro'", "dados = '{\"a\": 1}'", "sal = '\\x00'", "sal = NULL", "anonimizado = true, sal = NULL"],
)
def test_a_text_changed_behind_the_trigger_is_found(cast: Cast, ap: Callable[..., Atendimento], change: str) -> None:
    event = record(ap(), "ANOTAR", by=cast.bruno, at=NOW, motivo="Ligou.")
    assert list(broken_links()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"UPDATE workflow_evento SET {change} WHERE id = %s", [event.pk])
        cursor.execute("RESET session_replication_role")
    expected = f"Histórico {event.historico_id}: o evento 2 não confere com o seu hash ou com o anterior."
    assert list(broken_links()) == [expected]


def test_forgetting_twice_takes_nothing_more(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    case = ap()
    record(case, "ANOTAR", by=cast.bruno, at=NOW, motivo="Ligou.")
    assert [forget_texts(case, by=cast.dora, at=NOW) for _ in range(2)] == [1, 0]
    assert list(broken_links()) == []


def test_first_names_of_past_days_are_forgotten(cast: Cast) -> None:
    for number, day in enumerate((NOW.date(), NOW.date() - timedelta(days=1)), 1):
        Senha.objects.create(unidade=cast.unidade, dia=day, numero=number, ordem=2, primeiro_nome="Ana", emitida_em=NOW)
    assert [forget_first_names(today=NOW.date()) for _ in range(2)] == [1, 0]
    assert list(Senha.objects.order_by("numero").values_list("primeiro_nome", flat=True)) == ["Ana", ""]
