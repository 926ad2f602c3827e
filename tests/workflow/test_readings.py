"""Who read whose file is written down by every page that shows one, and nobody changes it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from cases.models import Atendimento
from cases.services import attach, issue_espelho
from tests.browsing import logged_in
from tests.cases.conftest import ap  # noqa: F401  the fixture
from tests.cases.files import picture, uploaded
from tests.conftest import NOW, Cast
from workflow.models import Leitura
from workflow.services import log_export, log_reading

Make = Callable[..., Atendimento]


def rows() -> list[tuple[object, ...]]:
    """Everything that was read, in order."""
    return list(Leitura.objects.order_by("pk").values_list("leitor__usuario", "pagina", "objeto", "objeto_id"))


def test_every_page_of_a_personal_file_is_written_down_once(
    cast: Cast,
    ap: Make,  # noqa: F811  the fixture
    settings,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = ap()
    letter = issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    photo = attach(atendimento=case, arquivo=uploaded(picture()), nome="a.jpg", origem="balcao", by=cast.bruno, at=NOW)
    client = logged_in(cast.bruno)

    codes = [
        client.get(case.get_absolute_url()).status_code,
        client.get(f"/cadastros/consumidores/{cast.ana.pk}/").status_code,
        client.get(f"/documentos/{letter.codigo}/").status_code,
        client.get(f"/atendimentos/anexos/{photo.pk}/").status_code,  # only asks
        client.post(f"/atendimentos/anexos/{photo.pk}/").status_code,
        client.get(f"/atendimentos/anexos/{photo.pk}/imagem/").status_code,
    ]

    assert codes == [200] * 6
    assert rows() == [
        ("bruno", "atendimento", "cases.atendimento", case.pk),
        ("bruno", "consumidor", "parties.consumidor", cast.ana.pk),
        ("bruno", "documento", "documents.documento", letter.pk),
        ("bruno", "anexo", "cases.anexo", photo.pk),
        ("bruno", "anexo", "cases.anexo", photo.pk),
    ]
    of_the_case = Leitura.objects.filter(historico=case.historico).order_by("pk").values_list("pagina", flat=True)
    assert list(of_the_case) == ["atendimento", "documento", "anexo", "anexo"]


def test_what_one_may_not_see_is_not_read(cast: Cast, ap: Make) -> None:  # noqa: F811  the fixture
    assert logged_in(cast.eva).get(ap().get_absolute_url()).status_code == 404
    assert rows() == []


def test_an_export_is_one_row_with_its_filter_and_count(cast: Cast, ap: Make) -> None:  # noqa: F811  the fixture
    ap()
    logged_in(cast.bruno).get("/atendimentos/exportar/?q=Ana+Souza&status=aberto&tipo=")
    assert list(Leitura.objects.values_list("pagina", "filtro", "linhas", "objeto")) == [
        ("atendimentos", "q=(texto); status=aberto", 1, "")
    ]


def test_a_reading_costs_one_insert(cast: Cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        log_reading(by=cast.bruno, pagina="consumidor", objeto=cast.ana)
    with django_assert_num_queries(1):
        log_export(by=cast.bruno, pagina="atendimentos", filtro={}, linhas=0)
    assert Leitura.objects.count() == 2


@pytest.mark.parametrize("statement", ["UPDATE workflow_leitura SET pagina = 'x'", "DELETE FROM workflow_leitura"])
def test_a_reading_is_neither_changed_nor_deleted(cast: Cast, statement: str) -> None:
    log_reading(by=cast.bruno, pagina="consumidor", objeto=cast.ana)
    with (
        pytest.raises(DatabaseError, match="O registro de leituras só cresce"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Leitura.objects.count() == 1
