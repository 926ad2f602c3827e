"""Whatever is typed, a party is refused field by field or stored as it reads back; never an error of the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from parties.identifiers import clean_cnpj, format_cnpj
from parties.models import Consumidor, Fornecedor, Grafia, Sexo
from parties.services import (
    add_contact,
    add_spelling,
    correct_consumer,
    correct_supplier,
    register_consumer,
    register_supplier,
)
from tests.conftest import NOW, Cast
from workflow.errors import Refusal

pytestmark = pytest.mark.django_db

#: Anything a keyboard, a clipboard or a program may send: NUL, halves of a pair, marks of direction, very long texts.
ODD = st.sampled_from(
    ["\x00", "\ud800", "\u202e\u200f", "' OR 1=1 --", "ﷺ" * 50, "日本", "x" * 5000, " ", "12.ABC.345/01DE-35", "٣" * 11]
)
TEXT = st.one_of(st.text(max_size=60), ODD, st.builds(lambda a, b: a + b, st.text(max_size=20), ODD))
ADDRESS = dict.fromkeys(("email", "telefone", "cep", "logradouro", "numero", "bairro", "municipio", "uf"), TEXT)
PERSON = {
    "nome": TEXT,
    "cpf": st.one_of(TEXT, st.none(), st.just("529.982.247-25")),
    "nome_social": TEXT,
    "sexo": st.one_of(TEXT, st.sampled_from(Sexo.values)),
    "nascimento": st.one_of(st.none(), st.dates(date(1, 1, 1), date(9999, 12, 31))),
    "prioridades": st.lists(st.one_of(TEXT, st.just("pcd")), max_size=3),
}
COMPANY = {
    "razao_social": TEXT,
    "nome_fantasia": TEXT,
    "cnpj": st.one_of(TEXT, st.none(), st.just("12abc34501de35")),
}


def attempt(work: Callable[[], Any]) -> None:
    """Do it in a savepoint that is undone: refused with a sentence, or stored as it reads back."""
    made, refused = None, ""
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = work()
        except Refusal as refusal:
            refused = refusal.message
        assert (made is None) == bool(refused)
        if made is not None:
            reads_back(made)
        transaction.set_rollback(True)


def reads_back(made: Any) -> None:
    """What was returned is what is stored."""
    kept = {field.attname for field in made._meta.concrete_fields} - {"nome_busca", "criado_em", "radical"}
    shown = {name: getattr(made, name) for name in kept}
    made.refresh_from_db()
    assert shown == {name: getattr(made, name) for name in kept}
    assert str(made).strip()


def anything(fields: dict[str, st.SearchStrategy[Any]], *, needed: str) -> st.SearchStrategy[dict[str, Any]]:
    rest = {name: strategy for name, strategy in fields.items() if name != needed}
    return st.fixed_dictionaries({needed: fields[needed]}, optional=rest)


def try_all(strategy: st.SearchStrategy[dict[str, Any]], work: Callable[..., Any]) -> None:
    @settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])  # two busy cores
    @given(strategy)
    def run(told: dict[str, Any]) -> None:
        attempt(lambda: work(**told))

    run()


def test_a_person_is_registered_or_refused(cast: Cast) -> None:
    try_all(anything({**PERSON, **ADDRESS}, needed="nome"), register_consumer)
    assert Consumidor.objects.count() == 1


def test_a_supplier_is_registered_or_refused(cast: Cast) -> None:
    try_all(anything({**COMPANY, **ADDRESS, "cpf": PERSON["cpf"]}, needed="razao_social"), register_supplier)
    assert Fornecedor.objects.count() == 2


def test_a_person_is_corrected_or_refused(cast: Cast) -> None:
    def work(**told: Any) -> Consumidor:
        return correct_consumer(person=Consumidor.objects.get(pk=cast.ana.pk), by=cast.dora, at=NOW, **told)

    try_all(anything({**PERSON, **ADDRESS}, needed="nome"), work)
    assert Consumidor.objects.get().nome == "Ana Souza"


def test_a_supplier_is_corrected_or_refused(cast: Cast, iara: User) -> None:
    def work(**told: Any) -> Fornecedor:
        return correct_supplier(supplier=Fornecedor.objects.get(pk=cast.loja.pk), by=iara, at=NOW, **told)

    try_all(anything({**COMPANY, **ADDRESS, "motivo": TEXT}, needed="razao_social"), work)
    assert cast.loja.correcoes.count() == 0


def test_a_spelling_and_a_contact_are_kept_or_refused(cast: Cast, iara: User) -> None:
    told = dict.fromkeys(("cargo", "email", "telefone"), TEXT)
    try_all(
        anything({"nome": TEXT}, needed="nome"),
        lambda nome: add_spelling(supplier=cast.loja, nome=nome, by=iara, at=NOW),
    )
    try_all(
        anything({"nome": TEXT, **told}, needed="nome"),
        lambda **given: add_contact(supplier=cast.loja, by=iara, at=NOW, **given),
    )
    assert Grafia.objects.count() == 0


def test_a_search_bears_anything(cast: Cast) -> None:
    @settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
    @given(TEXT.filter(lambda text: "\ud800" not in text))  # no address and no form carries half a pair
    def run(text: str) -> None:
        assert len(list(Fornecedor.objects.search(text)[:5])) <= 2
        assert len(list(Consumidor.objects.search(text)[:5])) <= 1

    run()


def test_a_name_of_invisible_marks_is_no_name(cast: Cast) -> None:
    with pytest.raises(Refusal):
        register_supplier(razao_social="\u202e\u200f")
    with pytest.raises(Refusal, match="Informe o nome"):
        register_supplier(razao_social="", cnpj="\u200f")
    assert register_supplier(razao_social="Loja\u200b do \u202eZé").razao_social == "Loja do Zé"


def test_names_in_other_letters_are_not_confused() -> None:
    assert register_supplier(razao_social="日本") == register_supplier(razao_social="日本")
    assert register_supplier(razao_social="日本") != register_supplier(razao_social="中国")


@pytest.mark.parametrize("typed", ["12.abc.345/01de-35", "12ABC34501DE35", " 12 ABC 345 01DE 35 ", "12abc345/01de35"])
def test_an_alphanumeric_cnpj_is_read_in_any_dress(typed: str) -> None:
    assert (clean_cnpj(typed), format_cnpj(clean_cnpj(typed))) == ("12ABC34501DE35", "12.ABC.345/01DE-35")


@pytest.mark.parametrize(
    "typed",
    ["12ABC345", "12ABC34501DE3", "12ABC34501DE355", "12ÁBC34501DE35", "12ABC34501DEA5", "", "0" * 14, "１" * 14],
)
def test_a_root_or_a_slip_is_no_cnpj(typed: str) -> None:
    with pytest.raises(ValueError, match="CNPJ inválido"):
        clean_cnpj(typed)
