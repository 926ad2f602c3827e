"""An agreement that is registered after a hearing is that of the hearing's result with the supplier, by any path."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from cases.models import Acordo, Reclamado
from cases.services.agreements import make_agreement
from hearings.migrations import _gatilhos
from hearings.models import Audiencia, ResultadoDoReclamado
from tests.browsing import logged_in
from tests.hearings.conftest import DAY, Stage, moment
from tests.hearings.test_sessions import ana, held, preposto


@pytest.fixture
def agreed(stage: Stage) -> ResultadoDoReclamado:
    """The shop agreed at Ana's hearing, and nobody registered it yet."""
    return with_shop(stage)


def with_shop(stage: Stage, **changes: Any) -> ResultadoDoReclamado:
    audiencia = held(stage, stage.schedule(), ana(), preposto(reclamado=stage.loja), **changes)
    return ResultadoDoReclamado.objects.get(audiencia=audiencia, reclamado=stage.loja)


def register(stage: Stage, reclamado: Reclamado | None = None, **changes: Any) -> Acordo:
    values: dict[str, Any] = {
        "origem": "audiencia", "texto": "Troca em dez dias.", "firmado_em": DAY, "conferir_em": date(2026, 3, 26),
        "by": stage.cast.bruno, "at": moment("15:00"), **changes,
    }  # fmt: skip
    return make_agreement(reclamado=reclamado or stage.loja, **values)


def tied(result: ResultadoDoReclamado) -> int | None:
    return ResultadoDoReclamado.objects.get(pk=result.pk).acordo_id


def insert(stage: Stage, times: int = 1) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_acordo (reclamado_id, status, origem, texto, firmado_em, conferir_em, observacao,"
            " registrado_por_id) SELECT %s, 'firmado', 'audiencia', 'Troca.', %s, %s, '', %s"
            " FROM generate_series(1, %s) RETURNING id",
            [stage.loja.pk, DAY, DAY, stage.cast.bruno.pk, times],
        )
        return [pk for (pk,) in cursor.fetchall()]


def test_registered_by_the_service(stage: Stage, agreed: ResultadoDoReclamado) -> None:
    made = register(stage)

    assert tied(agreed) == made.pk


def test_written_by_raw_sql_the_first_one_counts(stage: Stage, agreed: ResultadoDoReclamado) -> None:
    first, _ = insert(stage, times=2)

    assert tied(agreed) == first


def test_what_was_agreed_elsewhere_with_another_or_before_is_not_the_hearing_s(
    stage: Stage, agreed: ResultadoDoReclamado
) -> None:
    register(stage, origem="cip")
    register(stage, stage.banco)
    register(stage, firmado_em=date(2026, 3, 13))

    assert tied(agreed) is None


def test_a_hearing_without_agreement_gets_none(stage: Stage) -> None:
    result = with_shop(stage, resultado="sem_acordo")
    register(stage)

    assert tied(result) is None


def test_of_two_results_nobody_can_tell(stage: Stage, agreed: ResultadoDoReclamado) -> None:
    second = _copy(agreed)
    register(stage)

    assert (tied(agreed), tied(second)) == (None, None)


def _copy(agreed: ResultadoDoReclamado) -> ResultadoDoReclamado:
    audiencia = Audiencia.objects.get(pk=agreed.audiencia_id)
    audiencia.pk = None
    audiencia.save(force_insert=True)
    return ResultadoDoReclamado.objects.create(
        audiencia=audiencia, reclamado_id=agreed.reclamado_id, resultado="acordo_parcial"
    )


def test_each_hearing_s_page_shows_the_agreement_tied_to_it(stage: Stage, agreed: ResultadoDoReclamado) -> None:
    mine = register(stage)
    second = _copy(agreed)
    theirs = register(stage)
    carla = logged_in(stage.cast.carla)

    def shown(result: ResultadoDoReclamado) -> tuple[bool, ...]:
        page = carla.get(result.audiencia.get_absolute_url()).content.decode()
        return tuple(f"/documentos/{made.documento.codigo}/" in page for made in (mine, theirs) if made.documento)

    assert (shown(agreed), shown(second)) == ((True, False), (False, True))


@pytest.mark.parametrize(("agreements", "expected"), [(1, True), (2, False)])
def test_those_that_were_written_before_are_tied_where_there_is_no_doubt(
    stage: Stage, agreed: ResultadoDoReclamado, agreements: int, expected: bool
) -> None:
    made = insert(stage, times=agreements)
    ResultadoDoReclamado.objects.update(acordo=None)
    with connection.cursor() as cursor:
        cursor.execute(_gatilhos.AGREED_BEFORE)

    assert tied(agreed) == (made[0] if expected else None)
