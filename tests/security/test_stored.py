"""A hostile text in every column that takes one, shown on every page and in every file: it stays text.

The names are hostile before anything is done with them, so that letters, messages, calendars and the history carry
them; afterwards every other column of free text is filled, whatever form or service writes it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.test import Client
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import User
from documents.models import Documento
from documents.services import read_pdf
from notifications.models import Mensagem
from parties.models import Consumidor, Fornecedor
from portal.services.following import give_key
from tests.browser import stage
from tests.browsing import logged_in
from tests.conftest import NOW, make_cast
from tests.kept import kept
from tests.security.office import Office, furnish, patterns

#: One worker builds what is looked at, for all who look.
pytestmark = [pytest.mark.xdist_group("stored"), pytest.mark.django_db]
#: Markup that closes an attribute, a template's expression, a formula and the end of a header's or calendar's line.
HOSTILE = "=1+1\"><img src=x onerror=alert(1)>'{{7*7}}\r\nX-Evil: 1"
#: The beginning of a cell that a spreadsheet computes (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")
OURS = {"accounts", "cases", "deadlines", "hearings", "notifications", "parties", "portal", "reports"}
#: What the program writes for itself: keys, digests, places of files, and what a message was made from.
ITS_OWN = {
    "password", "pgh_label", "chave_hash", "codigo_hash", "sha256", "sha256_recebido", "arquivo", "nome_busca", "etapa",
    "tipo", "convite", "documento", "endereco", "secret", "segredo", "client_secret", "client_id", "url",
    "redirect_uris",
}  # fmt: skip


@dataclass
class Tainted:
    """The office, which columns are filled, what its messages said before, and the keys of two parties."""

    office: Office
    filled: list[str]
    letters: list[tuple[str, str]]
    key: str
    code: str


def taint() -> list[str]:
    """Fill every column of free text of every row; those that a rule of the database keeps stay as they are."""
    filled = []
    for model in apps.get_models():
        if model._meta.app_label not in OURS or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if type(field) not in (models.CharField, models.TextField) or field.choices or field.primary_key:
                continue
            if field.name in ITS_OWN:
                continue
            if (field.max_length and field.max_length < len(HOSTILE)) or not model._base_manager.exists():
                continue
            try:
                with transaction.atomic():
                    model._base_manager.update(**{field.attname: HOSTILE})
                filled.append(f"{model._meta.label}.{field.name}")
            except DatabaseError:
                continue
    return filled


@pytest.fixture(scope="module")
def tainted(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Tainted]:
    """The office in which everything that somebody typed is hostile."""
    with kept(django_db_blocker, tmp_path_factory.mktemp("hostil")), time_machine.travel(NOW, tick=False):
        cast = make_cast()
        Consumidor.objects.update(nome=HOSTILE)
        Fornecedor.objects.filter(pk=cast.loja.pk).update(razao_social=HOSTILE)
        User.objects.filter(pk=cast.carla.pk).update(nome=HOSTILE)
        for row in (cast.ana, cast.loja, cast.carla):
            row.refresh_from_db()
        staff = furnish(cast)
        code = stage.mailed_letter(staff, 0, 0)
        office = Office(cast, staff)
        letters = list(Mensagem.objects.values_list("assunto", "corpo"))
        key = give_key(atendimento=office.fill.case, by=staff.clerk, at=NOW)
        yield Tainted(office, taint(), letters, key, code)


def rows_of(answer: Any, body: bytes) -> list[Any]:
    """The cells of a table to download that a spreadsheet would compute."""
    if answer.headers["Content-Type"].startswith("text/csv"):
        rows = csv.reader(StringIO(body.decode("utf-8-sig")), delimiter=";")
        return [cell for row in rows for cell in row if cell.startswith(FORMULA)]
    book = load_workbook(BytesIO(body))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    return [cell.value for cell in cells if cell.data_type == "f"]  # a cell of text is never computed


def shown(client: Client, path: str) -> tuple[Any, bytes]:
    """The answer to a reading, and all of it."""
    with transaction.atomic():
        answer: Any = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        for close in answer._resource_closers:  # its own close() would end the test's connection, too
            close()
        transaction.set_rollback(True)
    return answer, body


def wrong(answer: Any, body: bytes) -> list[str]:
    """What a browser, a spreadsheet or a calendar would take for more than text."""
    kind, found = answer.headers.get("Content-Type", ""), []
    if answer.status_code >= 500 or "X-Evil" in answer.headers:
        found.append(f"{answer.status_code} {dict(answer.headers)}")
    if kind.startswith("text/html") and b"<img src=x" in body:
        found.append(body[body.index(b"<img src=x") - 100 :][:200].decode(errors="ignore"))
    if kind.startswith("text/csv") or "spreadsheet" in kind:
        found += [f"formula: {cell}" for cell in rows_of(answer, body)]
    if kind.startswith("text/calendar"):
        read = Calendar.from_ical(body)
        found += [name for part in read.walk() for name in part if name.upper() == "X-EVIL"]
    return found


#: Who is shown it, and on how many pages at least the text stands, as text.
SHOWN = {"Zilda": 60, "nobody": 1, "the consumer": 1, "the supplier": 1}


@pytest.mark.parametrize("who", SHOWN)
def test_every_page_and_file_shows_it_as_text(tainted: Tainted, who: str) -> None:
    office, paths = tainted.office, [tainted.office.fill(pattern) for name, pattern in patterns() if name != "readyz"]
    client = Client(raise_request_exception=False)
    if who == "Zilda":
        client = logged_in(User.objects.get(pk=office.staff.clerk.pk))
        client.raise_request_exception = False
        paths += [
            f"{path}?formato={kind}" for path in paths if path.startswith("/relatorios/") for kind in ("csv", "xlsx")
        ]
        paths += [f"/busca/{word}/" for word in ("img", "35.001.001.26-0000001")]
    elif who == "the consumer":
        case = office.fill.case
        client.post("/publico/acompanhamento/", {"protocolo": case.protocolo, "chave": tainted.key})
        paths = [f"/publico/acompanhamento/caso/{part}" for part in ("", f"audiencias/{office.fill.hearing.pk}.ics")]
    elif who == "the supplier":
        client.post("/publico/fornecedor/", {"codigo": tainted.code})
        paths = ["/publico/fornecedor/cip/"]
    found, as_text = {}, 0
    for path in paths:
        answer, body = shown(client, path)
        as_text += b"&lt;img src=x" in body
        if bad := wrong(answer, body):
            found[path] = bad
    assert found == {}
    assert as_text >= SHOWN[who]


def test_most_columns_were_filled(tainted: Tainted) -> None:
    assert {
        "cases.Atendimento.relato", "cases.Atendimento.pedido", "cases.Contato.relato", "cases.CIP.resposta",
        "cases.Acordo.texto", "cases.TextoPadrao.titulo", "cases.TextoPadrao.texto", "cases.Anexo.nome",
        "cases.Recurso.texto", "cases.SolicitacaoDoTitular.texto", "parties.Consumidor.nome",
        "parties.Consumidor.logradouro", "parties.Fornecedor.razao_social", "parties.Fornecedor.nome_fantasia",
        "parties.Grafia.nome", "parties.ContatoDeFornecedor.nome", "hearings.Sala.nome", "hearings.Ausencia.motivo",
        "hearings.PedidoDeRemarcacao.motivo", "deadlines.Feriado.nome", "accounts.Unidade.nome", "accounts.User.nome",
        "notifications.Mensagem.assunto", "notifications.Mensagem.corpo", "portal.Integracao.name",
    } <= set(tainted.filled)  # fmt: skip
    assert len(tainted.filled) > 100


def test_letters_keep_it_as_text(tainted: Tainted) -> None:
    texts = {}
    for row in Documento.objects.order_by("tipo", "pk").distinct("tipo"):
        pages = PdfReader(BytesIO(read_pdf(row))).pages
        texts[row.tipo] = "".join(page.extract_text() for page in pages).replace("\n", "")
    assert {tipo for tipo, text in texts.items() if "{{7*7}}" in text and "<img" in text} == set(texts)


def test_a_message_has_one_subject_and_plain_text(tainted: Tainted) -> None:
    carried = [body for _, body in tainted.letters if "{{7*7}}" in body]
    assert [subject for subject, _ in tainted.letters if "\n" in subject or "\r" in subject] == []
    assert len(carried) > 1
