"""The CIP's life, one test per refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cases.models import CIP, Atendimento, Reclamado
from cases.services import (
    acknowledge_cip,
    answer_cip,
    cancel_cip,
    close_case,
    close_cip,
    issue_cip,
    lapse_cip,
    lapse_due_cips,
    register,
    send_cip,
)
from deadlines.models import Prazo
from documents.models import Documento
from notifications.models import Mensagem
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

Ap = Callable[..., Atendimento]
RunningCip = Callable[[Reclamado], CIP]


def _status(thing: Atendimento | CIP) -> str:
    thing.refresh_from_db()
    return thing.status


def test_issuing_freezes_a_letter_and_waits_for_the_supplier(cast: Cast, ap: Ap, rules: None) -> None:
    case = ap()

    cip = issue_cip(reclamado=case.reclamados.get(), by=cast.bruno, at=NOW)

    assert (_status(case), _status(cip)) == ("aguarda_fornecedor", "emitida")
    assert cip.documento == Documento.objects.get(tipo="cip")
    assert list(Evento.objects.filter(historico=case.historico).values_list("ato", flat=True)) == [
        "REGISTRAR",
        "EMITIR_CIP",
        "EMITIR_CIP",
    ]


def test_one_cip_in_progress_per_supplier(cast: Cast, ap: Ap, rules: None) -> None:
    reclamado = ap().reclamados.get()
    issue_cip(reclamado=reclamado, by=cast.bruno, at=NOW)

    with pytest.raises(ActNotAllowed, match="Já há uma CIP em andamento"):
        issue_cip(reclamado=reclamado, by=cast.bruno, at=NOW)

    assert CIP.objects.count() == 1


def test_a_cip_needs_a_tipo_that_leads_to_one(cast: Cast) -> None:
    case = register(
        by=cast.bruno,
        at=NOW,
        unidade=cast.unidade,
        tipo="simples_consulta",
        canal="pessoal",
        fornecedores=[cast.loja],
    )

    with pytest.raises(ActNotAllowed, match="não leva a CIP"):
        issue_cip(reclamado=case.reclamados.get(), by=cast.bruno, at=NOW)


def test_by_email_the_letter_goes_to_the_outbox_once(cast: Cast, ap: Ap, rules: None) -> None:
    cip = issue_cip(reclamado=ap().reclamados.get(), by=cast.bruno, at=NOW)

    send_cip(cip=cip, meio="email", by=cast.bruno, at=NOW)

    message = Mensagem.objects.get()
    assert (message.chave, message.endereco, message.devida_em) == (f"cip:{cip.pk}:envio", "loja@example.org", NOW)
    assert cip.documento is not None
    assert cip.documento.codigo in message.corpo
    assert "Ana" not in message.corpo


def test_no_email_to_a_supplier_without_one(cast: Cast, ap: Ap, rules: None) -> None:
    cip = issue_cip(reclamado=ap(cast.banco).reclamados.get(), by=cast.bruno, at=NOW)

    with pytest.raises(ContentRefused, match="não tem e-mail"):
        send_cip(cip=cip, meio="email", by=cast.bruno, at=NOW)

    assert _status(cip) == "emitida"


def test_no_electronic_cip_to_a_supplier_not_enrolled(cast: Cast, ap: Ap, rules: None) -> None:
    cip = issue_cip(reclamado=ap().reclamados.get(), by=cast.bruno, at=NOW)

    with pytest.raises(ContentRefused, match="não aderiu à CIP eletrônica"):
        send_cip(cip=cip, meio="portal", by=cast.bruno, at=NOW)


def test_an_unknown_way_of_sending_is_refused(cast: Cast, ap: Ap, rules: None) -> None:
    cip = issue_cip(reclamado=ap().reclamados.get(), by=cast.bruno, at=NOW)

    with pytest.raises(ContentRefused, match="como a CIP foi enviada"):
        send_cip(cip=cip, meio="pombo", by=cast.bruno, at=NOW)


def test_the_term_starts_at_proven_receipt(ap: Ap, running_cip: RunningCip) -> None:
    cip = running_cip(ap().reclamados.get())

    assert cip.prazo is not None
    assert cip.prazo.vence_em == date(2026, 3, 12)  # Thursday, ten days after Monday 2 March
    assert "10 dias corridos" in cip.prazo.explicacao


@pytest.mark.parametrize("on", [date(2026, 3, 3), date(2026, 3, 5)])
def test_receipt_lies_between_sending_and_today(cast: Cast, ap: Ap, rules: None, on: date) -> None:
    cip = issue_cip(reclamado=ap().reclamados.get(), by=cast.bruno, at=NOW)
    send_cip(cip=cip, meio="ar", by=cast.bruno, at=NOW)

    with pytest.raises(ContentRefused, match="entre o envio"):
        acknowledge_cip(cip=cip, on=on, by=cast.bruno, at=NOW)


def test_the_answer_makes_the_case_wait_for_the_consumer(cast: Cast, ap: Ap, running_cip: RunningCip) -> None:
    case = ap()
    cip = running_cip(case.reclamados.get())

    answer_cip(cip=cip, resposta=" Devolvemos o valor. ", by=cast.bruno, at=NOW)

    assert (_status(cip), _status(case), cip.resposta) == ("respondida", "aguarda_consumidor", "Devolvemos o valor.")


def test_with_two_suppliers_the_case_waits_for_the_last(cast: Cast, ap: Ap, running_cip: RunningCip) -> None:
    case = ap(cast.loja, cast.banco)
    first, second = [running_cip(item) for item in case.reclamados.all()]

    answer_cip(cip=first, resposta="Sim.", by=cast.bruno, at=NOW)
    assert _status(case) == "aguarda_fornecedor"
    answer_cip(cip=second, resposta="Não.", by=cast.bruno, at=NOW)
    assert _status(case) == "aguarda_consumidor"


def test_an_empty_answer_is_refused(cast: Cast, ap: Ap, running_cip: RunningCip) -> None:
    cip = running_cip(ap().reclamados.get())

    with pytest.raises(ContentRefused, match="resposta do fornecedor"):
        answer_cip(cip=cip, resposta=" ", by=cast.bruno, at=NOW)


def test_silence_lapses_the_day_after_the_term(cast: Cast, ap: Ap, running_cip: RunningCip) -> None:
    case = ap()
    cip = running_cip(case.reclamados.get())
    last_day, day_after = NOW + timedelta(days=8), NOW + timedelta(days=9)

    assert lapse_due_cips(today=last_day.date(), at=last_day) == 0
    assert lapse_due_cips(today=day_after.date(), at=day_after) == 1
    assert lapse_due_cips(today=day_after.date(), at=day_after) == 0

    assert (_status(cip), _status(case)) == ("prazo_decorrido", "aguarda_consumidor")
    assert Evento.objects.get(ato="DECORRER_PRAZO").autor == cast.sistema


def test_a_term_still_running_does_not_lapse(cast: Cast, ap: Ap, running_cip: RunningCip) -> None:
    cip = running_cip(ap().reclamados.get())

    with pytest.raises(ActNotAllowed, match="O prazo corre até 12/03/2026"):
        lapse_cip(cip=cip, by=cast.sistema, at=NOW + timedelta(days=8))


def test_a_late_answer_is_still_taken(cast: Cast, ap: Ap, running_cip: RunningCip) -> None:
    cip = running_cip(ap().reclamados.get())
    lapse_cip(cip=cip, by=cast.sistema, at=NOW + timedelta(days=9))

    answer_cip(cip=cip, resposta="Desculpem o atraso.", by=cast.bruno, at=NOW + timedelta(days=10))

    assert _status(cip) == "respondida"


def test_closing_takes_a_resultado_of_the_list(cast: Cast, ap: Ap, running_cip: RunningCip) -> None:
    cip = running_cip(ap().reclamados.get())
    answer_cip(cip=cip, resposta="Sim.", by=cast.bruno, at=NOW)

    for wrong in ("ótimo", "cancelada", "abertura_de_reclamacao"):
        with pytest.raises(ContentRefused, match="Escolha o resultado"):
            close_cip(cip=cip, resultado=wrong, by=cast.bruno, at=NOW)
    close_cip(cip=cip, resultado="resolucao_total", by=cast.bruno, at=NOW)

    cip.refresh_from_db()
    assert (cip.status, cip.resultado, cip.baixada_em) == ("baixada", "resolucao_total", NOW)


def test_cancelling_needs_a_reason_and_frees_the_case(cast: Cast, ap: Ap, rules: None) -> None:
    case = ap()
    cip = issue_cip(reclamado=case.reclamados.get(), by=cast.bruno, at=NOW)

    with pytest.raises(ContentRefused, match="por que a CIP é cancelada"):
        cancel_cip(cip=cip, by=cast.bruno, at=NOW, motivo="")
    cancel_cip(cip=cip, by=cast.bruno, at=NOW, motivo="Endereço errado.")

    assert (_status(cip), cip.resultado, _status(case)) == ("baixada", "cancelada", "aguarda_consumidor")


def test_the_term_stops_when_the_answer_comes(cast: Cast, ap: Ap, running_cip: RunningCip) -> None:
    cip = running_cip(ap().reclamados.get())
    answer_cip(cip=cip, resposta="Sim.", by=cast.bruno, at=NOW)
    assert Prazo.objects.get(regra__nome="cip_resposta").cumprido_em == NOW


def test_the_term_stops_when_silence_is_certified(cast: Cast, ap: Ap, running_cip: RunningCip) -> None:
    cip, later = running_cip(ap().reclamados.get()), NOW + timedelta(days=9)
    lapse_cip(cip=cip, by=cast.sistema, at=later)
    assert Prazo.objects.get(regra__nome="cip_resposta").cumprido_em == later


def test_the_term_stops_when_the_cip_is_cancelled(cast: Cast, ap: Ap, running_cip: RunningCip) -> None:
    cip = running_cip(ap().reclamados.get())
    cancel_cip(cip=cip, by=cast.bruno, at=NOW, motivo="Endereço errado.")
    assert Prazo.objects.get(regra__nome="cip_resposta").cumprido_em == NOW


def test_the_term_stops_when_the_case_closes(cast: Cast, ap: Ap, running_cip: RunningCip) -> None:
    case = ap()
    running_cip(case.reclamados.get())
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)
    assert Prazo.objects.get(regra__nome="cip_resposta").cumprido_em == NOW
