"""The door: who came, when, with which papers, and who is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hearings.models import Audiencia, DocumentoVisto, Presenca
from hearings.rules import overall, tolerance
from hearings.services import (
    awaited,
    cancel,
    check_in,
    clock_of,
    declare_attendance,
    hold,
    missing_papers,
    record_absence,
    see_papers,
    take_back_arrival,
)
from tests.conftest import NOW
from tests.hearings.conftest import DAY, Stage, moment
from tests.hearings.test_sessions import ana, held, letters, preposto
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento


def arrive(stage: Stage, audiencia: Audiencia, *rows: Presenca, at: str = "10:05", **more: Any) -> list[Presenca]:
    return check_in(audiencia=audiencia, presencas=rows, by=stage.cast.carla, at=moment(at), **more)


def test_each_person_is_a_row_with_arrival_and_papers(stage: Stage) -> None:
    audiencia = stage.schedule()
    papers = {0: ["identidade"], 1: ["identidade", "carta_de_preposicao"]}
    arrive(stage, audiencia, ana(), preposto(documentos=""), papeis=papers)

    rows = list(audiencia.presencas.all())
    assert [(row.nome, row.reclamado, row.chegou_em) for row in rows] == [
        ("Ana Souza", None, moment("09:50")),
        ("Pedro Preposto", stage.loja, moment("09:58")),
    ]
    assert [missing_papers(row) for row in rows] == [[], ["Ato constitutivo"]]
    assert list(Evento.objects.filter(ato="REGISTRAR_CHEGADA").values_list("dados__documentos", flat=True)) == [
        ["identidade"],
        ["carta_de_preposicao", "identidade"],
    ]


def test_a_paper_is_accepted_until_the_end_of_the_day_also_after_the_hearing(stage: Stage) -> None:
    audiencia = stage.schedule()
    _, agent = arrive(stage, audiencia, ana(), preposto())
    held(stage, audiencia)
    see_papers(presenca=agent, papeis=["ato_constitutivo"], by=stage.cast.bruno, at=moment("23:59"))

    assert list(DocumentoVisto.objects.values_list("presenca", "tipo", "visto_em")) == [
        (agent.pk, "ato_constitutivo", moment("23:59"))
    ]
    with pytest.raises(ActNotAllowed, match="até o fim do dia da audiência"):
        see_papers(
            presenca=agent, papeis=["procuracao"], by=stage.cast.bruno, at=moment("00:00", DAY + timedelta(days=1))
        )


def test_the_same_paper_twice_is_one(stage: Stage) -> None:
    (row,) = arrive(stage, stage.schedule(), ana(), papeis={0: ["identidade"]})
    see_papers(presenca=row, papeis=["identidade"], by=stage.cast.carla, at=moment("10:30"))

    assert list(row.vistos.values_list("visto_em", flat=True)) == [moment("10:05")]


def test_an_arrival_written_by_mistake_is_taken_back_and_recorded(stage: Stage) -> None:
    audiencia = stage.schedule()
    (row,) = arrive(stage, audiencia, ana(), papeis={0: ["identidade"]})
    take_back_arrival(presenca=row, by=stage.cast.carla, at=moment("10:06"))

    assert (Presenca.objects.count(), Evento.objects.filter(ato="RETIRAR_CHEGADA").count()) == (0, 1)


def test_the_hearing_is_held_with_who_was_at_the_door(stage: Stage) -> None:
    audiencia = stage.schedule()
    arrive(stage, audiencia, ana(), preposto())

    assert held(stage, audiencia).resultado == "acordo"
    termo = stage.caso.historico.documentos.get(tipo="termo_de_audiencia").dados["dados"]
    assert [row["nome"] for row in termo["presencas"]] == ["Ana Souza", "Pedro Preposto"]


def test_the_absence_agrees_with_who_was_at_the_door(stage: Stage) -> None:
    audiencia = stage.schedule()
    arrive(stage, audiencia, ana())
    record_absence(audiencia=audiencia, resultado="ausente_fornecedor", by=stage.cast.carla, at=moment("10:15"))

    assert list(audiencia.resultados.values_list("reclamado", "resultado")) == [(stage.loja.pk, "ausente")]


def test_who_attended_gets_a_declaration(stage: Stage) -> None:
    audiencia = stage.schedule()
    row, _ = arrive(stage, audiencia, ana(), preposto())
    paper = declare_attendance(presenca=row, by=stage.cast.carla, at=moment("10:50"))

    told = paper.dados["dados"]
    assert (paper.tipo, told["pessoa"], told["inicio"], told["fim"]) == (
        "declaracao_de_comparecimento",
        {"nome": "Ana Souza"},
        moment("09:50").isoformat(),
        moment("10:50").isoformat(),
    )


# ---- the clock ----


@pytest.mark.parametrize(
    ("at", "phase", "minutes"),
    [
        ("09:50", "antes", 10),
        ("10:00", "correndo", 15),
        ("10:14", "correndo", 1),
        ("10:15", "encerrada", 0),
        ("10:20", "encerrada", 5),
    ],
)
def test_the_clock_of_the_tolerance(at: str, phase: str, minutes: int) -> None:
    clock = tolerance(moment("10:00"), timedelta(minutes=15), at=moment(at))
    assert (clock.fase, clock.minutos, clock.limite) == (phase, minutes, moment("10:15"))


def test_the_clock_follows_the_unidade_s_rule(stage: Stage) -> None:
    assert clock_of(stage.schedule(), at=moment("10:05")).limite == moment("10:15")


def test_who_is_here_and_who_is_late(stage: Stage) -> None:
    audiencia = stage.schedule(reclamados=[stage.loja, stage.banco])
    rows = arrive(stage, audiencia, ana(), preposto(reclamado=stage.loja, chegou_em=moment("10:16")), at="10:20")

    shown = [(item.nome, item.chegou_em, item.atrasada) for item in awaited(audiencia, rows, at=moment("10:20"))]
    assert shown == [
        ("Ana Souza", moment("09:50"), False),
        ("Loja Modelo Ltda", moment("10:16"), True),
        ("Banco Exemplo S.A.", None, False),
    ]


# ---- results by supplier ----


@pytest.mark.parametrize(
    ("results", "consumer", "whole"),
    [
        (["acordo"], True, "acordo"),
        (["acordo", "acordo"], True, "acordo"),
        (["acordo", "sem_acordo"], True, "acordo_parcial"),
        (["acordo", "ausente"], True, "acordo_parcial"),
        (["acordo_parcial"], True, "acordo_parcial"),
        (["sem_acordo", "sem_acordo"], True, "sem_acordo"),
        (["sem_acordo", "ausente"], True, "sem_acordo"),
        (["ausente", "ausente"], True, "ausente_fornecedor"),
        (["compareceu", "ausente"], False, "ausente_consumidor"),
        (["ausente"], False, "ausentes_ambos"),
    ],
)
def test_the_hearing_s_result_follows_from_its_parts(results: list[str], consumer: bool, whole: str) -> None:
    assert overall(results, consumer_came=consumer) == whole


def both(stage: Stage) -> Audiencia:
    return stage.schedule(reclamados=[stage.loja, stage.banco])


def test_one_agrees_and_the_other_does_not(stage: Stage) -> None:
    audiencia = both(stage)
    rows = [ana(), preposto(reclamado=stage.loja), preposto(nome="Bia", reclamado=stage.banco)]
    held(stage, audiencia, *rows, resultado="", resultados={stage.loja: "acordo", stage.banco: "sem_acordo"})

    assert audiencia.resultado == "acordo_parcial"
    assert list(audiencia.resultados.values_list("reclamado", "resultado")) == [
        (stage.loja.pk, "acordo"),
        (stage.banco.pk, "sem_acordo"),
    ]


def test_one_agrees_while_the_other_stays_away(stage: Stage) -> None:
    audiencia = both(stage)
    held(stage, audiencia, ana(), preposto(reclamado=stage.loja), resultado="", resultados={stage.loja: "acordo"})

    assert (audiencia.resultado, letters(stage)) == ("acordo_parcial", ["certidao_de_ausencia", "termo_de_audiencia"])
    assert list(audiencia.resultados.values_list("resultado", flat=True)) == ["acordo", "ausente"]


# ---- refusals ----


def test_refuses_to_hold_a_supplier_absent_while_the_tolerance_runs(stage: Stage) -> None:
    rows = [ana(), preposto(reclamado=stage.loja)]
    with pytest.raises(ActNotAllowed, match="tolerância de 15 minutos para Banco Exemplo"):
        held(stage, both(stage), *rows, at="10:14", resultado="acordo")


def test_refuses_a_result_missing_for_one_who_came(stage: Stage) -> None:
    rows = [ana(), preposto(reclamado=stage.loja), preposto(nome="Bia", reclamado=stage.banco)]
    with pytest.raises(ContentRefused, match="Diga o que resultou com Banco Exemplo"):
        held(stage, both(stage), *rows, resultado="", resultados={stage.loja: "acordo"})


def test_refuses_an_agreement_with_one_who_stayed_away(stage: Stage) -> None:
    told = {stage.loja: "acordo", stage.banco: "acordo"}
    with pytest.raises(ContentRefused, match=r"Banco Exemplo S\.A\. não compareceu"):
        held(stage, both(stage), ana(), preposto(reclamado=stage.loja), resultado="", resultados=told)


def test_refuses_a_result_of_one_who_was_not_called(stage: Stage) -> None:
    told = {stage.loja: "acordo", stage.banco: "sem_acordo"}
    with pytest.raises(ContentRefused, match="não foi chamado"):
        held(stage, stage.schedule(), ana(), preposto(), resultado="", resultados=told)


def test_refuses_nobody_at_the_door(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="Diga quem chegou"):
        arrive(stage, stage.schedule())


def test_refuses_somebody_who_is_here_already(stage: Stage) -> None:
    audiencia = stage.schedule()
    arrive(stage, audiencia, ana())
    with pytest.raises(ContentRefused, match="já consta como presente"):
        arrive(stage, audiencia, Presenca(qualidade="consumidor", nome="ana  souza", chegou_em=moment("10:01")))


def test_refuses_a_paper_outside_the_list(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="fora da lista"):
        arrive(stage, stage.schedule(), ana(), papeis={0: ["passaporte"]})
    assert Presenca.objects.count() == 0


def test_refuses_no_paper(stage: Stage) -> None:
    (row,) = arrive(stage, stage.schedule(), ana())
    with pytest.raises(ContentRefused, match="Marque ao menos um documento"):
        see_papers(presenca=row, papeis=[], by=stage.cast.carla, at=moment("10:10"))


def test_refuses_an_arrival_after_the_result_naming_who_was_faster(stage: Stage) -> None:
    audiencia = stage.schedule()
    stale = Audiencia.objects.get(pk=audiencia.pk)
    held(stage, audiencia, ana(), preposto())
    sentence = "fez «Registrar audiência realizada» em 16/03/2026 às 10:40"
    with pytest.raises(ActNotAllowed, match=f"«Realizada». Você mesmo, talvez em outra aba, {sentence}"):
        arrive(stage, stale, ana("10:41"), at="10:45")
    with pytest.raises(ActNotAllowed, match=f"«Realizada». Carla Conciliadora {sentence}"):
        hold(audiencia=stale, resultado="acordo", by=stage.cast.bruno, at=moment("10:45"))


def test_refuses_an_arrival_at_a_cancelled_hearing(stage: Stage) -> None:
    audiencia = stage.schedule()
    cancel(audiencia=audiencia, motivo="Resolvido antes.", by=stage.cast.dora, at=NOW)
    with pytest.raises(ActNotAllowed, match="Dora Coordenadora fez «Cancelar»"):
        arrive(stage, audiencia, ana())


def test_refuses_somebody_from_elsewhere(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        check_in(audiencia=stage.schedule(), presencas=[ana()], by=stage.cast.eva, at=moment("10:05"))


def test_refuses_a_declaration_before_the_hearing(stage: Stage) -> None:
    audiencia = stage.schedule()
    (row,) = arrive(stage, audiencia, ana(), at="09:55")
    with pytest.raises(ActNotAllowed, match="ainda não começou"):
        declare_attendance(presenca=row, by=stage.cast.carla, at=moment("09:56"))
