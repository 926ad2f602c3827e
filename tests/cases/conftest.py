"""Cases in the states that the tests start from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Atribuicao, Papel, User
from cases.models import (
    CIP,
    Assunto,
    Atendimento,
    Classificacao,
    Defesa,
    Problema,
    ProblemaDoAssunto,
    Proposta,
    Reclamacao,
    Reclamado,
)
from cases.services import (
    acknowledge_cip,
    decide,
    issue_cip,
    notify_reclamado,
    open_reclamacao,
    receive_defence,
    receive_notice,
    register,
    send_cip,
    serve_decision,
    write_opinion,
)
from parties.models import Fornecedor
from tests.conftest import NOW, Cast, load_law


@pytest.fixture
def rules(db: None) -> None:
    """The terms and the calendar, as the start loads them."""
    load_law()


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


@pytest.fixture
def frida(cast: Cast) -> User:
    """A second authority: who decides does not judge the appeal."""
    user = User.objects.create_user("frida", nome="Frida Segunda Autoridade")
    Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=Papel.AUTORIDADE)
    return user


@pytest.fixture
def letters_in_tmp(settings: Any, tmp_path: Path) -> None:
    """Letters are written into the test's own folder."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def complaint(cast: Cast, ap: Callable[..., Atendimento], letters_in_tmp: None) -> Callable[..., Reclamacao]:
    """A reclamação just opened against some suppliers (the shop, unless told otherwise)."""

    def make(*suppliers: Fornecedor) -> Reclamacao:
        return open_reclamacao(atendimento=ap(*suppliers), by=cast.bruno, at=NOW, motivo="Sem solução.")

    return make


@pytest.fixture
def notified(cast: Cast, complaint: Callable[..., Reclamacao]) -> Callable[..., list[Defesa]]:
    """A reclamação whose notices were received on Wednesday 4 March 2026; the terms end on Tuesday 24."""

    def make(*suppliers: Fornecedor) -> list[Defesa]:
        opened = complaint(*suppliers)
        turns = []
        for party in opened.atendimento.reclamados.order_by("pk"):
            turn = notify_reclamado(reclamado=party, meio="em_maos", by=cast.bruno, at=NOW)
            turns.append(receive_notice(defesa=turn, on=NOW.date(), by=cast.bruno, at=NOW))
        return turns

    return make


@pytest.fixture
def under_analysis(cast: Cast, notified: Callable[..., list[Defesa]]) -> Callable[..., Reclamacao]:
    """A reclamação with its defences in and Bruno's opinion written."""

    def make(*suppliers: Fornecedor) -> Reclamacao:
        turns = notified(*suppliers)
        for turn in turns:
            receive_defence(defesa=turn, texto="Não devemos nada.", by=cast.bruno, at=NOW)
        opened = Reclamacao.objects.get(pk=turns[0].reclamacao_id)
        write_opinion(
            reclamacao=opened,
            analise="A cobrança em dobro está provada.",
            base_legal="CDC, art. 42, parágrafo único",
            propostas=[
                Proposta(reclamado=turn.reclamado, valor="fundamentada_nao_atendida", motivo="Não devolveu.")
                for turn in turns
            ],
            by=cast.bruno,
            at=NOW,
        )
        opened.refresh_from_db()
        return opened

    return make


@pytest.fixture
def decided(cast: Cast, under_analysis: Callable[..., Reclamacao]) -> Callable[..., list[Classificacao]]:
    """A reclamação that Edu decided; both sides knew on Wednesday 4 March 2026, and may appeal until Monday 16."""

    def make(*suppliers: Fornecedor) -> list[Classificacao]:
        opened = under_analysis(*suppliers)
        made = []
        for party in opened.atendimento.reclamados.order_by("pk"):
            decision = decide(
                reclamado=party,
                valor="fundamentada_nao_atendida",
                motivo="Cobrou em dobro e não devolveu.",
                base_legal="CDC, art. 42, parágrafo único",
                by=cast.edu,
                at=NOW,
            )
            made.append(serve_decision(classificacao=decision, on=NOW.date(), by=cast.bruno, at=NOW))
        return made

    return make


def also_authority(cast: Cast) -> User:
    """Bruno, who holds that papel too; read anew, since a person's papéis are read once."""
    cast.bruno.atribuicoes.create(unidade=cast.unidade, papel="autoridade")
    return User.objects.get(pk=cast.bruno.pk)
