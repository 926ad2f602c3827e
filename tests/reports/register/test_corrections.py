"""Requests of art. 61: both clocks, who asks, who answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import Atribuicao, Papel, User
from cases.models import Classificacao
from deadlines.models import Prazo
from deadlines.services.changes import add_day
from reports.models import Cadastro, ItemDoCadastro, PedidoDeCorrecao, RespostaAoPedido
from reports.register.selfcheck import wrong_registers
from reports.register.services.corrections import Asked, answer_correction, ask_correction, forget_requesters
from tests.browsing import logged_in
from tests.conftest import NOW, SAO_PAULO
from tests.reports.register.conftest import UNMET, Register, auditor
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import GONE

#: The last day of the requests, a Monday: five days from 03/03 end on a Sunday.
LAST = datetime(2026, 3, 9, 16, 0, tzinfo=SAO_PAULO)


def asked(version: Cadastro, **changed: Any) -> Asked:
    line = version.linhas.get(razao_social="Banco Exemplo S.A.")
    told = {
        "especie": "retificacao",
        "de_quem": "fornecedor",
        "requerente": "Banco Exemplo S.A.",
        "recebido_em": date(2026, 3, 4),
        "texto": "Uma das reclamações foi atendida.",
        "linha": line,
    }
    return Asked(**{**told, **changed})


def ask(
    register: Register, version: Cadastro, *, at: datetime = NOW, by: Any = None, **changed: Any
) -> PedidoDeCorrecao:
    return ask_correction(cadastro=version, pedido=asked(version, **changed), by=by or register.cast.bruno, at=at)


def test_the_answer_is_due_in_ten_working_days(register: Register) -> None:
    row = ask(register, register.publish())

    # 04/03 is a Wednesday; ten working days later it is Wednesday 18/03.
    assert row.prazo.vence_em == date(2026, 3, 18)
    assert row.prazo.explicacao == "10 dias úteis do pedido de correção em 04/03; vence quarta 18/03"
    assert row.prazo.regra.fonte == "Decreto 2.181/1997, art. 61"
    assert (row.is_late(today=date(2026, 3, 18)), row.is_late(today=date(2026, 3, 19))) == (False, True)


def test_the_last_day_of_the_requests_is_in_and_the_next_is_late(register: Register) -> None:
    version = register.publish()
    assert ask(register, version, at=LAST, recebido_em=LAST.date()).pk
    with pytest.raises(ActNotAllowed, match="O prazo do pedido terminou em 09/03/2026"):
        ask(register, version, at=LAST + timedelta(days=1), recebido_em=date(2026, 3, 10))


def test_a_holiday_decreed_late_moves_both_terms(register: Register) -> None:
    version = register.publish()
    row = ask(register, version)
    rui = User.objects.create_user("rui", nome="Rui Administrador")
    Atribuicao.objects.create(user=rui, unidade=register.cast.unidade, papel=Papel.ADMINISTRADOR)
    add_day(
        data=LAST.date(), nome="Luto oficial", ambito="municipal", facultativo=False, fonte="Decreto 5", by=rui, at=NOW
    )

    assert Prazo.objects.get(cadastro=version).vence_em == date(2026, 3, 10)
    assert Prazo.objects.get(pedido_de_correcao=row).vence_em == date(2026, 3, 19)
    assert list(wrong_registers()) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"especie": "x"}, "retificação ou inclusão"),
        ({"de_quem": "x"}, "Diga quem pede"),
        ({"requerente": " "}, "Escreva o nome de quem pede"),
        ({"texto": " "}, "O pedido é fundamentado"),
        ({"linha": None}, "Escolha o fornecedor cuja informação"),
        ({"recebido_em": date(2026, 3, 2)}, r"entre a publicação \(03/03/2026\) e hoje \(04/03/2026\)"),
        ({"recebido_em": date(2026, 3, 5)}, r"entre a publicação \(03/03/2026\) e hoje \(04/03/2026\)"),
    ],
)
def test_a_request_that_is_no_request_is_told(register: Register, changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ContentRefused, match=sentence):
        ask(register, register.publish(), **changed)


def test_whoever_is_from_elsewhere_registers_nothing(register: Register) -> None:
    with pytest.raises(ActNotAllowed, match="registrado por atendente, coordenador ou auditor"):
        ask(register, register.publish(), by=register.cast.eva)


def test_an_older_version_takes_no_request_nor_a_line_of_another(register: Register) -> None:
    first = register.publish()
    Classificacao.objects.filter(reclamado__fornecedor=register.cast.loja, transitada_em__year=2025).update(valor=UNMET)
    second = register.publish(motivo="Classificação trocada.")
    with pytest.raises(ActNotAllowed, match="já foi substituída"):
        ask(register, first)
    with pytest.raises(ContentRefused, match="de outra versão do cadastro"):
        ask(register, second, linha=first.linhas.first())
    omitted = ask(register, second, especie="inclusao", linha=None, de_quem="consumidor", requerente="Ana Souza")
    assert (omitted.linha, omitted.cadastro) == (None, second)


def test_an_auditor_answers_once_with_a_reason_and_nothing_is_rewritten(register: Register) -> None:
    row = ask(register, register.publish())
    with pytest.raises(ActNotAllowed, match="Só um auditor do cadastro responde"):
        answer_correction(pedido=row, deferido=True, motivo="x", by=register.cast.dora, at=NOW)
    with pytest.raises(ContentRefused, match="precisa de motivo"):
        answer_correction(pedido=row, deferido=True, motivo=" ", by=register.alice, at=NOW)

    answer = answer_correction(pedido=row, deferido=False, motivo="A decisão é clara.", by=register.alice, at=NOW)

    row = PedidoDeCorrecao.objects.get()
    assert (str(answer), row.prazo.cumprido_em, PedidoDeCorrecao.objects.open().count()) == ("indeferido", NOW, 0)
    with pytest.raises(ActNotAllowed, match="já foi respondido"):
        answer_correction(pedido=row, deferido=True, motivo="x", by=register.alice, at=NOW)
    for model, sentence in ((PedidoDeCorrecao, "um pedido de correção"), (RespostaAoPedido, "uma resposta registrada")):
        with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
            model._base_manager.update(id=F("id"))


def test_who_asked_is_forgotten_when_nothing_of_the_year_is_public_any_more(register: Register) -> None:
    version = register.publish()
    ana = {"de_quem": "consumidor", "requerente": "Ana Souza", "texto": "Ana Souza foi atendida em parte."}
    answered, waiting, bank = ask(register, version, **ana), ask(register, version, **ana), ask(register, version)
    for row in (answered, bank):
        answer_correction(pedido=row, deferido=False, motivo="Ana Souza não provou.", by=register.alice, at=NOW)
    last = ItemDoCadastro.objects.latest("publico_ate").publico_ate

    assert forget_requesters(today=last) == 0
    assert [forget_requesters(today=last + timedelta(days=1)) for _ in range(2)] == [1, 0]

    said = {row.pk: (row.requerente, row.texto) for row in PedidoDeCorrecao.objects.all()}
    assert said[answered.pk] == (GONE, GONE)
    assert said[waiting.pk] == ("Ana Souza", "Ana Souza foi atendida em parte.")
    assert said[bank.pk][0] == "Banco Exemplo S.A."
    assert RespostaAoPedido.objects.get(pedido=answered).motivo == GONE
    with pytest.raises(IntegrityError, match="um pedido de correção"), transaction.atomic():
        PedidoDeCorrecao.objects.filter(pk=answered.pk).update(requerente="Outra pessoa")
    with pytest.raises(IntegrityError, match="um pedido de correção"), transaction.atomic():
        PedidoDeCorrecao.objects.filter(pk=waiting.pk).update(requerente=GONE, especie="inclusao")


def test_who_decided_about_the_supplier_does_not_answer(register: Register) -> None:
    row = ask(register, register.publish())
    judge = auditor("julia", register.cast.unidade)
    Classificacao.objects.filter(reclamado__fornecedor=register.cast.banco).update(autoridade=judge)

    with pytest.raises(ActNotAllowed, match="quem decidiu não responde"):
        answer_correction(pedido=row, deferido=True, motivo="x", by=judge, at=NOW)


@pytest.fixture
def _wednesday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.mark.usefixtures("_wednesday")
def test_the_pages_register_list_and_answer(register: Register) -> None:
    version = register.publish()
    page, line = "/relatorios/cadastro/2025/pedidos/", version.linhas.get(razao_social="Banco Exemplo S.A.")
    bruno, alice = logged_in(register.cast.bruno), logged_in(register.alice)
    assert "Nenhum pedido espera resposta." in bruno.get(page).content.decode()
    typed = {
        "especie": "retificacao", "linha": line.pk, "de_quem": "fornecedor", "requerente": "Rui Preposto",
        "recebido_em": "2026-03-04", "texto": "Foi atendida.",
    }  # fmt: skip
    early = bruno.post(page, {**typed, "recebido_em": "2026-03-02"})
    assert (early.status_code, "entre a publicação (03/03/2026)" in early.content.decode()) == (422, True)
    assert bruno.post(page, typed)["Location"] == page

    row = PedidoDeCorrecao.objects.get()
    html = bruno.get(page).content.decode()
    assert ("Rui Preposto" in html, "18/03/2026" in html) == (True, True)
    assert "Um auditor responde ao pedido." in bruno.get(f"{page}{row.pk}/").content.decode()
    assert bruno.post(f"{page}{row.pk}/", {"deferido": "sim", "motivo": "x"}).status_code == 409
    assert alice.post(f"{page}{row.pk}/", {"deferido": "sim", "motivo": ""}).status_code == 422
    assert alice.post(f"{page}{row.pk}/", {"deferido": "sim", "motivo": "Provado."})["Location"] == f"{page}{row.pk}/"
    assert "republique" in alice.get(f"{page}{row.pk}/").content.decode()
    assert "Deferido em 04/03/2026" in bruno.get(page).content.decode()
    assert logged_in(register.cast.eva).get(page).status_code == 404
    assert bruno.get("/relatorios/cadastro/2019/pedidos/").status_code == 404
