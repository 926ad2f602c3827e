"""The supplier's answer with its kind, the days asked for, the consumer's word, and inertia."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cases.models import CIP, Atendimento, Manifestacao, PedidoDeProrrogacao, Reclamado
from cases.services import (
    analyze_cip,
    answer_cip,
    archive_for_inertia,
    archive_idle_cases,
    decide_extension,
    extend_cip,
    issue_cip,
    lapse_cip,
    record_manifestation,
    request_extension,
    tell_by_hand,
    warn_idle_cases,
)
from deadlines.models import Prazo
from notifications.models import Mensagem
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

Ap = Callable[..., Atendimento]
RunningCip = Callable[[Reclamado], CIP]


@pytest.fixture
def cip(ap: Ap, running_cip: RunningCip) -> CIP:
    """The shop's CIP, whose term ends on Thursday 12 March."""
    return running_cip(ap().reclamados.get())


def case_of(cip: CIP) -> Atendimento:
    return Atendimento.objects.get(pk=cip.reclamado.atendimento_id)


def answered(cip: CIP, cast: Cast, especie: str, **more: str) -> CIP:
    return answer_cip(cip=cip, by=cast.bruno, at=NOW, especie=especie, **{"resposta": "Sim.", **more})


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"especie": "talvez", "resposta": "x"}, "especie"),
        ({"especie": "proposta", "resposta": "x", "proposta": " "}, "proposta"),
        ({"especie": "recusa", "resposta": " "}, "resposta"),
        ({"especie": "informacao", "resposta": ""}, "resposta"),
    ],
)
def test_an_answer_that_lacks_its_words_is_refused(cast: Cast, cip: CIP, data: dict[str, str], field: str) -> None:
    with pytest.raises(ContentRefused) as refused:
        answer_cip(cip=cip, by=cast.bruno, at=NOW, **data)
    cip.refresh_from_db()
    assert (list(refused.value.errors), cip.status) == ([field], "cientificada")


def test_a_proposal_is_kept_with_who_made_it(cast: Cast, cip: CIP) -> None:
    answered(cip, cast, "proposta", proposta=" Metade. ", respondente="Rui  Gerente", qualidade="gerente")
    cip.refresh_from_db()
    assert (cip.especie, cip.proposta, cip.respondente, cip.respondente_qualidade) == (
        "proposta", "Metade.", "Rui Gerente", "gerente",
    )  # fmt: skip
    assert len(cip.recibo) == len("7K2M-0PQ1-0001")


def test_for_the_system_somebody_must_have_answered(cast: Cast, cip: CIP) -> None:
    with pytest.raises(ContentRefused, match="quem responde"):
        answer_cip(cip=cip, resposta="Sim.", by=cast.sistema, at=NOW)
    assert CIP.objects.get().status == "cientificada"


def test_a_letter_answered_before_its_sending_is_recorded(cast: Cast, ap: Ap, rules: None) -> None:
    cip = issue_cip(reclamado=ap().reclamados.get(), by=cast.bruno, at=NOW)
    answered(cip, cast, "aceita", resposta="")
    assert (CIP.objects.get().status, case_of(cip).status) == ("respondida", "aguarda_consumidor")


def test_the_consumer_is_told_and_the_days_to_return_start(cast: Cast, cip: CIP) -> None:
    answered(cip, cast, "aceita")
    message = Mensagem.objects.get(tipo="retorno")
    assert (message.endereco, "03/04/2026" in message.corpo, "atende ao seu pedido" in message.corpo) == (
        "ana@example.org", False, True,
    )  # fmt: skip
    # Wednesday 4 March and thirty days: Good Friday 3 April, so Monday 6.
    assert Prazo.objects.get(regra__nome="retorno_consumidor").vence_em == date(2026, 4, 6)
    assert "06/04/2026" in message.corpo


def test_the_consumer_is_told_of_silence(cast: Cast, cip: CIP) -> None:
    lapse_cip(cip=cip, by=cast.sistema, at=NOW + timedelta(days=9))
    assert "não respondeu no prazo" in Mensagem.objects.get(tipo="retorno").corpo


def test_without_an_address_the_days_start_with_the_notice_by_hand(cast: Cast, cip: CIP) -> None:
    type(cast.ana).objects.update(email="")
    answered(CIP.objects.select_related("reclamado__atendimento__consumidor").get(), cast, "aceita")
    assert not Prazo.objects.filter(regra__nome="retorno_consumidor").exists()
    case = case_of(cip)
    with pytest.raises(ContentRefused, match="O aviso fica entre"):
        tell_by_hand(atendimento=case, meio="telefone", on=date(2026, 3, 3), by=cast.bruno, at=NOW)
    with pytest.raises(ContentRefused, match="como o consumidor foi avisado"):
        tell_by_hand(atendimento=case, meio=" ", on=NOW.date(), by=cast.bruno, at=NOW)
    prazo = tell_by_hand(atendimento=case, meio="telefone", on=NOW.date(), by=cast.bruno, at=NOW)
    assert prazo.vence_em == date(2026, 4, 6)  # Monday


def test_only_a_case_that_waits_for_the_consumer_is_told_by_hand(cast: Cast, cip: CIP) -> None:
    with pytest.raises(ActNotAllowed, match="não aguarda o consumidor"):
        tell_by_hand(atendimento=case_of(cip), meio="telefone", on=NOW.date(), by=cast.bruno, at=NOW)
    assert not Evento.objects.filter(ato="AVISAR_CONSUMIDOR").exists()


def test_analysis_follows_the_answer(cast: Cast, cip: CIP) -> None:
    with pytest.raises(ActNotAllowed, match="Analisar"):
        analyze_cip(cip=cip, by=cast.bruno, at=NOW)
    analyze_cip(cip=answered(cip, cast, "aceita"), by=cast.bruno, at=NOW, motivo="Ver recibo.")
    assert (CIP.objects.get().status, Evento.objects.get(ato="ANALISAR_CIP").motivo) == ("em_analise", "Ver recibo.")


@pytest.mark.parametrize(
    ("especie", "resultado", "desfecho"),
    [
        ("aceita", "resolucao_total", "resolvido_cip"),
        ("proposta", "acordo", "acordo"),
        ("informacao", "consulta_fornecida", "resolvido_cip"),
    ],
)
def test_acceptance_closes_the_cip_and_the_case(
    cast: Cast, cip: CIP, especie: str, resultado: str, desfecho: str
) -> None:
    answered(cip, cast, especie, proposta="Metade.")
    record_manifestation(cip=cip, aceita=True, texto="", canal="telefone", by=cast.bruno, at=NOW)
    cip.refresh_from_db()
    case = case_of(cip)
    assert (cip.status, cip.resultado, case.status, case.desfecho) == ("baixada", resultado, "encerrado", desfecho)
    assert not Prazo.objects.running().exists()


def test_of_two_letters_the_last_acceptance_closes_the_case(cast: Cast, ap: Ap, running_cip: RunningCip) -> None:
    case = ap(cast.loja, cast.banco)
    first, second = [answered(running_cip(item), cast, "aceita") for item in case.reclamados.all()]
    record_manifestation(cip=first, aceita=True, texto="", canal="pessoal", by=cast.bruno, at=NOW)
    assert case_of(first).status == "aguarda_consumidor"
    record_manifestation(cip=second, aceita=True, texto="", canal="pessoal", by=cast.bruno, at=NOW)
    assert case_of(first).status == "encerrado"


def test_not_accepted_leaves_the_case_for_what_follows(cast: Cast, cip: CIP) -> None:
    answered(cip, cast, "recusa")
    with pytest.raises(ActNotAllowed, match="recusou o pedido"):
        record_manifestation(cip=cip, aceita=True, texto="", canal="telefone", by=cast.bruno, at=NOW)
    with pytest.raises(ContentRefused, match="por que o consumidor não aceita"):
        record_manifestation(cip=cip, aceita=False, texto=" ", canal="telefone", by=cast.bruno, at=NOW)
    with pytest.raises(ContentRefused, match="por onde"):
        record_manifestation(cip=cip, aceita=False, texto="Não.", canal="pombo", by=cast.bruno, at=NOW)
    record_manifestation(cip=cip, aceita=False, texto="Quero tudo.", canal="telefone", by=cast.bruno, at=NOW)
    assert (CIP.objects.get().status, case_of(cip).status) == ("respondida", "aguarda_consumidor")
    with pytest.raises(ActNotAllowed, match="já está registrado"):
        record_manifestation(cip=cip, aceita=False, texto="De novo.", canal="telefone", by=cast.bruno, at=NOW)
    assert Manifestacao.objects.get().texto == "Quero tudo."


def test_silence_holds_nothing_to_accept(cast: Cast, cip: CIP) -> None:
    later = NOW + timedelta(days=9)
    lapse_cip(cip=cip, by=cast.sistema, at=later)
    analyze_cip(cip=cip, by=cast.bruno, at=later)
    with pytest.raises(ActNotAllowed, match="não respondeu"):
        record_manifestation(cip=cip, aceita=True, texto="", canal="telefone", by=cast.bruno, at=later)
    assert not Manifestacao.objects.exists()


def test_days_asked_for_are_granted_once_and_told(cast: Cast, cip: CIP) -> None:
    asked = request_extension(cip=cip, dias=5, motivo="Perícia.", quem="Rui", by=cast.sistema, at=NOW)
    with pytest.raises(ActNotAllowed, match="à espera de decisão"):
        request_extension(cip=cip, dias=5, motivo="Perícia.", quem="Rui", by=cast.sistema, at=NOW)
    with pytest.raises(ContentRefused, match="precisa de motivo"):
        decide_extension(pedido=asked, deferir=True, motivo=" ", by=cast.bruno, at=NOW)
    decide_extension(pedido=asked, deferir=True, motivo="Cabe.", by=cast.bruno, at=NOW)
    assert Prazo.objects.get().vence_em == date(2026, 3, 17)  # Tuesday
    assert "prorrogado até 17/03/2026" in Mensagem.objects.get(tipo="cip_prorrogacao").corpo
    with pytest.raises(ActNotAllowed, match="já foi decidido"):
        decide_extension(pedido=asked, deferir=False, motivo="Não.", by=cast.bruno, at=NOW)


def test_days_denied_leave_the_term(cast: Cast, cip: CIP) -> None:
    asked = request_extension(cip=cip, dias=5, motivo="Férias.", quem="Rui", by=cast.sistema, at=NOW)
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        decide_extension(pedido=asked, deferir=False, motivo="Não.", by=cast.eva, at=NOW)
    decide_extension(pedido=asked, deferir=False, motivo="Não é caso.", by=cast.bruno, at=NOW)
    assert Prazo.objects.get().vence_em == date(2026, 3, 12)
    assert "não foi prorrogado" in Mensagem.objects.get(tipo="cip_prorrogacao").corpo


@pytest.mark.parametrize(
    ("dias", "motivo", "quem", "fields"),
    [(0, "x", "Rui", ["dias"]), (181, "x", "Rui", ["dias"]), (5, " ", "Rui", ["motivo"]), (5, "x", " ", ["quem"])],
)
def test_a_request_lacks_nothing(cast: Cast, cip: CIP, dias: int, motivo: str, quem: str, fields: list[str]) -> None:
    with pytest.raises(ContentRefused) as refused:
        request_extension(cip=cip, dias=dias, motivo=motivo, quem=quem, by=cast.sistema, at=NOW)
    assert list(refused.value.errors) == fields


def test_only_a_running_term_is_extended(cast: Cast, cip: CIP) -> None:
    extend_cip(cip=cip, dias=1, motivo="Greve.", by=cast.bruno, at=NOW)
    assert Prazo.objects.get().vence_em == date(2026, 3, 13)  # Friday
    answered(cip, cast, "aceita")
    with pytest.raises(ActNotAllowed, match="prazo que corre"):
        extend_cip(cip=cip, dias=1, motivo="Greve.", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="prazo que corre"):
        request_extension(cip=cip, dias=1, motivo="Greve.", quem="Rui", by=cast.sistema, at=NOW)


def test_the_answer_settles_a_request_without_decision(cast: Cast, cip: CIP) -> None:
    request_extension(cip=cip, dias=5, motivo="Férias.", quem="Rui", by=cast.sistema, at=NOW)
    answered(cip, cast, "aceita")
    assert PedidoDeProrrogacao.objects.get().deferido is False


def idle(days: int) -> tuple[int, int]:
    """Warned and archived by the clock so many days after NOW."""
    later = NOW + timedelta(days=days)
    return (
        warn_idle_cases(today=later.date(), at=later),
        archive_idle_cases(today=later.date(), at=later),
    )


def test_inertia_is_warned_of_and_then_archived(cast: Cast, cip: CIP) -> None:
    answered(cip, cast, "aceita")
    assert idle(33) == (0, 0)  # Monday 6 April, the last day
    assert idle(34) == (1, 0)  # Tuesday 7: the last notice, until Monday 13 (Sunday 12 rolls)
    assert idle(34) == (0, 0)
    Mensagem.objects.filter(referencia__startswith="prazo:").update(situacao="enviada")
    assert idle(40) == (0, 0)  # Monday 13
    assert idle(41) == (0, 1)
    assert idle(41) == (0, 0)
    case = case_of(cip)
    assert (case.status, case.desfecho, CIP.objects.get().resultado) == ("encerrado", "desistencia", "desistencia")


def test_a_notice_that_did_not_go_out_archives_nothing(cast: Cast, cip: CIP) -> None:
    answered(cip, cast, "aceita")
    assert idle(34) == (1, 0)
    Mensagem.objects.filter(referencia__startswith="prazo:").update(situacao="falhou")
    assert idle(60) == (0, 0)
    assert case_of(cip).status == "aguarda_consumidor"


def test_a_consumer_who_came_back_is_not_archived(cast: Cast, cip: CIP) -> None:
    answered(cip, cast, "recusa")
    record_manifestation(cip=cip, aceita=False, texto="Não.", canal="telefone", by=cast.bruno, at=NOW)
    assert idle(60) == (0, 0)


def test_a_coordenador_archives_with_a_reason(cast: Cast, cip: CIP) -> None:
    answered(cip, cast, "aceita")
    case = case_of(cip)
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        archive_for_inertia(atendimento=case, motivo="Sem resposta.", by=cast.bruno, at=NOW)
    with pytest.raises(ContentRefused, match="como o consumidor foi avisado"):
        archive_for_inertia(atendimento=case, by=cast.dora, at=NOW)
    archive_for_inertia(atendimento=case, motivo="Três cartas voltaram.", by=cast.dora, at=NOW)
    assert case_of(cip).desfecho == "desistencia"
