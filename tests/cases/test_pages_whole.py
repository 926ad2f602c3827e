"""The page of a case that has everything at once: what it costs does not grow, and stays within 25 queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from cases.models import CIP, Atendimento, Classificacao, Compra, Manifestacao, Parcela, PedidoDeProrrogacao, Reclamado
from cases.services import add_number, attach, lodge_appeal, make_agreement, record_contact
from deadlines.models import RegraDePrazo
from deadlines.services import set_prazo
from parties.models import Fornecedor
from tests.browsing import logged_in
from tests.cases.files import picture, uploaded
from tests.conftest import NOW, Cast

Decided = Callable[..., list[Classificacao]]
TODAY = NOW.date()


@pytest.fixture
def whole(cast: Cast, decided: Decided) -> Callable[..., Atendimento]:
    """A decided case with an appeal, in which each supplier has all that the page can show of one."""
    RegraDePrazo.objects.filter(nome="cip_presuncao").update(vigente_de=date(2026, 1, 1))

    def make(*suppliers: Fornecedor) -> Atendimento:
        made = decided(*suppliers)
        case = made[0].reclamado.atendimento
        lodge_appeal(classificacao=made[0], de_quem="consumidor", on=TODAY, texto="Não recebi.", by=cast.bruno, at=NOW)
        Compra.objects.create(
            atendimento=case, forma_compra="internet", natureza="duravel", data_entrega=TODAY, data_defeito=TODAY
        )
        add_number(atendimento=case, sistema="sindec", numero="FA 77", by=cast.bruno, at=NOW)
        for party in case.reclamados.order_by("pk"):
            _all_of_one(cast, party)
        return case

    return make


def _all_of_one(cast: Cast, party: Reclamado) -> None:
    record_contact(reclamado=party, resultado="nao_resolvido", by=cast.bruno, at=NOW)
    file = uploaded(picture(size=(8, 4 + party.pk % 50)), "foto.jpg", "image/jpeg")
    attach(
        atendimento=party.atendimento, arquivo=file, nome="foto.jpg", origem="fornecedor", reclamado=party,
        by=cast.bruno, at=NOW,
    )  # fmt: skip
    make_agreement(
        reclamado=party, origem="reclamacao", texto="Devolução.", firmado_em=TODAY, total=Decimal(10),
        parcelas=[Parcela(numero=1, vencimento=TODAY, valor=Decimal(10))], by=cast.bruno, at=NOW,
    )  # fmt: skip
    term = set_prazo("cip_resposta", historico=party.atendimento.historico, start=TODAY)
    sent = {"reclamado": party, "emitida_em": NOW, "enviada_em": NOW, "meio": "portal"}
    old = CIP.objects.create(
        **sent, status="baixada", cientificada_em=TODAY, prazo=term, respondida_em=NOW, especie="proposta",
        resposta="Metade.", proposta="Metade.", resultado="sem_resolucao", baixada_em=NOW,
    )  # fmt: skip
    Manifestacao.objects.create(
        cip=old, aceita=False, texto="Quero tudo.", canal="telefone", quando=NOW, por=cast.bruno
    )
    PedidoDeProrrogacao.objects.create(cip=old, dias=5, motivo="Perícia.", pedido_por="Rui", pedido_em=NOW)
    CIP.objects.create(**sent, status="enviada")


@time_machine.travel(NOW, tick=False)
def test_the_page_of_everything(
    cast: Cast, whole: Callable[..., Atendimento], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for case in (whole(cast.loja), whole(cast.loja, cast.banco)):
        client = logged_in(cast.dora)
        client.get(case.get_absolute_url())
        with django_assert_num_queries(25):
            page = client.get(case.get_absolute_url()).content.decode()
        assert page.count("a ciência é presumida nesse dia") == case.reclamados.count()
        assert "Arrependimento da compra à distância" in page
        assert "Quero tudo." in page
