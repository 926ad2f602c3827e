"""Cases in the states that the tests start from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from cases.models import CIP, Assunto, Atendimento, Problema, ProblemaDoAssunto, Reclamado
from cases.services import acknowledge_cip, issue_cip, register, send_cip
from parties.models import Fornecedor
from tests.conftest import NOW, Cast


@pytest.fixture
def rules(db: None) -> None:
    """The terms and the calendar, as the start loads them."""
    call_command("carregar_calendario", verbosity=0)


@pytest.fixture
def ap(cast: Cast) -> Callable[..., Atendimento]:
    """Register Ana's preliminary atendimento against some suppliers (the shop, unless told otherwise)."""

    def make(*suppliers: Fornecedor) -> Atendimento:
        subject, _ = Assunto.objects.get_or_create(
            codigo=187, defaults={"area": "Serviços Essenciais", "descricao": "Telefonia Celular"}
        )
        return register(
            by=cast.bruno,
            at=NOW,
            unidade=cast.unidade,
            tipo="atendimento_preliminar",
            canal="pessoal",
            consumidor=cast.ana,
            fornecedores=suppliers or (cast.loja,),
            assunto=subject,
            relato="Cobraram duas vezes.",
            pedido="Devolução em dobro.",
        )

    return make


@pytest.fixture
def running_cip(cast: Cast, rules: None) -> Callable[[Reclamado], CIP]:
    """A CIP received on Monday 2 March 2026; its term ends on Thursday 12."""

    def make(reclamado: Reclamado) -> CIP:
        monday = NOW - timedelta(days=2)
        cip = issue_cip(reclamado=reclamado, by=cast.bruno, at=monday)
        send_cip(cip=cip, meio="em_maos", by=cast.bruno, at=monday)
        return acknowledge_cip(cip=cip, on=date(2026, 3, 2), by=cast.bruno, at=NOW)

    return make


@pytest.fixture
def phone(db: None) -> Assunto:
    """An assunto with two problemas, one used more often, and a problema of another."""
    subject = Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")
    for words, often in (("Serviço não fornecido", 2), ("Cobrança indevida/abusiva", 9)):
        problem = Problema.objects.create(descricao=words)
        ProblemaDoAssunto.objects.create(assunto=subject, problema=problem, frequencia=often)
    Problema.objects.create(descricao="De outro assunto")
    return subject
