"""The notice of a hearing: how it went to each party, and what proves that it arrived."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hearings.models import Audiencia, NotificacaoDaAudiencia
from hearings.services import cancel, confirm_party, notices_of, prove_notice, return_notice, send_notice
from hearings.services.notices import parties_of
from tests.conftest import NOW
from tests.hearings.conftest import Stage, moment
from workflow.errors import ActNotAllowed, ContentRefused

SENT, BACK = date(2026, 3, 5), date(2026, 3, 10)
LATER = moment("09:00", BACK)


def send(stage: Stage, audiencia: Audiencia, place: int, **changes: Any) -> NotificacaoDaAudiencia:
    party = list(parties_of(audiencia))[place]
    values: dict[str, Any] = {
        "meio": "ar", "rastreio": "br 123 456 789 br", "on": SENT, "by": stage.cast.bruno, "at": LATER, **changes,
    }  # fmt: skip
    return send_notice(audiencia=audiencia, parte=party.key, **values)


def proofs(audiencia: Audiencia) -> list[str]:
    return [item.prova for item in notices_of(audiencia)]


def test_a_letter_with_ar_is_proven_when_the_ar_is_back(stage: Stage) -> None:
    audiencia = stage.schedule()
    sent = send(stage, audiencia, 1)
    assert (sent.rastreio, proofs(audiencia)) == ("BR123456789BR", ["", ""])
    prove_notice(notificacao=sent, on=BACK, recebida_por="Rui Porteiro", by=stage.cast.bruno, at=LATER)

    assert proofs(audiencia) == ["", "Carta com AR, recebida em 10/03/2026 por Rui Porteiro"]
    audiencia.refresh_from_db()
    assert audiencia.status == "agendada"


def test_when_every_party_is_proven_to_know_the_hearing_is_notificada(stage: Stage) -> None:
    audiencia = stage.schedule()
    send(stage, audiencia, 0, meio="em_maos", rastreio="")
    prove_notice(notificacao=send(stage, audiencia, 1), on=BACK, by=stage.cast.bruno, at=LATER)

    audiencia.refresh_from_db()
    assert (audiencia.status, proofs(audiencia)) == (
        "notificada",
        ["Em mãos, recebida em 05/03/2026", "Carta com AR, recebida em 10/03/2026"],
    )


def test_who_confirms_by_the_link_knows(stage: Stage) -> None:
    audiencia = stage.schedule()
    confirm_party(audiencia=audiencia, party=next(iter(parties_of(audiencia))), at=LATER)

    assert proofs(audiencia) == ["Confirmou pelo link em 10/03/2026 às 09:00", ""]


def test_what_came_back_proves_nothing_and_is_sent_again(stage: Stage) -> None:
    audiencia = stage.schedule()
    sent = send(stage, audiencia, 1)
    return_notice(notificacao=sent, on=BACK, motivo="Mudou-se.", by=stage.cast.bruno, at=LATER)
    assert proofs(audiencia) == ["", ""]
    send(stage, audiencia, 1, rastreio="BR999999999BR", on=BACK)

    assert [item.rastreio for item in notices_of(audiencia)[1].enviadas] == ["BR123456789BR", "BR999999999BR"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rastreio": " "}, "rastreio"),
        ({"meio": "pombo"}, "meio"),
        ({"on": date(2026, 3, 3)}, "on"),
        ({"on": date(2026, 3, 11)}, "on"),
    ],
)
def test_refuses_a_notice(stage: Stage, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ContentRefused) as refused:
        send(stage, stage.schedule(), 1, **changes)
    assert list(refused.value.errors) == [field]


def test_refuses_a_party_that_is_not_called(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="uma das partes"):
        send_notice(
            audiencia=stage.schedule(), parte="fornecedor:0", meio="email", on=SENT, by=stage.cast.bruno, at=LATER
        )


def test_refuses_a_tracking_code_twice(stage: Stage) -> None:
    audiencia = stage.schedule()
    send(stage, audiencia, 1)
    with pytest.raises(ActNotAllowed, match="já é de outra notificação"):
        send(stage, audiencia, 0)


def test_refuses_a_return_twice(stage: Stage) -> None:
    audiencia = stage.schedule()
    sent = send(stage, audiencia, 1)
    return_notice(notificacao=sent, on=BACK, motivo="Recusado.", by=stage.cast.bruno, at=LATER)
    with pytest.raises(ActNotAllowed) as refused:
        prove_notice(notificacao=sent, on=BACK, by=stage.cast.dora, at=LATER)
    assert refused.value.message == (
        "O retorno desta notificação já foi registrado: devolvida em 10/03/2026. "
        "Bruno Atendente o registrou em 10/03/2026 às 09:00. Veja como ela está agora."
    )


def test_refuses_a_return_of_what_arrived_and_tells_the_other_tab_so(stage: Stage) -> None:
    audiencia = stage.schedule()
    again = send(stage, audiencia, 1)
    return_notice(notificacao=again, on=SENT, motivo="Mudou-se.", by=stage.cast.dora, at=moment("08:00", BACK))
    sent = send(stage, audiencia, 1, rastreio="BR999999999BR")
    prove_notice(notificacao=sent, on=BACK, by=stage.cast.bruno, at=LATER)
    with pytest.raises(ActNotAllowed) as refused:
        return_notice(notificacao=sent, on=BACK, motivo="Recusado.", by=stage.cast.bruno, at=LATER)
    assert refused.value.message == (
        "O retorno desta notificação já foi registrado: recebida em 10/03/2026. "
        "Você mesmo, talvez em outra aba, o registrou em 10/03/2026 às 09:00. Veja como ela está agora."
    )
    with pytest.raises(
        ActNotAllowed, match=r"devolvida em 05/03/2026\. Dora Coordenadora o registrou em 10/03/2026 às 08:00"
    ):
        prove_notice(notificacao=again, on=BACK, by=stage.cast.bruno, at=LATER)


def test_refuses_a_return_of_what_was_handed_over(stage: Stage) -> None:
    sent = send(stage, stage.schedule(), 0, meio="em_maos", rastreio="")
    with pytest.raises(
        ActNotAllowed, match=r"recebida em 05/03/2026\. Bruno Atendente o registrou em 10/03/2026 às 09:00"
    ):
        return_notice(notificacao=sent, on=BACK, motivo="Recusado.", by=stage.cast.dora, at=LATER)


def test_refuses_a_return_without_reason_or_before_it_went(stage: Stage) -> None:
    sent = send(stage, stage.schedule(), 1)
    with pytest.raises(ContentRefused, match="Escreva por que voltou"):
        return_notice(notificacao=sent, on=BACK, motivo=" ", by=stage.cast.bruno, at=LATER)
    with pytest.raises(ContentRefused, match="entre o envio"):
        prove_notice(notificacao=sent, on=date(2026, 3, 4), by=stage.cast.bruno, at=LATER)


def test_refuses_when_the_hearing_is_no_more(stage: Stage) -> None:
    audiencia = stage.schedule()
    cancel(audiencia=audiencia, motivo="Resolvido.", by=stage.cast.dora, at=NOW)
    with pytest.raises(ActNotAllowed, match="Dora Coordenadora fez «Cancelar»"):
        send(stage, audiencia, 1)


def test_refuses_somebody_from_elsewhere(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        send(stage, stage.schedule(), 1, by=stage.cast.eva)
