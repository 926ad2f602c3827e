"""When retention ends nobody can be named any more, and every total is what it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import Papel, User
from cases import storage
from cases.models import CIP, Anexo, Anonimizacao, Atendimento, PerfilAnonimo, PrazoDeGuarda, Rascunho
from cases.rules.privacy import age_bracket, kept_since
from cases.services import attach, close_case, issue_espelho, record_contact
from cases.services.drafts import forget_drafts_about, save_draft
from cases.services.privacy import personal_data, register_request
from cases.services.retention import anonymise, change_retention, due
from cases.services.timeline import version_of
from documents.models import Documento
from documents.services import read_pdf, unreadable
from documents.storage import path_of
from parties.models import Consumidor
from portal.models import ConsumidorDeclarado
from reports.balance import balance
from reports.period import read_period
from tests.browsing import logged_in
from tests.cases.files import uploaded
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.selfcheck import broken_links

Make = Callable[..., Atendimento]
LATER = NOW + timedelta(days=6 * 366)
YEAR = read_period(2026, today=date(2026, 12, 31))
#: Nothing of Ana may be found anywhere afterwards.
WORDS = (
    "Ana Souza",
    "Ana S.",
    "11144477735",
    "ana@example.org",
    "11999990000",
    "Cobraram",
    "Rua das Flores",
    "Mora só",
)


@pytest.fixture
def gil(cast: Cast) -> User:
    """Gil is the encarregado."""
    person = User.objects.create_user("gil", "senha-de-teste-1", nome="Gil Encarregado")
    person.atribuicoes.create(unidade=cast.unidade, papel=Papel.ENCARREGADO)
    for tipo in ("atendimento_preliminar", "simples_consulta"):
        PrazoDeGuarda.objects.update_or_create(tipo=tipo, defaults={"anos": 5, "fonte": "CDC, art. 27"})
    return person


@pytest.fixture
def closed(cast: Cast, gil: User, ap: Make, running_cip: Callable[..., CIP], settings, tmp_path: Path) -> Atendimento:
    """Ana's closed case with a letter, an espelho, a call and an attachment; and Ana with all her data."""
    settings.MEDIA_ROOT = tmp_path
    Consumidor.objects.filter(pk=cast.ana.pk).update(
        nascimento=date(1990, 5, 1),
        sexo="F",
        telefone="11999990000",
        logradouro="Rua das Flores",
        bairro="Centro",
        nome_social="Ana S.",
        prioridades=["pcd"],
    )
    cast.ana.refresh_from_db()
    case = ap()
    party = case.reclamados.get()
    running_cip(party)
    record_contact(reclamado=party, resultado="nao_resolvido", relato="Mora só.", by=cast.bruno, at=NOW)
    issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    attach(atendimento=case, arquivo=uploaded(), nome="Ana S. rg.pdf", origem="consumidor", by=cast.bruno, at=NOW)
    ConsumidorDeclarado.objects.create(atendimento=case, dados={"nome": "Ana S.", "logradouro": "Rua das Flores"})
    case.refresh_from_db()
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)
    return case


def everything() -> str:
    """Every row of every table of ours, as text, but the chained history and the log of mails."""
    told = []
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in {"sessions", "contenttypes"}:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT coalesce(string_agg(to_jsonb(t)::text, ' '), '') FROM \"{model._meta.db_table}\" t"
                )
                told += [row[0] for row in cursor.fetchall()]
    return " ".join(told)


def test_nothing_names_the_person_any_more(
    cast: Cast, gil: User, closed: Atendimento, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    before = everything()
    assert [word for word in WORDS if word not in before] == []
    files = [path_of(letter.arquivo) for letter in Documento.objects.all()]
    files += [storage.path_of(item.arquivo) for item in Anexo.objects.all()]

    with django_capture_on_commit_callbacks(execute=True):
        anonymise(consumidor=cast.ana, by=gil, at=LATER)

    after = everything()
    assert [word for word in WORDS if word in after] == []
    assert [path for path in files if path.exists()] == []
    assert list(broken_links()) == []
    assert list(unreadable()) == []


def test_sex_district_and_age_bracket_stay(cast: Cast, gil: User, closed: Atendimento) -> None:
    anonymise(consumidor=cast.ana, by=gil, at=LATER)
    cast.ana.refresh_from_db()
    assert (cast.ana.sexo, cast.ana.bairro, cast.ana.nascimento, cast.ana.cpf) == ("F", "Centro", None, None)
    assert cast.ana.prioridades == []
    assert PerfilAnonimo.objects.get().faixa_etaria == "31 a 40"
    assert Anonimizacao.objects.get().feita_por == gil


def test_every_total_is_what_it_was(cast: Cast, gil: User, closed: Atendimento, ap: Make) -> None:
    ap(cast.banco)
    Atendimento.objects.exclude(pk=closed.pk).update(consumidor=Consumidor.objects.create(nome="Beto Lima"))
    before = balance(YEAR)
    anonymise(consumidor=cast.ana, by=gil, at=LATER)
    assert balance(YEAR) == before
    assert before.por_tipo["atendimento_preliminar"] == 2


def test_a_letter_keeps_its_hash_and_says_what_became_of_it(cast: Cast, gil: User, closed: Atendimento) -> None:
    hashes = list(Documento.objects.order_by("pk").values_list("codigo", "sha256"))
    anonymise(consumidor=cast.ana, by=gil, at=LATER)
    assert list(Documento.objects.order_by("pk").values_list("codigo", "sha256")) == hashes
    with pytest.raises(ActNotAllowed, match="foi eliminado ao fim do prazo de guarda"):
        read_pdf(Documento.objects.first())


def test_a_file_that_another_case_also_has_stays(
    cast: Cast, gil: User, closed: Atendimento, ap: Make, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    other = ap(cast.banco)
    Atendimento.objects.filter(pk=other.pk).update(consumidor=Consumidor.objects.create(nome="Beto Lima"))
    kept = attach(atendimento=other, arquivo=uploaded(), nome="a.pdf", origem="balcao", by=cast.bruno, at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        anonymise(consumidor=cast.ana, by=gil, at=LATER)
    assert list(storage.names()) == [kept.arquivo]


def test_somebody_elses_data_stay(cast: Cast, gil: User, closed: Atendimento, ap: Make) -> None:
    beto = Consumidor.objects.create(nome="Beto Lima", cpf="52998224725")
    Atendimento.objects.filter(pk=ap().pk).update(consumidor=beto, refere_a=closed, relato="De Beto.")
    version_of(Atendimento)._base_manager.all().delete()  # it was Ana's case a moment ago
    before = personal_data(beto)
    anonymise(consumidor=cast.ana, by=gil, at=LATER)
    assert json.dumps(personal_data(beto)) == json.dumps(before)


@pytest.mark.parametrize(
    ("at", "is_due"),
    [
        (NOW, False),
        (NOW.replace(year=2031), False),  # five years to the day: Tuesday 4 March 2031
        (NOW.replace(year=2031, day=5), True),
    ],
)
def test_due_when_the_years_have_passed(cast: Cast, gil: User, closed: Atendimento, at: datetime, is_due: bool) -> None:
    assert due(today=at.date()).filter(pk=cast.ana.pk).exists() == is_due


def test_an_open_case_keeps_the_person(cast: Cast, gil: User, closed: Atendimento, ap: Make) -> None:
    ap(cast.banco)
    with pytest.raises(ActNotAllowed, match="O prazo de guarda desta pessoa não terminou"):
        anonymise(consumidor=cast.ana, by=gil, at=LATER)


def test_a_request_that_waits_keeps_the_person(cast: Cast, gil: User, closed: Atendimento) -> None:
    register_request(
        consumidor=cast.ana,
        solicitante="Ana",
        pedido="acesso",
        texto="O que têm?",
        recebida_em=NOW.date(),
        by=gil,
        at=NOW,
    )
    assert not due(today=LATER.date()).exists()


def test_a_person_without_a_case_is_not_on_the_list(cast: Cast, gil: User) -> None:
    assert not due(today=LATER.date()).exists()


def test_twice_is_refused(cast: Cast, gil: User, closed: Atendimento) -> None:
    anonymise(consumidor=cast.ana, by=gil, at=LATER)
    with pytest.raises(ActNotAllowed, match="ou ela já foi anonimizada"):
        anonymise(consumidor=cast.ana, by=gil, at=LATER)


def test_only_the_encarregado(cast: Cast, gil: User, closed: Atendimento) -> None:
    with pytest.raises(ActNotAllowed, match="Isto cabe ao Encarregado de dados"):
        anonymise(consumidor=cast.ana, by=cast.dora, at=LATER)


def test_a_term_needs_its_norm_and_sane_years(gil: User) -> None:
    assert change_retention(tipo="calculo", anos=2, fonte="Decreto local", by=gil).anos == 2
    with pytest.raises(ContentRefused, match="Escreva a norma"):
        change_retention(tipo="calculo", anos=2, fonte=" ", by=gil)
    with pytest.raises(ActNotAllowed, match="vai de 1 a 100 anos"):
        change_retention(tipo="calculo", anos=0, fonte="Decreto", by=gil)


def test_by_page(cast: Cast, gil: User, closed: Atendimento) -> None:
    Atendimento.objects.filter(pk=closed.pk).update(encerrado_em=NOW - timedelta(days=6 * 366))
    client = logged_in(gil)
    assert "Ana S." in client.get("/privacidade/anonimizacao/").content.decode()
    done = client.post("/privacidade/anonimizacao/executar/", {"pessoa": [cast.ana.pk, "x", "9" * 30]})
    assert (done.status_code, Anonimizacao.objects.count()) == (302, 1)
    page = client.get("/privacidade/anonimizacao/").content.decode()
    assert ("1 pessoa anonimizada." in page, "Ninguém passou do prazo de guarda." in page) == (True, True)
    given = {"tipo": "calculo", "anos": "7", "fonte": "Decreto local"}
    tried = (given, {**given, "anos": "0"})
    codes = [client.post("/privacidade/anonimizacao/prazos/", data).status_code for data in tried]
    assert (codes, PrazoDeGuarda.objects.get(tipo="calculo").anos) == ([302, 422], 7)


def test_the_pages_are_the_encarregados(cast: Cast, gil: User, closed: Atendimento) -> None:
    dora = logged_in(cast.dora)
    codes = [
        dora.get("/privacidade/anonimizacao/").status_code,
        dora.post("/privacidade/anonimizacao/executar/", {"pessoa": [cast.ana.pk]}).status_code,
        dora.post("/privacidade/anonimizacao/prazos/").status_code,
    ]
    assert codes == [404, 404, 404]


@pytest.mark.parametrize(
    ("born", "on", "bracket"),
    [
        (None, date(2026, 3, 4), "não informada"),
        (date(2005, 3, 5), date(2026, 3, 4), "até 20"),  # twenty until tomorrow
        (date(2005, 3, 4), date(2026, 3, 4), "21 a 30"),
        (date(1955, 3, 4), date(2026, 3, 4), "mais de 70"),
        (date(1955, 3, 5), date(2026, 3, 4), "61 a 70"),
    ],
)
def test_age_brackets(born: date | None, on: date, bracket: str) -> None:
    assert age_bracket(born, on) == bracket


def test_kept_since() -> None:
    assert kept_since(date(2031, 3, 5), 5) == date(2026, 3, 5)
    assert kept_since(date(2028, 2, 29), 5) == date(2023, 2, 28)


DRAFTS = [
    ({"cpf": ["111.444.777-35"]}, True),
    ({"relato": ["O CPF dela é 111 444 777-35, disse."]}, True),
    ({"relato": ["Veio a sra. ANA SOUZA, de novo."]}, True),
    ({"relato": ["Veio a Mariana Souza."]}, False),
    ({"relato": ["Contrato 9111444777351."]}, True),  # rather one draft too many than one CPF left
    ({"nome": ["Ana Lima"], "cpf": ["529.982.247-25"]}, False),
]


@pytest.mark.parametrize(("dados", "gone"), DRAFTS)
def test_drafts_about_the_person_go_with_them(cast: Cast, gil: User, dados: dict[str, list[str]], gone: bool) -> None:
    save_draft(envio=UUID(int=1), dados=dados, by=cast.dora, at=NOW)
    assert (forget_drafts_about(cast.ana), Rascunho.objects.count()) == ((1, 0) if gone else (0, 1))


def test_anonymising_deletes_the_drafts(cast: Cast, gil: User, ap: Make) -> None:
    close_case(atendimento=ap(), desfecho="desistencia", motivo="Desistiu.", by=cast.bruno, at=NOW)
    save_draft(envio=UUID(int=1), dados={"nome": ["Ana Souza"]}, by=cast.dora, at=LATER)
    anonymise(consumidor=cast.ana, by=gil, at=LATER)
    assert Rascunho.objects.count() == 0
