"""Search as people type, by the index, and who may see whom."""

from __future__ import annotations

import unicodedata

import pytest
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Atendimento
from parties.identifiers import normalise_name
from parties.models import Consumidor, Fornecedor, Grafia
from parties.queries import BY_NAME, START
from tests.conftest import NOW, Cast
from workflow.models import Historico


def _case_of(cast: Cast, consumidor: Consumidor, number: int = 1) -> Atendimento:
    return Atendimento.objects.create(
        protocolo=f"35.001.001.26-{number:07d}",
        unidade=cast.unidade,
        tipo="simples_consulta",
        canal="pessoal",
        status="aberto",
        consumidor=consumidor,
        aberto_em=NOW,
        atendente=cast.bruno,
        historico=Historico.objects.create(),
    )


def _normalised_in_sql(texts: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT parties_normalizar(texto) FROM unnest(%s::text[]) WITH ORDINALITY AS t(texto, n) ORDER BY n",
            [texts],
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_the_database_normalises_every_letter_as_python_does() -> None:
    letters = [
        chr(code)
        for code in range(1, 0x30000)
        if unicodedata.category(chr(code)) not in {"Cs", "Cn", "Co"} and not 0x1CC00 <= code < 0x1CF00
    ]

    found = _normalised_in_sql(letters)

    assert [(a, b) for a, b in zip(letters, found, strict=True) if normalise_name(a) != b] == []


@pytest.mark.django_db
def test_the_database_normalises_texts_as_python_does() -> None:
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # two busy cores
    @given(st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cn", "Co"], blacklist_characters="\0"))))
    def compare(texts: list[str]) -> None:
        assert _normalised_in_sql(texts) == [normalise_name(text) for text in texts]

    compare()


@pytest.mark.django_db
def test_the_search_names_follow_every_path_of_writing() -> None:
    person = Consumidor.objects.create(nome="José da Conceição", nome_social="Zélia")
    shop = Fornecedor.objects.create(razao_social="TIM S/A", nome_fantasia="TIM Celular")
    Fornecedor.objects.bulk_create([Fornecedor(razao_social="Ação Ltda")])
    Fornecedor.objects.filter(pk=shop.pk).update(nome_fantasia="TIM Móvel", nome_busca="raw nonsense")
    spelling = Grafia.objects.create(fornecedor=shop, nome="Intelig Telecomunicações")
    Grafia.objects.bulk_create([Grafia(fornecedor=shop, nome="Ágil")])

    def names(row: Consumidor | Fornecedor) -> str:
        row.refresh_from_db()
        return row.nome_busca

    assert names(person) == "jose da conceicao zelia"
    assert names(Fornecedor.objects.get(razao_social="Ação Ltda")) == "acao ltda"
    assert names(shop) == "tim s a tim movel intelig telecomunicacoes agil"
    Grafia.objects.filter(pk=spelling.pk).update(nome="Tim Brasil")
    assert names(shop) == "tim s a tim movel tim brasil agil"
    spelling.delete()
    assert names(shop) == "tim s a tim movel agil"


@pytest.mark.parametrize(
    "typed",
    [
        "12.ABC.345/01DE-35",
        "12abc34501de35",
        "12ABC345",
        "12.abc.345",
        "12ABC345/01",
        "modelo",
        "LÓJA MÓD",
        "ltda loj",
        "lo",
        "l",
        "mercadão",
        "Silva",
    ],
)
def test_a_supplier_is_found_by(cast: Cast, typed: str) -> None:
    Fornecedor.objects.filter(pk=cast.loja.pk).update(nome_fantasia="Mercadao do Povo")
    Grafia.objects.create(fornecedor=cast.loja, nome="Armazém Silva")

    assert list(Fornecedor.objects.search(typed)) == [cast.loja]


@pytest.mark.parametrize(
    "typed", ["", "  ", "%", "_", "odelo", "mo", "12ABC346", "loja outra", "\x00", "' OR 1=1 --", "日本"]
)
def test_a_supplier_is_not_found_by(cast: Cast, typed: str) -> None:
    assert list(Fornecedor.objects.search(typed)) == []


@pytest.mark.parametrize("typed", ["é" * 5000, "b" * 501, f"modelo {'x' * 2047}"])
def test_a_word_longer_than_any_name_finds_nobody(cast: Cast, typed: str) -> None:
    assert list(Fornecedor.objects.some_named(typed, 10)) == []
    assert list(Consumidor.objects.some_named(typed, 10)) == []


def test_a_natural_person_who_supplies_is_found_by_cpf(cast: Cast) -> None:
    person = Fornecedor.objects.create(razao_social="João Pintor", cpf="52998224725")

    assert list(Fornecedor.objects.search("529.982.247-25")) == [person]


@pytest.mark.parametrize("typed", ["111.444.777-35", "11144477735", "ana", "SOUZA Aná", "an", "sou"])
def test_a_consumer_is_found_by(cast: Cast, typed: str) -> None:
    assert list(Consumidor.objects.search(typed)) == [cast.ana]


@pytest.mark.parametrize("typed", ["", "so", "nna", "111.444.777-36", "111", "ana lima"])
def test_a_consumer_is_not_found_by(cast: Cast, typed: str) -> None:
    assert list(Consumidor.objects.search(typed)) == []


def test_a_list_shows_consumers_of_cases_one_may_see(cast: Cast) -> None:
    Consumidor.objects.create(nome="Outra Pessoa")
    _case_of(cast, cast.ana, 1)
    _case_of(cast, cast.ana, 2)

    assert list(Consumidor.objects.visible_to(cast.bruno)) == [cast.ana]
    assert list(Consumidor.objects.visible_to(cast.eva)) == []
    assert Consumidor.objects.visible_to(cast.sistema).count() == 2


def test_an_exact_cpf_finds_a_person_for_any_reader_of_cases(cast: Cast) -> None:
    cast.edu.atribuicoes.update(papel="administrador")

    assert list(Consumidor.objects.with_cpf("111.444.777-35", user=cast.eva)) == [cast.ana]
    assert list(Consumidor.objects.with_cpf("111.444.777-35", user=cast.edu)) == []
    assert list(Consumidor.objects.with_cpf("ana", user=cast.eva)) == []


@pytest.fixture
def _many(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO parties_fornecedor (cnpj, razao_social, nome_fantasia, cep, logradouro, numero, complemento,
                bairro, municipio, uf, cnae, email, telefone, cip_eletronica, a_completar, nome_busca)
            SELECT upper(lpad(to_hex(n), 12, '0')) || '00',
                chr(65 + n % 26) || chr(97 + n / 26 % 26) || substr(md5(n::text), 1, 6)
                    || ' ' || (ARRAY['São João','Boa Vista','Paulista','Aliança'])[1 + n % 4] || ' ' || n || ' Ltda',
                md5((-n)::text), '', '', '', '', '', '', '', '', '', '', false, false, ''
            FROM generate_series(1, 100000) AS n
            """
        )
        # What other tests left waiting there makes the index look dearer than the table: 500 pages are enough.
        cursor.execute("SELECT gin_clean_pending_list('fornecedor_nome_busca')")
        cursor.execute("ANALYZE parties_fornecedor")


@pytest.mark.usefixtures("_many")
def test_a_search_among_a_hundred_thousand_goes_by_index() -> None:
    typed = ("Aliança 5555", "77777", "0000000A", "co", "c", "ço a", "clá", "boa 8", "paulista", "l")
    plans = {text: Fornecedor.objects.search(text)[:20].explain() for text in typed}
    assert [text for text, plan in plans.items() if "Seq Scan" in plan] == []


@pytest.mark.usefixtures("_many")
def test_a_page_of_the_list_by_name_goes_by_index() -> None:
    rows = Fornecedor.objects.standing().annotate(inicio=START)
    later = rows.filter(inicio__gte="m").filter(Q(inicio__gt="m") | Q(inicio="m", id__gt=1))
    plans = [page.order_by(*BY_NAME)[:51].explain() for page in (rows, later)]

    assert ["fornecedor_nome_inicio" in plan and "Seq Scan" not in plan for plan in plans] == [True, True]
