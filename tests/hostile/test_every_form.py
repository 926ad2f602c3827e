"""Every form of every page, filled in by somebody hostile: never a 500, and a refusal writes nothing.

The forms are not listed here: the test walks from the home page along the links, as each person, and takes the forms
that it meets. A new page is tested as soon as a link leads to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Atribuicao, Papel
from cases.models import Assunto, Problema, ProblemaDoAssunto
from cases.services import acknowledge_cip, answer_cip, close_case, issue_cip, open_reclamacao, register, send_cip
from hearings.models import Sala
from hearings.services import announce, schedule
from portal.conf import LIMITS
from tests.browsing import logged_in
from tests.conftest import NOW, Cast, make_cast
from tests.hearings.conftest import moment
from tests.hostile.forms import Page, PageForm
from tests.kept import kept

#: One worker builds the office and walks it, for all who walk.
pytestmark = [pytest.mark.xdist_group("every_form"), pytest.mark.django_db]
#: Where a form goes, and the names of its fields: two pages that show the same form show it once.
Kind = tuple[str, frozenset[str]]
#: How many pages of one address name are opened; the case page stands in several states.
PAGES_PER_NAME = 7
#: Addresses whose effect is to end the walk itself.
LEFT_OUT = {"sair"}
#: What an answer may be: done, shown again with the refusal, forbidden, not there, wrong method, stale, too large.
LAWFUL = {200, 201, 204, 302, 303, 400, 403, 404, 405, 409, 413, 415, 422, 429}
#: A refusal says no by one of these; then nothing may have been written.
REFUSED = {400, 403, 404, 405, 409, 413, 415, 422, 429}
#: What is written down even of a request that is refused: who read what, how often somebody tried.
KEPT_OF_A_REFUSAL = {"access_registrodeacesso", "access_sessao", "axes_accessattempt", "workflow_leitura"}

hostile_text = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "",
            " ",
            "\0",
            "a\0b",
            "9" * 400,
            "-1",
            "0",
            "1e309",
            "NaN",
            "Infinity",
            "2026-02-30",
            "0001-01-01",
            "9999-12-31",
            "31/12/9999",
            "25:61",
            "'; DROP TABLE cases_cip; --",
            "<script>alert(1)</script>",
            "{{ 7 }}",
            "{nome}",
            "%s%n",
            "\u202e\u200f",
            "é" * 5000,
            "111.444.777-35",
            "12ABC34501DE35",
            "99999999999999999999",
            "../../etc/passwd",
            "javascript:alert(1)",
            "true",
            "[]",
            "{}",
            "😀" * 300,
            "\ud7ff\ue000",
            "1,5",
            "1.000.000,00",
            "-0,01",
        ]
    ),
)


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """The office, in a transaction that ends with the module; each attack takes back what it wrote."""
    with kept(django_db_blocker, tmp_path_factory.mktemp("hostil")), pytest.MonkeyPatch.context() as patch:
        for kind in LIMITS:  # nobody fills in so many forms in a minute; who is told to wait, tries nothing
            patch.setitem(LIMITS, kind, 1_000_000)
        yield _furnished(make_cast())


def _furnished(cast: Cast) -> Cast:
    """Cases in every state, a hearing, and somebody who holds every papel beside the others."""
    for papel in Papel.values:
        if papel not in (Papel.SISTEMA, Papel.INTEGRACAO):
            Atribuicao.objects.get_or_create(user=cast.dora, unidade=cast.unidade, papel=papel)
    call_command("carregar_calendario", verbosity=0)
    subject = Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")
    problem = Problema.objects.create(descricao="Cobrança indevida")
    ProblemaDoAssunto.objects.create(assunto=subject, problema=problem, frequencia=3)

    def case(*suppliers: Any) -> Any:
        return register(
            by=cast.bruno,
            at=NOW - timedelta(days=2),
            unidade=cast.unidade,
            tipo="atendimento_preliminar",
            canal="pessoal",
            consumidor=cast.ana,
            fornecedores=suppliers or (cast.loja,),
            assunto=subject,
            problema=problem,
            relato="Cobraram duas vezes.",
            pedido="Devolução.",
        )

    def letter(waiting: Any) -> Any:
        cip = issue_cip(reclamado=waiting.reclamados.first(), by=cast.bruno, at=NOW - timedelta(days=2))
        send_cip(cip=cip, meio="email", by=cast.bruno, at=NOW - timedelta(days=2))
        return acknowledge_cip(cip=cip, on=date(2026, 3, 2), by=cast.bruno, at=NOW)

    case(cast.loja, cast.banco)
    letter(case())
    answered = letter(case())
    answer_cip(cip=answered, resposta="Devolvemos.", by=cast.bruno, at=NOW)
    open_reclamacao(atendimento=case(), by=cast.bruno, at=NOW, motivo="Sem solução.")
    close_case(atendimento=case(), desfecho="orientado", by=cast.bruno, at=NOW)
    heard = open_reclamacao(atendimento=case(), by=cast.bruno, at=NOW, motivo="Sem solução.").atendimento
    hearing = schedule(
        atendimento=heard,
        reclamados=list(heard.reclamados.all()),
        conciliador=cast.carla,
        inicio=moment("10:00"),
        sala=Sala.objects.create(unidade=cast.unidade, nome="Sala 1"),
        modalidade="presencial",
        by=cast.bruno,
        at=NOW,
    )
    announce(audiencias=[hearing], by=cast.bruno, at=NOW)
    return cast


def _name(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def _walk(client: Client, *starts: str) -> dict[Kind, PageForm]:
    """Every form that links lead to, once per address name and set of fields."""
    waiting, seen, opened = list(starts), set(starts), Counter[str]()
    found: dict[Kind, PageForm] = {}
    while waiting:
        address = waiting.pop(0)
        name = _name(address)
        if not name or name in LEFT_OUT or opened[name] >= PAGES_PER_NAME:
            continue
        opened[name] += 1
        answer = client.get(address)
        assert answer.status_code in LAWFUL, (address, answer.status_code)
        _close_files(answer)
        if answer.status_code != 200 or answer.streaming or "text/html" not in answer["Content-Type"]:
            continue
        page = Page(answer.content.decode(), address)
        for form in page.forms:
            if _name(form.action) not in LEFT_OUT:
                found.setdefault((f"{form.method} {_name(form.action)}", frozenset(form.values | form.offered)), form)
        fresh = [link for link in page.links if link not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return found


def _close_files(answer: Any) -> None:
    """What the server does after sending a file; `answer.close()` would close the database's connection too."""
    for close in answer._resource_closers:
        close()


def _fingerprint() -> dict[str, int]:
    """A number for what every table holds."""
    tables = [name for name in connection.introspection.table_names() if name not in KEPT_OF_A_REFUSAL]
    parts = [f"SELECT '{name}', coalesce(sum(hashtextextended(t::text, 0)), 0) FROM \"{name}\" t" for name in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def _writes() -> int:
    """How many rows this connection's transaction wrote so far, those that a savepoint took back included.

    It is cheap, and where it stands still nothing was written: only then are the tables themselves not compared.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_xact_user_tables "
            "WHERE relname <> ALL(%s)",
            [list(KEPT_OF_A_REFUSAL)],
        )
        return int(cursor.fetchone()[0])


def _filled(draw: Any, form: PageForm) -> dict[str, Any]:
    """The form as it stands, or as it offers, with some fields made hostile."""
    sent: dict[str, Any] = {}
    for name in sorted(form.values | form.offered):
        if name == "csrfmiddlewaretoken":
            continue
        usual = st.just(form.values.get(name, []))
        choices = [st.lists(st.sampled_from(form.offered[name]), max_size=2)] if form.offered.get(name) else []
        sent[name] = draw(st.one_of(usual, *choices, st.lists(hostile_text, min_size=1, max_size=2)))
    for name in form.files:
        content = draw(st.sampled_from([b"", b"\x00" * 50, b"%PDF-1.7\n%%EOF", b"\xff\xd8\xff\xe0", b"MZ", b"GIF89a"]))
        sent[name] = [SimpleUploadedFile(draw(st.sampled_from(["a.pdf", "..\\x.exe", "é.jpg", "x" * 200])), content)]
    return sent


def _sent(client: Client, form: PageForm, sent: dict[str, Any]) -> Any:
    answer = client.get(form.action, sent) if form.method == "get" else client.post(form.action, sent)
    _close_files(answer)
    return answer


def _never_breaks(client: Client, form: PageForm, clean: dict[str, int]) -> None:
    client.raise_request_exception = False

    @settings(
        max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None,
        phases=[Phase.generate],  # the first that breaks is told as it is: to shrink it takes minutes
    )  # fmt: skip
    @given(st.data())
    def attack(data: st.DataObject) -> None:
        sent = _filled(data.draw, form)
        with transaction.atomic():
            before = _writes()
            answer = _sent(client, form, sent)
            assert answer.status_code in LAWFUL, (form.action, answer.status_code, sent)
            if answer.status_code in REFUSED and _writes() != before:
                assert _fingerprint() == clean, (form.action, answer.status_code, sent)
            transaction.set_rollback(True)

    attack()


@pytest.mark.parametrize("who", ["dora", "bruno", "nobody"])
def test_no_form_breaks_or_half_writes(who: str, office: Cast) -> None:
    supplier = ["/publico/fornecedor/", "/publico/fornecedor/caixa/", "/publico/fornecedor/caixa/entrar/x/"]
    public = ["/publico/documentos/", "/entrar/", *supplier]
    client = Client() if who == "nobody" else logged_in(getattr(office, who))
    found = _walk(client, *(public if who == "nobody" else ["/", "/atendimentos/novo/"]))
    assert len(found) >= {"dora": 20, "bruno": 15, "nobody": 5}[who], sorted(name for name, _ in found)
    clean = _fingerprint()
    for form in found.values():
        _never_breaks(client, form, clean)
