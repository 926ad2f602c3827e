"""A year of decisions made by hand, of which every line of the register is known; Alice audits, Edu decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from accounts.models import Atribuicao, Papel, Unidade, User
from cases.models import Assunto, Atendimento, Classificacao, Problema, Reclamado
from deadlines.models import Prazo, RegraDePrazo
from parties.models import Fornecedor
from reports.models import Cadastro
from reports.register.services.publishing import Gazette, publish
from tests.conftest import NOW, Cast
from tests.reports.conftest import at, case

#: The Wednesday of the tests, in local time.
TODAY = date(2026, 3, 4)
GAZETTE = Gazette("1.234", date(2026, 3, 3), "12")
MET, UNMET = "fundamentada_atendida", "fundamentada_nao_atendida"


@dataclass
class Register:
    """The cast, its auditor, and the decisions of 2025."""

    cast: Cast
    alice: User
    zeca: Fornecedor
    firma: Fornecedor

    def publish(self, **changed: Any) -> Cadastro:
        """The register of 2025, by Alice, on the tests' day."""
        wanted = {"ano": 2025, "diario": GAZETTE, "by": self.alice, "at": NOW, "today": TODAY}
        return publish(**{**wanted, **changed})


def auditor(usuario: str, *places: Unidade, also: str = "") -> User:
    """An auditor of these unidades."""
    user = User.objects.create_user(usuario, "senha-de-teste-1", nome=f"{usuario.title()} Auditora")
    for place in places:
        for papel in (Papel.AUDITOR, also):
            if papel:
                Atribuicao.objects.create(user=user, unidade=place, papel=papel)
    return user


def decided(
    cast: Cast, fornecedor: Fornecedor, valor: str, final: date | None, *, told: date | None = None, **facts: Any
) -> Classificacao:
    """A decision about one supplier, of a case of its own; `told` is the day of its notice, where there was one."""
    opened = facts.pop("opened", at(2025, 2, 3))
    words = {name: facts.pop(name) for name in ("motivo", "base_legal", "autoridade") if name in facts}
    made: Atendimento = case(cast, opened, **facts)
    reclamado = Reclamado.objects.create(atendimento=made, fornecedor=fornecedor)
    return classify(cast, reclamado, valor, final, told, **words)


def classify(
    cast: Cast, reclamado: Reclamado, valor: str, final: date | None, told: date | None = None, **words: Any
) -> Classificacao:
    """The decision; notices are written without their term, which these tests do not need."""
    row = Classificacao.objects.create(
        reclamado=reclamado,
        valor=valor,
        decidida_em=datetime.combine(final or date(2025, 11, 3), NOW.timetz()),
        transitada_em=final,
        **{"motivo": "Não devolveu.", "base_legal": "CDC, art. 42", "autoridade": cast.edu, **words},
    )
    if told:
        with_notice(row, told)
    return row


def with_notice(row: Classificacao, told: date) -> None:
    """Write the day of the notice and its term of appeal."""
    rule = RegraDePrazo.objects.get(nome="recurso")
    row.prazo = Prazo.objects.create(
        historico_id=row.historico_id, regra=rule, inicio=told, vence_em=told.replace(day=28), explicacao="x"
    )
    row.intimada_em = told
    row.save()


@pytest.fixture
def subject(cast: Cast) -> Assunto:
    """Mobile telephony."""
    return Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")


@pytest.fixture
def register(cast: Cast, subject: Assunto) -> Register:
    """2025: the bank 1 met and 2 not, a shop 1 met, Zeca (a person) 1 not; others are not final, or of other years."""
    charge, _ = Problema.objects.get_or_create(descricao="Cobrança indevida/abusiva")
    zeca = Fornecedor.objects.create(razao_social="Zeca dos Santos", nome_fantasia="Barraca do Zeca", cpf="11144477735")
    firma = Fornecedor.objects.create(razao_social="José da Silva 11144477735", cnpj="11444777000161")
    about = {"assunto": subject, "problema": charge}
    decided(cast, cast.banco, UNMET, date(2025, 4, 25), told=date(2025, 4, 10), **about)
    decided(cast, cast.banco, UNMET, date(2025, 6, 25), told=date(2025, 6, 10), **about)
    decided(cast, cast.banco, MET, date(2025, 12, 31), told=date(2025, 12, 10), assunto=subject)
    decided(cast, cast.loja, MET, date(2025, 1, 1), told=date(2024, 12, 10), assunto=subject, opened=at(2024, 5, 6))
    decided(cast, zeca, UNMET, date(2025, 5, 25), told=date(2025, 5, 10))
    decided(cast, firma, "nao_fundamentada", date(2025, 5, 25))
    decided(cast, cast.loja, UNMET, date(2024, 12, 31), opened=at(2024, 5, 6))
    decided(cast, cast.loja, UNMET, date(2026, 1, 1))
    decided(cast, cast.loja, UNMET, None)
    return Register(cast, auditor("alice", cast.unidade), zeca, firma)
