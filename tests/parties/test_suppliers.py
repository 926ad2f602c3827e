"""What is kept about a supplier: corrections, spellings, group, contacts, the term of electronic CIP."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from parties.models import AdesaoCipEletronica, ContatoDeFornecedor, Fornecedor, Grafia, GrupoEconomico
from parties.services import (
    add_contact,
    add_spelling,
    correct_supplier,
    end_enrolment,
    end_expired_enrolments,
    enroll_supplier,
    merge_suppliers,
    remove_contact,
    remove_spelling,
    set_group,
)
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 4)


def changes(supplier: Fornecedor) -> list[dict[str, list[str]]]:
    return [item.campos for item in supplier.correcoes.order_by("pk")]


def enroll(cast: Cast, **told: Any) -> AdesaoCipEletronica:
    given = {"termo": "12/2026", "assinado_por": "Diretora", "assinado_em": TODAY, "by": cast.dora, "at": NOW, **told}
    return enroll_supplier(supplier=cast.loja, **given)


def test_a_correction_says_what_stood_before_and_after(cast: Cast, iara: User) -> None:
    told = {"razao_social": "Loja Modelo S.A.", "email": "", "telefone": "(11) 4642-0000"}

    correct_supplier(supplier=cast.loja, by=iara, at=NOW, motivo=" Contrato\tsocial ", **told)

    done = cast.loja.correcoes.get()
    assert (done.por, done.em, done.motivo) == (iara, NOW, "Contrato social")
    assert done.campos == {
        "razao_social": ["Loja Modelo Ltda", "Loja Modelo S.A."],
        "email": ["loja@example.org", ""],
        "telefone": ["", "+551146420000"],
    }


def test_a_correction_that_changes_nothing_leaves_no_record(cast: Cast, iara: User) -> None:
    correct_supplier(supplier=cast.loja, by=iara, at=NOW, razao_social="Loja Modelo Ltda")

    assert changes(cast.loja) == []


def test_a_spelling_is_added_once_and_taken_away(cast: Cast, iara: User) -> None:
    spelling = add_spelling(supplier=cast.loja, nome="  LOJÃO \x00 Modelo ", by=iara, at=NOW)
    again = add_spelling(supplier=cast.loja, nome="LOJÃO Modelo", by=iara, at=NOW)
    assert (spelling, list(Fornecedor.objects.search("lojao"))) == (again, [cast.loja])

    remove_spelling(spelling=spelling, by=iara, at=NOW)

    assert list(Fornecedor.objects.search("lojao")) == []
    assert changes(cast.loja) == [{"grafia": ["", "LOJÃO Modelo"]}, {"grafia": ["LOJÃO Modelo", ""]}]


@pytest.mark.parametrize("nome", ["", " \u200f\x00", "x" * 201])
def test_a_spelling_that_is_no_name_is_refused(cast: Cast, iara: User, nome: str) -> None:
    with pytest.raises(ContentRefused) as refusal:
        add_spelling(supplier=cast.loja, nome=nome, by=iara, at=NOW)

    assert (list(refusal.value.errors), Grafia.objects.count()) == (["nome"], 0)


def test_a_group_is_made_chosen_and_left(cast: Cast, iara: User) -> None:
    set_group(supplier=cast.loja, nome="Grupo Modelo", by=iara, at=NOW)
    set_group(supplier=cast.banco, nome="Grupo Modelo", by=iara, at=NOW)
    set_group(supplier=cast.banco, nome="", by=iara, at=NOW)
    set_group(supplier=cast.banco, nome="", by=iara, at=NOW)

    cast.loja.refresh_from_db()
    assert (cast.loja.grupo, GrupoEconomico.objects.count()) == (GrupoEconomico.objects.get(nome="Grupo Modelo"), 1)
    assert changes(cast.banco) == [{"grupo": ["", "Grupo Modelo"]}, {"grupo": ["Grupo Modelo", ""]}]


def test_spellings_and_groups_are_the_auditors(cast: Cast, iara: User) -> None:
    spelling = add_spelling(supplier=cast.loja, nome="Lojão", by=iara, at=NOW)
    with pytest.raises(ActNotAllowed, match="cabe a Auditor"):
        add_spelling(supplier=cast.loja, nome="Outra", by=cast.dora, at=NOW)
    with pytest.raises(ActNotAllowed, match="cabe a Auditor"):
        remove_spelling(spelling=spelling, by=cast.dora, at=NOW)
    with pytest.raises(ActNotAllowed, match="cabe a Auditor"):
        set_group(supplier=cast.loja, nome="Grupo", by=cast.dora, at=NOW)


def test_a_notice_goes_to_the_contact_who_receives_it(cast: Cast, iara: User) -> None:
    assert list(cast.loja.notice_emails("cip").values()) == ["loja@example.org"]
    legal = add_contact(
        supplier=cast.loja, nome="Jurídico", email="juridico@example.org", recebe_cip=True, by=cast.bruno, at=NOW
    )
    add_contact(supplier=cast.loja, nome="Balcão", telefone="(11) 4642-0000", by=cast.bruno, at=NOW)

    assert list(cast.loja.notice_emails("cip").values()) == ["juridico@example.org"]
    assert list(cast.loja.notice_emails("audiencia").values()) == ["loja@example.org"]
    merge_suppliers(survivor=cast.loja, others=[cast.banco], motivo="Igual.", by=iara, at=NOW)
    cast.banco.refresh_from_db()
    assert list(cast.banco.notice_emails("cip").values()) == ["juridico@example.org"]
    remove_contact(contact=legal, by=cast.bruno, at=NOW)
    assert list(cast.loja.notice_emails("cip").values()) == ["loja@example.org"]
    assert changes(cast.loja)[-1] == {"contato": ["Jurídico · juridico@example.org", ""]}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"nome": ""}, "nome"),
        ({"email": "nada"}, "email"),
        ({"email": "", "telefone": ""}, "email"),
        ({"email": "", "telefone": "(11) 4642-0000", "recebe_cip": True}, "email"),
        ({"telefone": "12"}, "telefone"),
        ({"cargo": "x" * 121}, "cargo"),
    ],
)
def test_a_contact_that_reaches_nobody_is_refused(cast: Cast, told: dict[str, Any], field: str) -> None:
    with pytest.raises(ContentRefused) as refusal:
        add_contact(supplier=cast.loja, by=cast.bruno, at=NOW, **{"nome": "Jurídico", "email": "j@example.org", **told})

    assert (list(refusal.value.errors), ContatoDeFornecedor.objects.count()) == ([field], 0)


def test_a_contact_is_there_once(cast: Cast) -> None:
    add_contact(supplier=cast.loja, nome="Jurídico", email="j@example.org", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="já está no cadastro"):
        add_contact(supplier=cast.loja, nome="Jurídico", email="j@example.org", by=cast.bruno, at=NOW)


def test_a_conciliador_keeps_no_contacts(cast: Cast) -> None:
    with pytest.raises(ActNotAllowed, match="cabe a Atendente, Auditor, Coordenador"):
        add_contact(supplier=cast.loja, nome="Jurídico", email="j@example.org", by=cast.carla, at=NOW)


def test_electronic_cip_is_true_while_a_term_is_in_force(cast: Cast) -> None:
    term = enroll(cast)
    assert cast.loja.cip_eletronica is True
    cast.loja.refresh_from_db()
    assert cast.loja.cip_eletronica is True

    end_enrolment(adesao=term, motivo="Pediu.", by=cast.dora, at=NOW)

    cast.loja.refresh_from_db()
    assert (cast.loja.cip_eletronica, term.encerrada_por, term.motivo_do_fim) == (False, cast.dora, "Pediu.")
    with pytest.raises(ActNotAllowed, match="já foi encerrada"):
        end_enrolment(adesao=term, motivo="Pediu.", by=cast.dora, at=NOW)


def test_the_database_refuses_electronic_cip_without_a_term(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="não tem adesão"), transaction.atomic():
        Fornecedor.objects.filter(pk=cast.loja.pk).update(cip_eletronica=True)
    with pytest.raises(IntegrityError, match="não tem adesão"), transaction.atomic():
        Fornecedor.objects.create(razao_social="Outra", cip_eletronica=True)
    assert Fornecedor.objects.filter(cip_eletronica=True).count() == 0


def test_one_term_is_in_force_at_a_time(cast: Cast) -> None:
    enroll(cast)
    with pytest.raises(ActNotAllowed, match="já tem uma adesão em vigor"):
        enroll(cast)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"termo": " "}, "termo"),
        ({"assinado_por": "\x00"}, "assinado_por"),
        ({"assinado_em": TODAY + timedelta(days=1)}, "assinado_em"),
        ({"assinado_em": TODAY - timedelta(days=9), "vale_ate": TODAY - timedelta(days=1)}, "vale_ate"),
    ],
)
def test_a_term_that_says_nothing_is_refused(cast: Cast, told: dict[str, Any], field: str) -> None:
    with pytest.raises(ContentRefused) as refusal:
        enroll(cast, **told)

    assert (list(refusal.value.errors), AdesaoCipEletronica.objects.count()) == ([field], 0)


def test_an_atendente_enrols_nobody_and_what_was_merged_is_not_enrolled(cast: Cast, iara: User) -> None:
    with pytest.raises(ActNotAllowed, match="cabe a Auditor, Coordenador"):
        enroll(cast, by=cast.bruno)
    merge_suppliers(survivor=cast.banco, others=[cast.loja], motivo="Igual.", by=iara, at=NOW)
    cast.loja.refresh_from_db()
    with pytest.raises(ActNotAllowed, match="foi fundido em Banco Exemplo"):
        enroll(cast)


def test_the_clock_ends_terms_whose_validity_passed(cast: Cast) -> None:
    term = enroll(cast, vale_ate=TODAY + timedelta(days=1))

    assert end_expired_enrolments(at=NOW + timedelta(days=1)) == 0
    assert end_expired_enrolments(at=NOW + timedelta(days=2)) == 1
    assert end_expired_enrolments(at=NOW + timedelta(days=2)) == 0
    term.refresh_from_db()
    assert (term.encerrada_por, term.motivo_do_fim) == (cast.sistema, "Fim da validade em 05/03/2026.")
    cast.loja.refresh_from_db()
    assert cast.loja.cip_eletronica is False


def test_a_hearing_is_told_to_the_contact_who_receives_its_notices(cast: Cast, iara: User) -> None:
    from cases.models import Atendimento, Reclamado
    from hearings.models import Audiencia, Sala
    from hearings.services.notices import parties_of
    from workflow.services import open_history

    case = Atendimento.objects.create(
        protocolo="35.001.001.26-0000001", unidade=cast.unidade, tipo="atendimento_preliminar", canal="pessoal",
        status="aberto", consumidor=cast.ana, aberto_em=NOW, atendente=cast.bruno, historico=open_history(),
    )  # fmt: skip
    hearing = Audiencia.objects.create(
        atendimento=case, sala=Sala.objects.create(unidade=cast.unidade, nome="Sala 1"), conciliador=cast.carla,
        inicio=NOW, fim=NOW + timedelta(minutes=30), agendada_em=NOW,
    )  # fmt: skip
    hearing.reclamados.add(Reclamado.objects.create(atendimento=case, fornecedor=cast.loja))
    add_contact(
        supplier=cast.loja, nome="Pauta", email="pauta@example.org", recebe_audiencia=True, by=cast.bruno, at=NOW
    )

    assert [list(party.emails.values()) for party in parties_of(hearing)] == [
        ["ana@example.org"],
        ["pauta@example.org"],
    ]
