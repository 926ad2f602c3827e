"""A client made from the committed description takes a case from its first word to its end, through a live server."""

from __future__ import annotations

import importlib
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from pytest_django.live_server_helper import LiveServer

from cases.models import Atendimento
from cases.services import answer_cip, close_case, issue_cip, send_cip
from hearings.models import Sala
from hearings.services import schedule
from tests.cases.files import PDF
from tests.conftest import NOW, Cast, make_cast
from tests.hearings.conftest import moment
from tests.portal.conftest import complaint, make_program, make_subject
from tests.portal.test_description import COMMITTED

PACKAGE = "cliente_procon"
SETTINGS = f"project_name_override: cliente-procon\npackage_name_override: {PACKAGE}\npost_hooks: []\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Any]]:
    """The client's modules, by name; every address of the description has one."""
    folder = tmp_path_factory.mktemp("cliente")
    (folder / "configuracao.yaml").write_text(SETTINGS)
    words = ["generate", "--path", str(COMMITTED), "--config", str(folder / "configuracao.yaml")]
    program = [sys.executable, "-m", "openapi_python_client", *words, "--output-path", str(folder / "saida")]
    subprocess.run(program, check=True, capture_output=True)
    sys.path.insert(0, str(folder / "saida"))
    yield lambda name: importlib.import_module(f"{PACKAGE}.{name}")
    sys.path.remove(str(folder / "saida"))


def suppliers_answer(case: Atendimento, cast: Cast) -> None:
    """Both suppliers get their letter and answer: the shop gives the money back, the bank refuses."""
    yes = {"resposta": "Devolvemos em trinta dias.", "especie": "proposta", "proposta": "R$ 199,90."}
    no = {"resposta": "A cobrança é devida.", "especie": "recusa"}
    for party in case.reclamados.select_related("fornecedor"):
        cip = issue_cip(reclamado=party, by=cast.bruno, at=NOW)
        send_cip(cip=cip, meio="em_maos", by=cast.bruno, at=NOW)
        answer_cip(cip=cip, by=cast.bruno, at=NOW, **(yes if party.fornecedor == cast.loja else no))


@pytest.mark.django_db(transaction=True)
def test_a_whole_case(live_server: LiveServer, made: Callable[[str], Any], settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    cast = make_cast()
    make_subject()
    room = Sala.objects.create(unidade=cast.unidade, nome="Sala 1")
    program = make_program(cast, "Portal da cidade").log_in()
    client = made("client").AuthenticatedClient(base_url=live_server.url, token=program.token)
    models, kinds = made("models"), made("types")

    def call(where: str, *args: Any, **words: Any) -> Any:
        answer = made(f"api.{where}").sync_detailed(*args, client=client, **words)
        assert answer.status_code < 300, answer.content
        return answer.parsed

    with time_machine.travel(NOW, tick=True), client:
        told = complaint(fornecedores=[{"cnpj": cast.loja.cnpj}, {"cnpj": cast.banco.cnpj}])
        body = models.NovoAtendimento.from_dict(told)
        number = call("atendimentos.registrar_atendimento", body=body, idempotency_key="e1").protocolo
        paper = kinds.File(payload=io.BytesIO(PDF), file_name="nota.pdf", mime_type="application/pdf")
        call("anexos_e_documentos.anexar", number, body=models.NovoAnexo(arquivo=paper))

        assert call("respostas.listar_respostas", number).results == []
        case = Atendimento.objects.get(protocolo=number)
        suppliers_answer(case, cast)
        for answer in call("respostas.listar_respostas", number).results:
            word = {"aceita": True} if answer.pode_aceitar else {"aceita": False, "texto": "Já paguei."}
            body = models.NovaManifestacao.from_dict({"resposta": answer.id, **word})
            call("respostas.manifestar", number, body=body)

        schedule(
            atendimento=Atendimento.objects.get(pk=case.pk),
            reclamados=list(case.reclamados.filter(fornecedor=cast.banco)),
            sala=room,
            conciliador=cast.carla,
            inicio=moment("10:00"),
            modalidade="presencial",
            by=cast.bruno,
            at=NOW,
        )
        (hearing,) = call("audiencias.listar_audiencias").results
        assert call("audiencias.confirmar_audiencia", hearing.id).situacao.value == "confirmada"

        close_case(atendimento=Atendimento.objects.get(pk=case.pk), desfecho="acordo", by=cast.dora, at=NOW)
        ended = call("atendimentos.ler_atendimento", number)
        assert (ended.status.value, ended.desfecho.value) == ("encerrado", "acordo")
        happened = [event.descricao for event in call("atendimentos.listar_andamentos", number).results]
        (letter,) = call("anexos_e_documentos.listar_documentos", number).results
        pdf = client.get_httpx_client().get(f"/api/v1/atendimentos/{number}/documentos/{letter.id}/")
        assert (len(happened), letter.tipo_descricao, pdf.content[:5]) == (15, "Ficha de baixa", b"%PDF-")
        assert happened[0] == "Seu atendimento foi registrado no Procon."
        assert happened[-1] == "O caso foi encerrado."
