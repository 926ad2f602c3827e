"""What a termo does not take: half a table, unread words, poor signatures, a second closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hearings.models import Audiencia
from hearings.rules import HEIGHT, MAX_STROKES, WIDTH, picture_of, strokes_of
from hearings.services import (
    begin_version,
    cancel,
    check_in,
    discard_version,
    take_back_arrival,
)
from tests.conftest import NOW
from tests.hearings.at_the_table import (
    DRAWN,
    all_sign,
    close,
    content,
    settled,
    sign,
    write,
)
from tests.hearings.conftest import Stage, moment
from tests.hearings.test_sessions import ana, held, preposto
from workflow.errors import ActNotAllowed, ContentRefused


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"relato": " "}, "relato", "Escreva o que foi dito"),
        ({"clausulas": ()}, "resultado_{loja}", "Diga o que resultou com Loja"),
    ],
)
def test_refuses_a_termo_without(
    stage: Stage, table: Audiencia, changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(ContentRefused, match=sentence) as refused:
        settled(stage, table, content(stage, **changes))
    assert field.format(loja=stage.loja.pk) in refused.value.errors


@pytest.mark.parametrize(
    ("shop", "field", "sentence"),
    [
        ({"texto": ""}, "texto", "Escreva o que foi acordado"),
        ({"total": Decimal(199)}, "parcelas", "As parcelas somam R\\$ 200.00"),
        ({"parcelas": ()}, "conferir_em", "em que dia conferir"),
        ({"parcelas": (), "conferir_em": date(2026, 3, 1)}, "conferir_em", "hoje ou depois"),
        ({"resultado": "sem_acordo"}, "parcelas", "não há valor nem parcelas"),
        ({"resultado": "ausente"}, "resultado", "Diga o que resultou"),
    ],
)
def test_refuses_a_clause(stage: Stage, table: Audiencia, shop: dict[str, Any], field: str, sentence: str) -> None:
    first, second = content(stage).clausulas
    with pytest.raises(ContentRefused, match=sentence) as refused:
        settled(stage, table, content(stage, clausulas=(replace(first, **shop), second)))
    assert list(refused.value.errors) == [f"{field}_{stage.loja.pk}"]


def test_refuses_a_termo_while_a_side_is_missing(stage: Stage) -> None:
    audiencia = stage.schedule()
    check_in(audiencia=audiencia, presencas=[ana()], by=stage.cast.carla, at=moment("10:00"))
    with pytest.raises(ActNotAllowed, match="os dois lados"):
        settled(stage, audiencia)


def test_refuses_to_sign_what_reads_otherwise_now(stage: Stage, table: Audiencia) -> None:
    termo = settled(stage, table)
    person = table.presencas.all()[0]
    with pytest.raises(ActNotAllowed, match="O termo mudou"):
        sign(stage, termo, person, tracos=DRAWN, conteudo_sha256="0" * 64)


def test_refuses_to_close_when_somebody_came_after_the_reading(stage: Stage, table: Audiencia) -> None:
    termo = settled(stage, table)
    all_sign(stage, table, termo)
    late = preposto(nome="Ada Advogada", qualidade="advogado", reclamado=stage.loja, chegou_em=moment("10:26"))
    check_in(audiencia=table, presencas=[late], by=stage.cast.carla, at=moment("10:27"))
    with pytest.raises(ActNotAllowed, match="texto ou presenças"):
        close(stage, table)


@pytest.mark.parametrize(
    ("how", "field", "sentence"),
    [
        ({"nome": "Outra Pessoa", "consente": True}, "nome", "digite o nome como consta: Ana Souza"),
        ({"nome": "Ana Souza"}, "consente", "Marque que leu"),
        ({"tracos": [[[1, 1], [2, 2]]]}, "tracos", "pequena demais"),
    ],
)
def test_refuses_a_signature(stage: Stage, table: Audiencia, how: dict[str, Any], field: str, sentence: str) -> None:
    termo = settled(stage, table)
    with pytest.raises(ContentRefused, match=sentence) as refused:
        sign(stage, termo, table.presencas.all()[0], **how)
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(
    "raw",
    [
        {}, [], "svg", [[]], [[[1]]], [[[1, "2"]]], [[[1, 2.5]]], [[[-1, 2]]], [[[WIDTH + 1, 0]]], [[[0, HEIGHT + 1]]],
        [[[True, 1]]], [[[1, 2]]] * (MAX_STROKES + 1), [[[1, 2]] * 5000], [None], [["<svg onload=x>"]],
    ],
)  # fmt: skip
def test_refuses_what_is_no_signature(raw: Any) -> None:
    with pytest.raises(ValueError, match="assinatura"):
        strokes_of(raw)


def test_strokes_become_a_picture_of_numbers_alone() -> None:
    assert strokes_of([[[1, 2], [1, 2], [300, 2]]]) == [[(1, 2), (300, 2)]]
    assert '<path d="M1 2L300 2"/>' in picture_of([[(1, 2), (300, 2)]])


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["Tito"], "duas pessoas diferentes"),
        (["Tito", "tito"], "duas pessoas diferentes"),
        (["Ana Souza", "Tito"], "Quem é parte não é testemunha"),
    ],
)
def test_refuses_witnesses(stage: Stage, table: Audiencia, names: list[str], sentence: str) -> None:
    settled(stage, table)
    with pytest.raises(ContentRefused, match=sentence):
        close(stage, table, testemunhas=names)


def test_refuses_to_close_twice(stage: Stage, table: Audiencia) -> None:
    settled(stage, table)
    close(stage, table, testemunhas=["Tito", "Tina"])
    with pytest.raises(ActNotAllowed, match="alguém já o tenha fechado"):
        close(stage, table, testemunhas=["Tito", "Tina"])


def test_refuses_to_write_after_the_hearing_naming_who_was_faster(stage: Stage, table: Audiencia) -> None:
    held(stage, table, resultado="sem_acordo")
    with pytest.raises(ActNotAllowed, match="Carla Conciliadora fez «Registrar audiência realizada»"):
        write(stage, table, by=stage.cast.bruno)


def test_refuses_to_write_what_was_cancelled(stage: Stage, table: Audiencia) -> None:
    cancel(audiencia=table, motivo="Resolvido.", by=stage.cast.dora, at=NOW)
    with pytest.raises(ActNotAllowed, match="«Cancelada»"):
        write(stage, table)


def test_refuses_too_much(stage: Stage, table: Audiencia) -> None:
    with pytest.raises(ContentRefused, match="longo demais"):
        write(stage, table, "x" * 130_000)


def test_refuses_a_new_version_without_reason_or_without_a_first(stage: Stage, table: Audiencia) -> None:
    with pytest.raises(ContentRefused, match="Escreva por que"):
        begin_version(audiencia=table, motivo=" ", by=stage.cast.dora, at=moment("14:00"))
    with pytest.raises(ActNotAllowed, match="não tem termo fechado"):
        begin_version(audiencia=table, motivo="Erro.", by=stage.cast.dora, at=moment("14:00"))


def test_refuses_a_second_new_version_at_once(stage: Stage, table: Audiencia) -> None:
    settled(stage, table)
    close(stage, table, testemunhas=["Tito", "Tina"])
    begin_version(audiencia=table, motivo="Erro.", by=stage.cast.dora, at=moment("14:00"))
    with pytest.raises(ActNotAllowed, match="Já há uma versão"):
        begin_version(audiencia=table, motivo="Outro.", by=stage.cast.dora, at=moment("14:00"))


def test_refuses_to_discard_the_first(stage: Stage, table: Audiencia) -> None:
    write(stage, table)
    with pytest.raises(ActNotAllowed, match="Não há nova versão"):
        discard_version(audiencia=table, by=stage.cast.dora, at=moment("14:00"))


def test_refuses_to_take_back_somebody_who_signed(stage: Stage, table: Audiencia) -> None:
    termo = settled(stage, table)
    person = table.presencas.all()[0]
    sign(stage, termo, person)
    with pytest.raises(ActNotAllowed, match="já assinou o termo"):
        take_back_arrival(presenca=person, by=stage.cast.carla, at=moment("10:26"))


def test_refuses_somebody_from_elsewhere(stage: Stage, table: Audiencia) -> None:
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        write(stage, table, by=stage.cast.eva)
    settled(stage, table)
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        close(stage, table, by=stage.cast.eva, testemunhas=["Tito", "Tina"])
