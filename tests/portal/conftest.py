"""A city portal with every scope, another without any tie to it, and the taxonomy that both choose from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from cases.models import CIP, Assunto, Atendimento, Problema, ProblemaDoAssunto
from cases.services import answer_cip, issue_cip, register, send_cip
from hearings.models import Audiencia, Sala
from parties.services import as_stored
from portal.models import ConsumidorDeclarado, Integracao
from portal.scopes import SCOPES
from portal.services import create_integration
from tests.cases.files import PDF
from tests.conftest import NOW, Cast
from tests.portal.receiver import Listener, listen, receiver


@pytest.fixture(autouse=True)
def _own_cache(settings: Any) -> Any:
    """Counts of requests start at nothing, and are nobody else's."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "portal"}}
    cache.clear()


@dataclass
class Program:
    """A client program with its credentials and, once it asked, its token."""

    integracao: Integracao
    secret: str
    token: str = ""

    @property
    def user(self) -> User:
        """In whose name it acts."""
        assert self.integracao.user is not None
        return self.integracao.user

    def ask_token(self, scope: str = "") -> Any:
        """POST /oauth/token/."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.integracao.client_id,
            "client_secret": self.secret,
        } | ({"scope": scope} if scope else {})
        return Client().post("/oauth/token/", form)

    def log_in(self, scope: str = "") -> Program:
        """Get a token and keep it."""
        self.token = self.ask_token(scope).json()["access_token"]
        return self

    def headers(self, extra: dict[str, str]) -> dict[str, str]:
        """The request's headers."""
        return ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | extra

    def get(self, path: str, **headers: str) -> Any:
        """GET under /api/v1."""
        return Client().get(f"/api/v1{path}", headers=self.headers(headers))

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        """A request with a JSON body (bytes go as they are)."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Client().generic(method, f"/api/v1{path}", raw, "application/json", headers=self.headers(headers))

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """POST under /api/v1."""
        return self.send("POST", path, body, **headers)

    def upload(self, path: str, content: bytes = PDF, name: str = "nota.pdf", *, also: Any = (), **headers: str) -> Any:
        """POST one file as a form; `also` are other fields."""
        form = {"arquivo": SimpleUploadedFile(name, content, "application/pdf"), **dict(also)}
        return Client().post(f"/api/v1{path}", form, headers=self.headers(headers))

    def send_raw(self, path: str, raw: bytes, kind: str, **headers: str) -> Any:
        """POST bytes as they are, under this content type."""
        return Client().generic("POST", f"/api/v1{path}", raw, kind, headers=self.headers(headers))


def make_program(cast: Cast, nome: str, *escopos: str) -> Program:
    """An integration of Ana's city; with every scope unless told otherwise."""
    made = create_integration(
        nome=nome, escopos=escopos or list(SCOPES), unidades=[cast.unidade], by=cast.sistema, at=NOW
    )
    return Program(made.integracao, made.client_secret)


@pytest.fixture
def cidade(cast: Cast) -> Program:
    """The city portal, with a token for everything."""
    return make_program(cast, "Portal da cidade").log_in()


@pytest.fixture
def vizinha(cast: Cast) -> Program:
    """Another portal, with a token for everything; it must see nothing of the city's."""
    return make_program(cast, "Portal da vizinha").log_in()


@pytest.fixture
def ninguem(cast: Cast) -> Program:
    """A program without a token."""
    return make_program(cast, "Portal calado")


@pytest.fixture
def subject(db: None) -> Assunto:
    """Assunto 187 with one problem."""
    return make_subject()


def make_subject() -> Assunto:
    """Write assunto 187 and its problem."""
    assunto, _ = Assunto.objects.get_or_create(
        codigo=187, defaults={"area": "Serviços Essenciais", "descricao": "Telefonia Celular"}
    )
    problema, _ = Problema.objects.get_or_create(descricao="Cobrança indevida/abusiva")
    ProblemaDoAssunto.objects.get_or_create(assunto=assunto, problema=problema, defaults={"codigo_sindec": 3746})
    return assunto


def complaint(**changes: Any) -> dict[str, Any]:
    """The contract's example; a value of ... leaves the field out."""
    content: dict[str, Any] = {
        "tipo": "atendimento_preliminar",
        "canal": "portal",
        "consumidor": {
            "nome": "Ana Souza",
            "cpf": "111.444.777-35",
            "nascimento": "1958-04-02",
            "email": "ana@example.org",
            "telefone": "+55 11 91234-5678",
            "endereco": {
                "cep": "08570-000",
                "logradouro": "Rua A",
                "numero": "10",
                "bairro": "Centro",
                "municipio": "3523107",
                "uf": "SP",
            },
        },
        "fornecedores": [{"cnpj": "02.558.157/0001-62"}, {"nome": "Loja Modelo"}],
        "assunto": 187,
        "problema": "Cobrança indevida/abusiva",
        "relato": "Cobraram duas vezes.",
        "pedido": "Devolução em dobro.",
        "valor": "199.90",
        "data_compra": "2026-01-15",
        "protocolo_externo": "PORTAL-1",
    }
    return {name: value for name, value in (content | changes).items() if value is not ...}


def case_of(program: Program, cast: Cast, **changes: Any) -> Atendimento:
    """Ana's case against the shop, registered through this program."""
    content: dict[str, Any] = {
        "tipo": "atendimento_preliminar",
        "canal": "portal",
        "consumidor": cast.ana,
        "fornecedores": [cast.loja],
        "assunto": make_subject(),
        "relato": "Só da cidade.",
    }
    case = register(by=program.user, at=NOW, unidade=cast.unidade, **(content | changes))
    return declared(case)


def declared(case: Atendimento) -> Atendimento:
    """The case, as if its integration had told all that is kept of its consumer."""
    if person := case.consumidor:
        told = {name: getattr(person, name) for name in ("nome", "cpf", "nascimento", "email", "telefone", "cep")}
        ConsumidorDeclarado.objects.create(atendimento=case, dados=as_stored(**told))
    return case


def answered(case: Atendimento, cast: Cast, **answer: Any) -> list[CIP]:
    """A CIP to each supplier of the case, handed over, and answered with the same words."""
    words = {"resposta": "Devolvemos em trinta dias.", "especie": "proposta", "proposta": "R$ 100,00."} | answer
    made = [issue_cip(reclamado=party, by=cast.bruno, at=NOW) for party in case.reclamados.order_by("pk")]
    for cip in made:
        send_cip(cip=cip, meio="em_maos", by=cast.bruno, at=NOW)
        answer_cip(cip=cip, by=cast.bruno, at=NOW, **words)
    return made


@pytest.fixture
def here(settings: Any) -> None:
    """Webhooks may go to this machine."""
    settings.PROCON = {
        **settings.PROCON,
        "WEBHOOKS_PRIVADOS": ["127.0.0.0/8"],
        "SITE": "https://procon.cidade.example.org",
    }


@pytest.fixture
def ouvinte(ninguem: Program, here: None) -> Iterator[Listener]:
    """A portal that is told of everything."""
    with receiver() as server:
        yield listen(ninguem.integracao, server)


def hearing_of(case: Atendimento, conciliador: User) -> Audiencia:
    """A date for the case, as a booking leaves it, far ahead of whatever day the test runs on."""
    start = datetime(2099, 6, 1, 12, tzinfo=UTC)
    room = Sala.objects.create(unidade=case.unidade, nome="Sala 1")
    times = {"inicio": start, "fim": start + timedelta(minutes=30), "agendada_em": start}
    return Audiencia.objects.create(atendimento=case, sala=room, conciliador=conciliador, **times)
