"""The disk is full: what was to be kept is refused whole, the way out is told, and later the same act works.

The kernel itself refuses: the limit of a file's size of the web's own processes (RLIMIT_FSIZE) falls to 4 kB, so a
write stops in the middle of the file, as on a full disk, and no right of root is needed. What PostgreSQL says of its
own full disk (SQLSTATE 53100) it says here from a trigger.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cases.models import Anexo, Atendimento
from cases.services import register
from cases.services.attachments import fault_of
from cases.services.cip_lots import ask_issue, run_lots
from documents.models import Documento
from tests.cases.conftest import ap, rules  # noqa: F401  fixtures
from tests.cases.files import pdf_with
from tests.conftest import NOW, Cast
from tests.kills.office import Office
from workflow.errors import NoRoom

pytestmark = [pytest.mark.xdist_group("kills"), pytest.mark.django_db]
LIMIT = 4096
PAPER = pdf_with(b"<< /Length 60000 >> % " + b"x" * 60_000)
BOUNDARY = "limite-do-teste"
REFUSED = "está cheio ou não aceita gravação (File too large), e nada disto foi gravado"
WAY_OUT = "Avise a informática da prefeitura: é preciso liberar espaço. Depois, faça de novo"


@contextmanager
def full(office: Office) -> Iterator[None]:
    """No process of the web can write a file beyond 4 kB."""
    endless = resource.RLIM_INFINITY
    try:
        for pid in office.web_pids():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (LIMIT, endless))
        yield
    finally:
        for pid in office.web_pids():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (endless, endless))


@pytest.fixture
def case(office: Office) -> Iterator[Atendimento]:
    """A case of its own, which Bruno attends."""
    with office.inside() as cast:
        made = {"by": cast.bruno, "at": NOW, "unidade": cast.unidade, "canal": "pessoal", "consumidor": cast.ana}
        yield register(tipo="simples_consulta", relato="Perguntou.", **made)


def upload() -> dict[str, Any]:
    """The form with one PDF, ready to be sent."""
    part = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    head = f'{part}"origem"\r\n\r\nbalcao\r\n{part}"arquivo"; filename="nota.pdf"\r\n'
    body = head.encode() + b"Content-Type: application/pdf\r\n\r\n" + PAPER + f"\r\n--{BOUNDARY}--\r\n".encode()
    return {"files": body, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def files(office: Office) -> list[str]:
    """All that lies in the folders of letters and attachments, half-written files included."""
    found = [path for name in ("anexos", "documentos") for path in (office.home / name).rglob("*") if path.is_file()]
    return sorted(path.name for path in found)


def test_an_attachment_without_room_is_refused_whole_and_works_later(office: Office, case: Atendimento) -> None:
    bruno, address = office.log_in("bruno"), f"/atendimentos/{case.protocolo}/anexos/"
    before = files(office)
    with full(office):
        refused = office.ask(address, bruno, **upload())
        machine = office.ask("/readyz")
        read = office.ask(f"/atendimentos/{case.protocolo}/", bruno)
    assert REFUSED in refused.text
    assert WAY_OUT in refused.text
    assert "Traceback" not in refused.text
    assert (read.status, Anexo.objects.filter(atendimento=case).count(), files(office)) == (200, 0, before)
    assert machine.status == 503
    assert "(File too large): libere 20 MB" in json.loads(machine.body)["partes"]["disco"]

    assert office.ask(address, bruno, **upload()).status == 302
    assert fault_of(Anexo.objects.get(atendimento=case)) == ""
    assert json.loads(office.ask("/readyz").body)["partes"]["disco"] == "ok"


def test_a_letter_without_room_is_not_issued_and_is_later(office: Office, case: Atendimento) -> None:
    bruno, address = office.log_in("bruno"), f"/atendimentos/{case.protocolo}/espelho/"
    before = files(office)
    with full(office):
        refused = office.ask(address, bruno, {})
    of_case = Documento.objects.filter(historico=case.historico)
    assert (refused.status, REFUSED in refused.text, WAY_OUT in refused.text) == (503, True, True)
    assert (of_case.count(), files(office)) == (0, before)

    assert office.ask(address, bruno, {}).status == 302
    assert of_case.count() == 1


def test_a_database_without_room_shows_the_page_for_paper_and_works_later(office: Office) -> None:
    bruno = office.log_in("bruno")
    with office.inside() as cast:
        told = {
            "unidade": cast.unidade.pk,
            "tipo": "simples_consulta",
            "canal": "pessoal",
            "relato": "Veio de longe.",
        }
    before = office.sql("SELECT count(*) FROM cases_atendimento")
    office.sql(
        "CREATE FUNCTION pg_temp_cheio() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$; "
        "CREATE TRIGGER cheio BEFORE INSERT ON workflow_evento FOR EACH ROW EXECUTE FUNCTION pg_temp_cheio()"
    )
    try:
        page = office.ask("/atendimentos/novo/", bruno, told)
    finally:
        office.sql("DROP TRIGGER cheio ON workflow_evento; DROP FUNCTION pg_temp_cheio()")
    assert (page.status, "<h1>O sistema está fora do ar</h1>" in page.text) == (503, True)
    assert ("formulários de contingência" in page.text, "Veio de longe." in page.text) == (True, True)
    assert office.sql("SELECT count(*) FROM cases_atendimento") == before
    assert office.ask("/atendimentos/novo/", bruno, told).status == 302


def test_a_batch_of_letters_waits_for_room(cast: Cast, ap: Any, rules: None, settings: Any, tmp_path: Path) -> None:  # noqa: F811
    settings.MEDIA_ROOT = tmp_path
    lote = ask_issue(reclamados=[ap().reclamados.get()], by=cast.bruno, at=NOW)
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, kept[1]))
    try:
        with pytest.raises(NoRoom, match="está cheio ou não aceita gravação"):
            run_lots(at_clock=lambda: NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
    assert list(lote.itens.values_list("feito_em", "recusa")) == [(None, "")]

    assert run_lots(at_clock=lambda: NOW) == 1
    assert list(lote.itens.values_list("feito_em", "recusa")) == [(NOW, "")]
