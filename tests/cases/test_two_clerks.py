"""Two clerks on one case: the second is told who was faster, with what and when, and loses nothing that was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
import time_machine

from accounts.models import User
from cases.models import CIP, Acordo, Atendimento, Defesa, Reclamacao
from cases.services import (
    add_number,
    answer_cip,
    break_agreement,
    close_case,
    close_cip,
    correct_case,
    decide,
    make_agreement,
    open_reclamacao,
    receive_defence,
    record_manifestation,
    take_number_back,
)
from cases.services.correction import current_values, marks_of
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed
from workflow.services import faster

CASES = "/atendimentos"
TYPED = "Texto que ninguém quer escrever duas vezes."


@dataclass
class Stage:
    """What the tests start from."""

    cast: Cast
    ap: Callable[..., Atendimento]
    running_cip: Callable[..., CIP]
    notified: Callable[..., list[Defesa]]
    under_analysis: Callable[..., Reclamacao]
    frida: User


@pytest.fixture
def stage(
    cast: Cast,
    ap: Callable[..., Atendimento],
    running_cip: Callable[..., CIP],
    notified: Callable[..., list[Defesa]],
    under_analysis: Callable[..., Reclamacao],
    frida: User,
) -> Stage:
    return Stage(cast, ap, running_cip, notified, under_analysis, frida)


#: What Bruno (or Edu) sends, after Dora did `moved`: address, fields, and the label under which her act is told.
Turn = tuple[str, dict[str, str], Callable[[], Any], str]


def closing(stage: Stage) -> Turn:
    case = stage.ap()
    data = {"desfecho": "orientado", "motivo": TYPED, "visto": "aberto"}
    done = lambda: close_case(atendimento=case, desfecho="desistencia", by=stage.cast.dora, at=NOW)  # noqa: E731
    return f"{CASES}/{case.protocolo}/encerrar/", data, done, "Encerrar"


def complaining(stage: Stage) -> Turn:
    case = stage.ap()
    done = lambda: open_reclamacao(atendimento=case, motivo="Já.", by=stage.cast.dora, at=NOW)  # noqa: E731
    return f"{CASES}/{case.protocolo}/reclamacao/", {"motivo": TYPED, "visto": "aberto"}, done, "Abrir reclamação"


def answering(stage: Stage) -> Turn:
    cip = stage.running_cip(stage.ap().reclamados.get())
    data = {"especie": "informacao", "resposta": TYPED, "visto": "cientificada"}
    done = lambda: answer_cip(cip=cip, resposta="Não.", by=stage.cast.dora, at=NOW)  # noqa: E731
    return f"{CASES}/cips/{cip.pk}/resposta/", data, done, "Registrar resposta"


def answered(stage: Stage) -> CIP:
    cip = stage.running_cip(stage.ap().reclamados.get())
    return answer_cip(cip=cip, resposta="Devolvemos.", by=stage.cast.bruno, at=NOW)


def hearing_the_consumer(stage: Stage) -> Turn:
    cip = answered(stage)
    data = {"aceita": "nao", "canal": "pessoal", "texto": TYPED, "visto": "respondida"}
    done = lambda: close_cip(cip=cip, resultado="sem_resolucao", by=stage.cast.dora, at=NOW)  # noqa: E731
    return f"{CASES}/cips/{cip.pk}/manifestacao/", data, done, "Dar baixa na CIP"


def analysing(stage: Stage) -> Turn:
    cip = answered(stage)
    done = lambda: record_manifestation(  # noqa: E731
        cip=cip, aceita=True, texto="", canal="pessoal", by=stage.cast.dora, at=NOW
    )
    data = {"motivo": TYPED, "visto": "respondida"}
    return f"{CASES}/cips/{cip.pk}/analise/", data, done, "Registrar a aceitação do consumidor"


def defending(stage: Stage) -> Turn:
    (turn,) = stage.notified()
    done = lambda: receive_defence(defesa=turn, texto="Não.", by=stage.cast.dora, at=NOW)  # noqa: E731
    return (
        f"{CASES}/defesas/{turn.pk}/texto/",
        {"texto": TYPED, "visto": "notificada"},
        done,
        "Concluir a fase de defesa",
    )


def agreeing(stage: Stage) -> Turn:
    party = stage.ap().reclamados.get()
    made = make_agreement(
        reclamado=party,
        origem="atendimento",
        texto="Troca.",
        firmado_em=NOW.date(),
        conferir_em=NOW.date(),
        by=stage.cast.bruno,
        at=NOW,
    )
    done = lambda: break_agreement(acordo=made, observacao="Não trocou.", by=stage.cast.dora, at=NOW)  # noqa: E731
    data = {"observacao": TYPED, "visto": "firmado"}
    return f"{CASES}/acordos/{made.pk}/cumprido/", data, done, "Registrar que não foi cumprido"


def rectifying(stage: Stage) -> Turn:
    case = stage.ap()
    stage.cast.bruno.atribuicoes.create(unidade=stage.cast.unidade, papel="coordenador")
    done = lambda: close_case(atendimento=case, desfecho="desistencia", by=stage.cast.dora, at=NOW)  # noqa: E731
    data = {"status": "aberto", "desfecho": "", "motivo": TYPED, "visto": "aberto"}
    return f"{CASES}/{case.protocolo}/retificar/", data, done, "Encerrar"


FORMS = [
    closing, complaining, answering, hearing_the_consumer, analysing, defending, agreeing, rectifying,
]  # fmt: skip


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("prepare", FORMS)
def test_the_second_is_told_who_was_faster_and_keeps_the_text(
    stage: Stage, prepare: Callable[[Stage], Turn], htmx: bool
) -> None:
    address, data, moved, label = prepare(stage)
    moved()

    headers = {"HX-Request": "true"} if htmx else {}
    answer = logged_in(stage.cast.bruno).post(address, data, headers=headers)

    page = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert f"Dora Coordenadora fez «{label}» em 04/03/2026 às 10:00" in page
    assert TYPED in page


@time_machine.travel(NOW, tick=False)
def test_who_decides_second_keeps_the_reasons(stage: Stage) -> None:
    party = stage.under_analysis().atendimento.reclamados.get()
    told = {"valor": "nao_fundamentada", "motivo": "Sem prova.", "base_legal": "CDC, art. 42"}
    decide(reclamado=party, **told, by=stage.frida, at=NOW)

    data = {**told, "motivo": TYPED, "visto": "em_analise"}
    answer = logged_in(stage.cast.edu).post(f"{CASES}/reclamados/{party.pk}/decisao/", data)

    page = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "Frida Segunda Autoridade fez «Decidir» em 04/03/2026 às 10:00" in page
    assert (TYPED in page, "O que você escreveu" in page, "CDC, art. 42" in page) == (True, True, True)


@time_machine.travel(NOW, tick=False)
def test_what_moves_nothing_is_told_too(stage: Stage) -> None:
    """A number taken back moves no status; what others did since the page was shown says who it was."""
    case = stage.ap()
    number = add_number(atendimento=case, sistema="sindec", numero="77", by=stage.cast.bruno, at=NOW)
    bruno = logged_in(stage.cast.bruno)
    shown = bruno.get(case.get_absolute_url()).context["atendimento"].historico.sequencia
    take_number_back(numero=number, motivo="Engano.", by=stage.cast.dora, at=NOW)

    answer = bruno.post(f"{CASES}/numeros/{number.pk}/retirar/", {"motivo": TYPED, "ate": str(shown)})

    page = unescape(answer.content.decode())
    assert (answer.status_code, TYPED in page) == (409, True)
    assert [(event.autor, event.ato) for event in answer.context["desde"]] == [(stage.cast.dora, "RETIRAR_NUMERO")]
    assert "Desde que você abriu a página" in page


@pytest.mark.parametrize("seen", ["", "x", "-1", "²", "9" * 30])
def test_a_mark_that_is_no_number_tells_nothing(stage: Stage, seen: str) -> None:
    case = stage.ap()
    answer = logged_in(stage.cast.bruno).post(f"{CASES}/{case.protocolo}/encerrar/", {"ate": seen})
    assert (answer.status_code, answer.context["desde"]) == (422, [])


@time_machine.travel(NOW, tick=False)
def test_a_correction_names_who_corrected(stage: Stage) -> None:
    case = stage.ap()
    before = current_values(case)
    correct_case(atendimento=case, told={"relato": "Cobraram três vezes."}, by=stage.cast.dora, at=NOW)

    with pytest.raises(ActNotAllowed.__base__, match="Dora Coordenadora fez «Corrigir atendimento»") as refusal:
        correct_case(atendimento=case, told={"relato": TYPED}, seen=marks_of(before), by=stage.cast.bruno, at=NOW)
    assert list(refusal.value.errors) == ["relato"]


@time_machine.travel(NOW, tick=False)
def test_taking_a_supplier_out_keeps_the_reason(stage: Stage) -> None:
    party = stage.ap().reclamados.get()
    Atendimento.objects.filter(pk=party.atendimento_id).update(aberto_em=NOW.replace(day=2))
    answer = logged_in(stage.cast.dora).post(f"{CASES}/reclamados/{party.pk}/retirar/", {"motivo": TYPED})
    assert (answer.status_code, f'value="{TYPED}"' in answer.content.decode()) == (409, True)


@time_machine.travel(NOW, tick=False)
def test_a_refusal_without_its_form_gives_back_the_prose(stage: Stage) -> None:
    """Bruno may correct on the first day only; what he wrote over midnight is not lost."""
    case = stage.ap()
    Atendimento.objects.filter(pk=case.pk).update(aberto_em=NOW.replace(day=2))
    answer = logged_in(stage.cast.bruno).post(
        f"{CASES}/{case.protocolo}/corrigir/", {"relato": TYPED, "canal": "pessoal", "senha_nova": "não mostrar isto"}
    )
    assert (answer.status_code, answer.context["digitado"]) == (409, [("Relato", TYPED)])


def test_one_s_own_other_tab_is_told_as_such(stage: Stage) -> None:
    case = stage.ap()
    close_case(atendimento=case, desfecho="desistencia", by=stage.cast.bruno, at=NOW)
    assert faster(case, by=stage.cast.bruno).message == (
        "Este registro já mudou desde que a página foi aberta: você mesmo, talvez em outra aba, fez «Encerrar» em "
        "04/03/2026 às 10:00. Veja como o registro está agora antes de repetir."
    )


def test_a_state_that_the_last_act_explains_says_whose_it_was(stage: Stage) -> None:
    case = stage.ap()
    close_case(atendimento=Atendimento.objects.get(pk=case.pk), desfecho="desistencia", by=stage.cast.dora, at=NOW)
    case.refresh_from_db()
    with pytest.raises(ActNotAllowed) as refusal:
        close_case(atendimento=case, desfecho="orientado", by=stage.cast.bruno, at=NOW)
    assert refusal.value.message.endswith("Dora Coordenadora fez «Encerrar» em 04/03/2026 às 10:00.")


def test_an_agreement_of_another_status_is_told_by_its_last_act(stage: Stage) -> None:
    made = Acordo(pk=0)
    assert faster(made, by=stage.cast.bruno).message.startswith("Alguém foi mais rápido: este registro já mudou")
