"""Many CIPs at once: the records of one, few statements, and for whoever is refused the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from cases.models import CIP, Atendimento, Reclamado
from cases.services import close_case, issue_cip, issue_cips, register, send_cip, send_cips
from cases.services.letters import hash_of_code
from documents import storage
from notifications.models import Mensagem
from parties.services import add_contact
from tests.conftest import NOW, Cast
from workflow.models import Evento
from workflow.selfcheck import broken_links

Ap = Callable[..., Atendimento]


@pytest.fixture(autouse=True)
def _ready(rules: None, letters_in_tmp: None) -> None:
    """Every test here issues letters."""


def parties(*cases: Atendimento) -> list[int]:
    return list(Reclamado.objects.filter(atendimento__in=cases).order_by("pk").values_list("pk", flat=True))


def events(case: Atendimento) -> list[Any]:
    rows = Evento.objects.filter(historico=case.historico).order_by("sequencia")
    return list(rows.values_list("ato", "objeto", "de", "para", "autor", "quando", "motivo", "dados"))


def test_many_are_issued_and_sent_as_each_alone(cast: Cast, ap: Ap) -> None:
    alone, first, second = (ap(cast.loja, cast.banco) for _ in range(3))
    for party in Reclamado.objects.filter(atendimento=alone):
        cip = issue_cip(reclamado=party, by=cast.bruno, at=NOW)
        send_cip(cip=cip, meio="ar", rastreio="aa 1 br", by=cast.bruno, at=NOW)

    issued = issue_cips(reclamados=parties(first, second), by=cast.bruno, at=NOW)
    keys = [made.cip.pk for made in issued if made.cip]
    sent = send_cips(rastreios=dict.fromkeys(keys, "aa 1 br"), meio="ar", by=cast.bruno, at=NOW)

    assert [made.motivo for made in [*issued, *sent]] == [""] * 8
    same = [[row for row in events(case) if row[0] == "EMITIR_CIP"] for case in (alone, first, second)]
    assert same[1] == same[2]
    assert same[1] == same[0]
    assert sorted(map(str, events(first))) == sorted(map(str, events(alone)))
    for case in (alone, first, second):
        case.refresh_from_db()
        assert case.status == "aguarda_fornecedor"
        rows = CIP.objects.filter(reclamado__atendimento=case)
        assert set(rows.values_list("status", "meio", "rastreio", "emitida_em", "enviada_em")) == {
            ("enviada", "ar", "AA1BR", NOW, NOW)
        }
    assert list(broken_links()) == []


def test_each_letter_of_a_batch_has_its_own_code_in_the_pdf_alone(cast: Cast, ap: Ap) -> None:
    issue_cips(reclamados=parties(ap(), ap()), by=cast.bruno, at=NOW)

    hashes = []
    for cip in CIP.objects.select_related("documento"):
        text = "".join(page.extract_text() for page in PdfReader(storage.path_of(cip.documento.arquivo)).pages)
        found = [word for word in text.split() if hash_of_code(word) == cip.codigo_hash]
        assert len(found) == 1
        assert found[0] not in str(cip.documento.dados)
        hashes.append(cip.codigo_hash)
    assert len(set(hashes)) == 2


def test_who_is_refused_stops_nobody_else(cast: Cast, ap: Ap) -> None:
    taken, closed, free = ap(), ap(), ap()
    issue_cip(reclamado=taken.reclamados.get(), by=cast.bruno, at=NOW)
    close_case(atendimento=closed, desfecho="desistencia", by=cast.bruno, at=NOW)
    advice = register(
        by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal", fornecedores=[cast.loja]
    )

    done = issue_cips(reclamados=[*parties(taken, closed, free, advice), 0], by=cast.bruno, at=NOW)

    assert [made.motivo.split(".")[0] for made in done] == [
        "Já há uma CIP em andamento para este fornecedor neste caso",
        "Não é possível «Emitir CIP»: o registro está em «Encerrado», e o ato pede «Aberto» ou «Aguarda consumidor» ou "
        "«Aguarda fornecedor»",
        "",
        "«Simples consulta» não leva a CIP",
        "Este registro não existe mais",
    ]
    assert CIP.objects.count() == 2


def test_nobody_from_elsewhere_issues_or_sends(cast: Cast, ap: Ap) -> None:
    cip = issue_cip(reclamado=ap().reclamados.get(), by=cast.bruno, at=NOW)
    issued = issue_cips(reclamados=parties(ap()), by=cast.eva, at=NOW)
    sent = send_cips(rastreios={cip.pk: ""}, meio="ar", by=cast.eva, at=NOW)
    assert [made.motivo.split(":")[0] for made in [*issued, *sent]] == [
        "Você não pode «Emitir CIP»",
        "Você não pode «Registrar envio»",
    ]
    assert CIP.objects.filter(status="emitida").count() == 1


def test_sent_by_email_each_goes_to_the_outbox_once(cast: Cast, ap: Ap) -> None:
    keys = parties(ap(), ap(), ap(cast.banco))
    cips = [made.cip for made in issue_cips(reclamados=keys, by=cast.bruno, at=NOW) if made.cip]

    for _ in range(2):
        done = send_cips(rastreios={cip.pk: "" for cip in cips}, meio="email", by=cast.bruno, at=NOW)

    assert [made.motivo.split(".")[0][:42] for made in done] == [
        "Não é possível «Registrar envio»: o regist",
        "Não é possível «Registrar envio»: o regist",
        "Banco Exemplo S",
    ]
    letters = set(CIP.objects.filter(status="enviada").values_list("documento__arquivo", flat=True))
    assert set(Mensagem.objects.values_list("chave", "documento")) == {
        (f"cip:{cip.pk}:envio", cip.documento.arquivo) for cip in cips[:2]
    }
    assert len(letters) == 2


@pytest.mark.parametrize("meio", ["pombo", "portal"])
def test_a_way_of_sending_that_does_not_reach_is_refused(cast: Cast, ap: Ap, meio: str) -> None:
    (made,) = issue_cips(reclamados=parties(ap()), by=cast.bruno, at=NOW)
    assert made.cip
    (done,) = send_cips(rastreios={made.cip.pk: ""}, meio=meio, by=cast.bruno, at=NOW)
    assert done.motivo.startswith(("Escolha como a CIP", "Loja Modelo Ltda não aderiu"))


def test_a_chunk_costs_the_same_queries_however_many(cast: Cast, ap: Ap) -> None:
    for count in (1, 3):
        keys = parties(*(ap() for _ in range(count)))
        with CaptureQueriesContext(connection) as issuing:
            made = issue_cips(reclamados=keys, by=cast.bruno, at=NOW)
        rastreios = {one.cip.pk: f"AA{one.cip.pk}BR" for one in made if one.cip}
        with CaptureQueriesContext(connection) as posting:
            send_cips(rastreios=rastreios, meio="email", by=cast.bruno, at=NOW)
        assert (len(issuing), len(posting)) == (18, 9)


def test_every_contact_who_receives_cips_is_written_to_once(cast: Cast, ap: Ap) -> None:
    for name, email in (("A", "a@example.org"), ("B", "b@example.org"), ("C", "A@example.org")):
        add_contact(supplier=cast.loja, nome=name, email=email, recebe_cip=True, by=cast.bruno, at=NOW)
    add_contact(supplier=cast.loja, nome="D", email="d@example.org", by=cast.bruno, at=NOW)
    cast.loja.refresh_from_db()
    one = issue_cip(reclamado=ap().reclamados.get(), by=cast.bruno, at=NOW)
    two = issue_cip(reclamado=ap().reclamados.get(), by=cast.bruno, at=NOW)
    send_cip(cip=one, meio="email", by=cast.bruno, at=NOW)
    send_cips(rastreios={two.pk: ""}, meio="email", by=cast.bruno, at=NOW)

    first, second = cast.loja.contatos_de_aviso.filter(nome__in="AB").order_by("nome")
    told = [(message.chave, message.endereco) for message in Mensagem.objects.filter(tipo="cip").order_by("pk")]
    assert told == [
        (f"cip:{cip.pk}:envio:contato:{who.pk}", who.email) for cip in (one, two) for who in (first, second)
    ]
