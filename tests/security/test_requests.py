"""What a request may carry beyond what the page asks: no token, another's address, a path, a field too many."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Atribuicao, Papel, User
from cases.models import Assunto, Atendimento
from procon.environment import BASE_DIR
from tests.browsing import logged_in
from tests.conftest import Cast
from tests.procon.test_headers import addresses, filled

pytestmark = pytest.mark.django_db
#: Machines show a token of their own (OAuth 2), which no browser sends by itself.
BY_TOKEN = ("/oauth/token/", "/api/v1/")
AWAY = "https://evil.example/"
#: The name of another host without a scheme, and the end of a header's line.
SPLIT = "//evil.example/\r\nX-Evil: 1"
#: Pages that lead on to another by themselves, also when they are only opened.
DOORS = ("/entrar/", "/conta/", "/senha/", "/identidade/", "/publico/", "/audiencias/parte/")
#: Ways out of a folder: as they are, encoded once and twice, as Windows writes them, cut short by a null.
OUT = (
    "../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "..%252f..%252fetc%252fpasswd",
    "..%5c..%5cmanage.py", "%2fetc%2fpasswd", "manage.py%00.pdf",
)  # fmt: skip
#: Which modules speak to another machine; each address is the office's own setting, or checked before each call.
#: The last one asks the office itself whether it is ready.
OUTGOING = {"notifications/transport/gateway.py", "portal/transport.py", "procon/run.py"}


def everything(cast: Cast) -> User:
    """Dora with every papel."""
    for papel in Papel:
        cast.dora.atribuicoes.get_or_create(unidade=cast.unidade, papel=papel)
    return User.objects.get(pk=cast.dora.pk)


def asked(client: Client, method: str, path: str, *values: Any, **how: Any) -> Any:
    """The answer; whatever it wrote is taken back."""
    with transaction.atomic():
        answer: Any = getattr(client, method)(path, *values, **how)
        answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        for close in answer._resource_closers:  # its own close() would end the test's connection, too
            close()
        transaction.set_rollback(True)
    return answer


def inside(cast: Cast, **how: Any) -> Client:
    """A browser in which Dora, with every papel, is logged in."""
    client = Client(raise_request_exception=False, **how)
    client.cookies = logged_in(everything(cast)).cookies
    return client


def paths() -> list[str]:
    """Every address; the library's own patterns are filled as ours."""
    patterns = (re.sub(r"\(\?P<\w+>[^)]*\)", "x", pattern) for pattern in addresses())
    return list(dict.fromkeys(map(filled, patterns)))


def test_no_form_is_taken_without_its_token(cast: Cast) -> None:
    client = inside(cast, enforce_csrf_checks=True)
    taken = {path for path in paths() if asked(client, "post", path).status_code != 403}
    assert [path for path in taken if not path.startswith(BY_TOKEN)] == []


def test_the_log_in_of_a_browser_is_worth_nothing_to_the_api(cast: Cast) -> None:
    client = inside(cast, enforce_csrf_checks=True)
    statuses = {asked(client, "post", path).status_code for path in paths() if path.startswith(BY_TOKEN)}
    assert statuses <= {400, 401, 403, 404, 405, 415}


@pytest.mark.parametrize("who", ["nobody", "dora"])
def test_no_address_leads_away(cast: Cast, who: str) -> None:
    client, found = inside(cast) if who == "dora" else Client(raise_request_exception=False), {}
    told = dict.fromkeys(("next", "voltar", "volta", "url", "redirect_to", "continue"), AWAY)
    split = urlencode(dict.fromkeys(told, SPLIT))
    headers = {"Referer": AWAY, "HX-Current-URL": AWAY}
    for path in paths():
        answers = [asked(client, "post", f"{path}?{split}", told, headers=headers)]
        if who == "nobody" or path.startswith(DOORS):
            answers += [asked(client, "get", f"{path}?{split}", headers=headers)]
        for answer in answers:
            where = answer.headers.get("Location", "") + answer.headers.get("HX-Redirect", "")
            links = re.findall(rb'(?:href|action|src)="(?:https?:)?//evil', answer.body)
            broken = answer.status_code >= 500 and path != "/readyz"  # it names the parts that are down
            if urlsplit(where).netloc or links or "X-Evil" in answer.headers or broken:
                found[path] = (answer.status_code, where, links)
    assert found == {}


def test_a_refusal_leads_back_to_a_page_of_ours_only(cast: Cast) -> None:
    carla, ours = logged_in(cast.carla), "http://testserver/atendimentos/"
    pages = {told: carla.get("/atendimentos/novo/", headers={"Referer": told}) for told in (AWAY, ours)}
    assert [answer.status_code for answer in pages.values()] == [409, 409]
    assert [f'href="{told}"' in answer.content.decode() for told, answer in pages.items()] == [False, True]


def test_no_name_leads_out_of_its_folder(cast: Cast) -> None:
    client, found = inside(cast), {}
    heads = {re.split(r"<(?:str|slug):\w+>", path)[0] for path in addresses() if re.search(r"<(str|slug):", path)}
    heads = {filled(head) for head in heads} | {"/static/", "/media/", "/atendimentos/anexos/", "/"}
    for head in sorted(heads):
        for way in OUT:
            answer = asked(client, "get", f"{head}{way}")
            if b"root:" in answer.body or b"DJANGO_SETTINGS_MODULE" in answer.body or answer.status_code >= 500:
                found[f"{head}{way}"] = answer.status_code
    assert len(heads) > 15
    assert found == {}


def test_what_speaks_to_other_machines_is_known() -> None:
    speaks = re.compile(r"^\s*(?:import|from) (?:http\.client|urllib\.request|httpx|requests|aiohttp|urllib3)\b", re.M)
    ours = [path for folder in BASE_DIR.iterdir() if (folder / "apps.py").exists() for path in folder.rglob("*.py")]
    assert {str(path.relative_to(BASE_DIR)) for path in ours if speaks.search(path.read_text())} == OUTGOING


def test_a_registration_takes_nothing_that_its_page_does_not_ask(cast: Cast) -> None:
    Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")
    asked_for = {
        "tipo": "atendimento_preliminar", "canal": "pessoal", "unidade": cast.unidade.pk, "nome": "Ana Souza",
        "cpf": "111.444.777-35", "fornecedores": [cast.loja.pk], "assunto": "Telefonia Celular (187)",
        "relato": "Cobraram duas vezes.", "pedido": "Devolução.",
    }  # fmt: skip
    extra = {
        "status": "encerrado", "desfecho": "acordo", "protocolo": "35.001.001.26-9999999", "id": 77, "pk": 77,
        "unidade_id": cast.outra.pk, "criado_por": cast.eva.pk, "atendente": cast.eva.pk, "encerrado_em": "2020-01-01",
        "consumidor": 1, "consumidor_id": 1, "integracao": 1, "prioridade": "oitenta", "versao": 9,
    }  # fmt: skip
    answer = logged_in(cast.bruno).post("/atendimentos/novo/", asked_for | extra)
    made = Atendimento.objects.get()
    assert (answer.status_code, made.status, made.desfecho, made.unidade) == (302, "aberto", "", cast.unidade)
    assert (made.protocolo[-8:], made.consumidor, made.atendente, made.integracao) == (
        "-0000001", cast.ana, cast.bruno, None,
    )  # fmt: skip


def test_a_correction_of_a_user_gives_no_papel_and_no_password(cast: Cast) -> None:
    boss = User.objects.create_user("chefe", "senha-de-teste-1", nome="Chefe")
    Atribuicao.objects.create(user=boss, unidade=cast.unidade, papel=Papel.ADMINISTRADOR)
    before = User.objects.filter(pk=cast.bruno.pk).values("usuario", "password", "is_active").get()
    extra = {
        "is_active": "", "is_superuser": "on", "is_staff": "on", "papeis": ["administrador"], "password": "x",
        "usuario": "outro", "unidade": cast.outra.pk, "id": cast.dora.pk,
    }  # fmt: skip
    answer = logged_in(boss).post(
        f"/cadastros/usuarios/{cast.bruno.pk}/corrigir/", {"nome": "Bruno Lima", "email": "b@example.org"} | extra
    )
    bruno = User.objects.get(pk=cast.bruno.pk)
    assert (answer.status_code, bruno.nome) == (302, "Bruno Lima")
    assert {name: getattr(bruno, name) for name in before} == before
    assert list(bruno.atribuicoes.values_list("unidade", "papel")) == [(cast.unidade.pk, "atendente")]
    assert User.objects.get(pk=cast.dora.pk).nome == "Dora Coordenadora"


@pytest.mark.parametrize(
    "path",
    [
        "/atendimentos/exportar/?status=", "/atendimentos/exportar/xlsx/?status=",
        "/atendimentos/acordos/exportar/?quando=", "/atendimentos/triagem/painel/?unidade=",
    ],
)  # fmt: skip
def test_a_null_in_an_address_is_no_error_of_ours(cast: Cast, path: str) -> None:
    """Found by the scanner: what an address is filtered by is compared with a column, or written into the log."""
    assert asked(inside(cast), "get", f"{path}nada%00").status_code in {200, 404}
