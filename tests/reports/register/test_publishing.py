"""From the decisions to a published version that nobody rewrites."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from cases.models import Classificacao
from parties.services import merge_suppliers
from reports.models import Cadastro, ItemDoCadastro, LinhaDoCadastro
from reports.register.exports import rows_of
from reports.register.queries.draft import draft
from reports.register.queries.gaps import gaps
from reports.register.selfcheck import wrong_registers
from reports.register.services.published import frozen_lines
from reports.register.services.publishing import Gazette
from tests.conftest import NOW
from tests.reports.register.conftest import GAZETTE, MET, UNMET, Register, auditor, decided
from workflow.errors import ActNotAllowed, ContentRefused

CHARGE = "Serviços Essenciais: Telefonia Celular – Cobrança indevida/abusiva (2)"
PHONE = "Serviços Essenciais: Telefonia Celular (1)"
BANK = ["Banco Exemplo S.A.", "00.000.000/0001-91", 1, 2, 3, "", f"{CHARGE}; {PHONE}"]
SHOP = ["Loja Modelo Ltda", "12.ABC.345/01DE-35", 1, 0, 1, "", PHONE]
PERSON = ["PESSOA FÍSICA", "não divulgado", 0, 1, 1, "", "Assunto não informado (1)"]


def cells(ano: int = 2025, unidades: list[int] | None = None) -> list[list[str | int]]:
    return [row.cells for row in rows_of(draft(ano, unidades))]


def test_the_draft_holds_final_founded_decisions_of_its_year_by_supplier(register: Register) -> None:
    assert cells() == [BANK, SHOP, PERSON]
    assert cells(unidades=[register.cast.outra.pk]) == []
    assert [row[:5] for row in cells(2026)] == [["Loja Modelo Ltda", "12.ABC.345/01DE-35", 0, 1, 1]]


def test_a_firm_of_one_person_is_not_named_but_by_its_cnpj(register: Register) -> None:
    decided(register.cast, register.firma, MET, date(2025, 7, 1))

    assert cells()[1][:3] == ["EMPRESÁRIO INDIVIDUAL", "11.444.777/0001-61", 1]


def test_a_merged_supplier_counts_as_the_one_that_stands_for_it(register: Register) -> None:
    cast = register.cast
    merge_suppliers(
        survivor=cast.banco, others=[cast.loja], motivo="Incorporação.", by=register.alice, at=NOW,
    )  # fmt: skip

    assert [row[:5] for row in cells()] == [["Banco Exemplo S.A.", "00.000.000/0001-91", 2, 2, 4], PERSON[:5]]


def test_a_version_keeps_what_the_draft_said(register: Register) -> None:
    version = register.publish()

    assert (version.ano, version.versao, version.substitui, version.motivo) == (2025, 1, None, "")
    assert [row.cells for row in rows_of(frozen_lines(version))] == [BANK, SHOP, PERSON]
    assert version.prazo.vence_em == date(2026, 3, 9)
    assert version.prazo.explicacao == (
        "5 dias corridos da publicação do cadastro em 03/03; venceria domingo 08/03, prorrogado para segunda 09/03"
    )
    assert list(ItemDoCadastro.objects.values_list("conta_de", "publico_ate").order_by("pk"))[:2] == [
        (date(2025, 4, 10), date(2030, 4, 10)),
        (date(2025, 6, 10), date(2030, 6, 10)),
    ]
    assert list(wrong_registers()) == []


def test_what_an_appeal_decided_counts_from_the_day_it_became_final(register: Register) -> None:
    decided(register.cast, register.firma, MET, date(2025, 7, 1))

    (line,) = [line for line in draft(2025) if line.fornecedor == register.firma.pk]
    assert [(entry.conta_de, entry.publico_ate) for entry in line.entradas] == [(date(2025, 7, 1), date(2030, 7, 1))]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ano": 2026}, "O ano de 2026 ainda não terminou"),
        ({"ano": 2027}, "O ano de 2027 ainda não começou"),
        ({"ano": 2019}, "Nenhuma decisão fundamentada se tornou definitiva em 2019"),
        ({"diario": Gazette(" ", date(2026, 3, 3), "1")}, "número do diário"),
        ({"diario": Gazette("1", date(2026, 3, 3), " ")}, "página do diário"),
        ({"diario": Gazette("1", date(2026, 3, 5), "1")}, "O diário de 05/03/2026 ainda não saiu"),
        ({"diario": Gazette("1", date(2025, 12, 31), "1")}, "O cadastro de 2025 sai no diário de 2026 ou depois"),
    ],
)
def test_what_may_not_be_published_is_told(register: Register, changed: dict[str, object], sentence: str) -> None:
    with pytest.raises((ActNotAllowed, ContentRefused), match=sentence):
        register.publish(**changed)
    assert not Cadastro.objects.exists()


def test_only_an_auditor_publishes(register: Register) -> None:
    with pytest.raises(ActNotAllowed, match="Só um auditor publica"):
        register.publish(by=register.cast.dora)


def test_who_decided_does_not_publish_and_the_database_refuses_it_too(register: Register) -> None:
    judge = auditor("julia", register.cast.unidade)
    Classificacao.objects.filter(reclamado__fornecedor=register.zeca).update(autoridade=judge)
    with pytest.raises(ActNotAllowed, match="quem decidiu não publica"):
        register.publish(by=judge)

    version = register.publish()
    row = ItemDoCadastro.objects.filter(linha__cadastro=version, linha__pessoa_fisica=True).get()
    Classificacao.objects.filter(pk=row.classificacao_id).update(autoridade=register.alice)
    row.pk, row._state.adding = None, True
    with pytest.raises(IntegrityError, match="quem decidiu"), transaction.atomic():
        row.save()


def test_an_auditor_of_one_unidade_does_not_publish_for_another(register: Register) -> None:
    cast = register.cast
    decided(cast, cast.banco, MET, date(2025, 8, 1), unidade=cast.outra)
    with pytest.raises(ActNotAllowed, match="Há decisões de Procon Vizinho, onde você não é auditor"):
        register.publish()

    assert register.publish(by=auditor("nina", cast.unidade, cast.outra)).versao == 1


def test_gaps_are_listed_with_their_cases_and_some_keep_from_publishing(register: Register) -> None:
    cast = register.cast
    bare = decided(cast, cast.banco, MET, date(2025, 8, 1), motivo=" ", base_legal="")
    found = [(gap.protocolo, gap.falta.split(":")[0], gap.impede) for gap in gaps(2025)]
    protocolo = bare.reclamado.atendimento.protocolo

    assert found[:2] == [
        (protocolo, "A decisão está sem motivo.", True),
        (protocolo, "A decisão está sem base legal.", True),
    ]
    assert (protocolo, "Falta a intimação da decisão", False) in found
    assert (protocolo, "O caso está sem assunto", False) in found
    assert [falta for _, falta, _ in found if falta.startswith("Ainda não é definitiva")] == ["Ainda não é definitiva"]
    assert gaps(2025, [cast.outra.pk]) == []
    with pytest.raises(ContentRefused, match="Há 2 faltas que impedem a publicação"):
        register.publish()


def test_a_supplier_without_cnpj_is_a_gap(register: Register) -> None:
    register.cast.loja.cnpj = None
    register.cast.loja.save()

    assert [gap.fornecedor for gap in gaps(2025) if gap.falta.startswith("O fornecedor está sem CNPJ")] == [
        "Loja Modelo Ltda"
    ]


def test_a_published_version_is_not_rewritten_and_who_does_is_found(register: Register) -> None:
    version = register.publish()
    for model, change in ((Cadastro, {"motivo": "x"}), (LinhaDoCadastro, {"cnpj": ""}), (ItemDoCadastro, {"area": ""})):
        with pytest.raises(IntegrityError, match="um cadastro publicado não se altera"), transaction.atomic():
            model._base_manager.update(**change)
    with pytest.raises(IntegrityError, match="um cadastro publicado não se altera"), transaction.atomic():
        ItemDoCadastro.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE reports_itemdocadastro DISABLE TRIGGER registro_fica"
        )
        cursor.execute("UPDATE reports_itemdocadastro SET atendida = true WHERE problema = ''")

    assert list(wrong_registers()) == [
        "Cadastro de 2025, versão 1: a linha de PESSOA FÍSICA não confere com o seu resumo SHA-256.",
        "Cadastro de 2025, versão 1: o publicado não confere com o resumo SHA-256.",
    ]
    assert version.resumo == Cadastro.objects.get().resumo


def test_a_second_version_names_the_first_what_changed_and_why(register: Register) -> None:
    first = register.publish()
    with pytest.raises(ActNotAllowed, match="já foi publicado, na versão 1, e nada mudou"):
        register.publish(motivo="De novo.")
    Classificacao.objects.filter(reclamado__fornecedor=register.cast.loja, transitada_em__year=2025).update(valor=UNMET)
    with pytest.raises(ContentRefused, match="escreva o que foi corrigido"):
        register.publish()
    with pytest.raises(ContentRefused, match=r"A versão 1 saiu em 03/03/2026: esta vem depois"):
        register.publish(motivo="Classificação trocada.", diario=Gazette("1", date(2026, 3, 2), "1"))

    second = register.publish(motivo="Classificação trocada.")

    assert (second.versao, second.substitui, second.motivo) == (2, first, "Classificação trocada.")
    shop = register.cast.loja.pk
    assert second.mudancas == [
        {"nome": "Loja Modelo Ltda", "fornecedor": shop, "coluna": "Atendidas", "antes": "1", "agora": "0"},
        {"nome": "Loja Modelo Ltda", "fornecedor": shop, "coluna": "Não atendidas", "antes": "0", "agora": "1"},
    ]
    assert [row.cells for row in rows_of(frozen_lines(first))] == [BANK, SHOP, PERSON]
    assert list(wrong_registers()) == []


def test_a_republication_whose_decisions_are_all_gone_leaves_an_empty_register(register: Register) -> None:
    register.publish()
    Classificacao.objects.filter(transitada_em__year=2025).update(transitada_em=date(2026, 2, 2))

    second = register.publish(motivo="As decisões foram anuladas.")

    assert [change["agora"] for change in second.mudancas] == ["fora do cadastro"] * 3
    assert frozen_lines(second) == []
    assert GAZETTE.data == second.diario_data


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_the_second_finds_the_version_of_the_first(register: Register) -> None:
    start = Barrier(2)

    def work(_: int) -> str:
        start.wait(60)
        try:
            return f"versão {register.publish().versao}"
        except ActNotAllowed as refusal:
            return refusal.message
        finally:
            connection.close()

    assert register.alice.papeis == {"auditor"}  # read once, so that the threads share it
    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(work, range(2)))

    assert said == [
        "O cadastro de 2025 já foi publicado, na versão 1, e nada mudou desde então: não há o que republicar.",
        "versão 1",
    ]
    assert (Cadastro.objects.count(), list(wrong_registers())) == (1, [])
