"""Coming in by OpenID Connect, against a provider that runs here: staff with an account, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from access.models import RegistroDeAcesso
from accounts.models import User
from cases.models import Atendimento
from cases.services import register
from parties.models import Consumidor
from tests.access.conftest import code, enrolled
from tests.conftest import NOW, Cast
from tests.procon.openid import CLIENT, SECRET, Provider, provider


@pytest.fixture
def outside(settings: Any) -> Iterator[Provider]:
    """The provider, for both entrances."""
    with provider() as running:
        apps = [
            {
                "provider_id": name,
                "name": name,
                "client_id": CLIENT,
                "secret": SECRET,
                "settings": {"server_url": running.url, "oauth_pkce_enabled": True},
            }
            for name in ("govbr", "equipe")
        ]
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps}}
        settings.PROCON = {**configured.PROCON, "EQUIPE": running.url, "GOVBR": running.url}
        yield running


def come_in(browser: Client, name: str, *, meanwhile: Callable[[str], str] = str, **form: str) -> Any:
    """Press the button, be led to the provider and back; `meanwhile` may change the address of the way back."""
    there = browser.post(f"/identidade/{name}/login/", form)["Location"]
    back = urlsplit(meanwhile(requests.get(there, allow_redirects=False, timeout=10).headers["Location"]))
    return browser.get(f"{back.path}?{back.query}")


def test_staff_come_in_with_the_citys_account(cast: Cast, outside: Provider) -> None:
    outside.claims = {"sub": "b-17", "email": "Bruno@example.org", "email_verified": True}
    browser = Client()

    answer = come_in(browser, "equipe", next="/prazos/")

    assert (answer.status_code, answer["Location"]) == (302, "/prazos/")
    assert browser.get("/conta/").context["user"] == cast.bruno
    assert RegistroDeAcesso.objects.get().detalhe == "com conta da prefeitura"
    assert User.objects.count() == 6  # the cast and the system: nobody was registered


def test_the_second_factor_is_asked_for_all_the_same(cast: Cast, outside: Provider) -> None:
    outside.claims = {"sub": "b-17", "email": "bruno@example.org", "email_verified": True}
    secret, _ = enrolled(cast.bruno)
    browser = Client()

    assert come_in(browser, "equipe")["Location"] == "/entrar/segundo-fator/"
    assert browser.get("/conta/").status_code == 302

    browser.post("/entrar/segundo-fator/", {"codigo": code(secret)})
    assert browser.get("/conta/").status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "bruno@example.org"},
        {"email": "bruno@example.org", "email_verified": False},
        {"email": "ninguem@example.org", "email_verified": True},
        {"email": "", "email_verified": True},
        {"email_verified": True},
    ],
)
def test_whoever_has_no_account_here_stays_outside(cast: Cast, outside: Provider, claims: dict[str, Any]) -> None:
    outside.claims = {"sub": "x", **claims}
    browser = Client()

    assert come_in(browser, "equipe").status_code == 403
    assert browser.get("/conta/").status_code == 302
    assert User.objects.count() == 6


def test_an_address_of_two_accounts_or_of_a_closed_one_opens_none(cast: Cast, outside: Provider) -> None:
    outside.claims = {"sub": "b-17", "email": "bruno@example.org", "email_verified": True}
    User.objects.filter(pk=cast.carla.pk).update(email="bruno@example.org")
    assert come_in(Client(), "equipe").status_code == 403
    User.objects.filter(pk=cast.carla.pk).update(email="carla@example.org")
    User.objects.filter(pk=cast.bruno.pk).update(is_active=False)
    assert come_in(Client(), "equipe").status_code == 403


def test_an_answer_that_nobody_waits_for_opens_nothing(cast: Cast, outside: Provider) -> None:
    outside.claims = {"sub": "b-17", "email": "bruno@example.org", "email_verified": True}
    forged = Client().get("/identidade/equipe/login/callback/?code=x&state=y")
    other_state = come_in(Client(), "equipe", meanwhile=lambda back: back.replace("state=", "state=z"))
    cancelled = come_in(Client(), "equipe", meanwhile=lambda back: back.replace("code=", "error=access_denied&x="))
    wrong_code = come_in(Client(), "equipe", meanwhile=lambda back: back.replace("code=", "code=z"))

    assert [answer.status_code for answer in (forged, other_state, cancelled, wrong_code)] == [403] * 4
    assert "Entrada não concluída" in cancelled.content.decode()


def test_an_identity_of_one_and_data_of_another_are_refused(cast: Cast, outside: Provider) -> None:
    outside.claims = {"sub": "b-17", "email": "bruno@example.org", "email_verified": True}
    outside.other_subject = True
    assert come_in(Client(), "equipe").status_code == 403


@pytest.mark.parametrize("wrong", [{"aud": "outro"}, {"iss": "https://outro.example.org"}, {"exp": 1_700_000_000}])
def test_an_identity_for_others_by_others_or_too_old_is_refused(
    cast: Cast, outside: Provider, wrong: dict[str, Any]
) -> None:
    outside.claims = {"sub": "b-17", "email": "bruno@example.org", "email_verified": True}
    outside.wrong = wrong
    assert come_in(Client(), "equipe").status_code == 403


@pytest.mark.parametrize(
    "signed",
    [
        {"key": rsa.generate_private_key(65537, 2048)},
        {"key": None, "algorithm": "none"},
        {"key": SECRET * 3, "algorithm": "HS256"},
        {"headers": {"kid": "k2"}},
    ],
)
def test_an_identity_that_the_provider_did_not_sign_is_refused(
    cast: Cast, outside: Provider, signed: dict[str, Any]
) -> None:
    outside.claims = {"sub": "b-17", "email": "bruno@example.org", "email_verified": True}
    outside.signed = signed
    assert come_in(Client(), "equipe").status_code == 403
    outside.signed = {"headers": {}}  # no key is named, and there is one only
    assert come_in(Client(), "equipe").status_code == 302


def test_the_provider_leads_us_nowhere_else(cast: Cast, outside: Provider) -> None:
    outside.claims = {"sub": "b-17", "email": "bruno@example.org", "email_verified": True}
    outside.moved = True
    assert come_in(Client(), "equipe").status_code == 403


def test_a_provider_that_gives_itself_anothers_name_is_refused(cast: Cast, outside: Provider) -> None:
    outside.claims = {"sub": "b-17", "email": "bruno@example.org", "email_verified": True}
    outside.issuer = "https://outro.example.org"
    assert come_in(Client(), "equipe").status_code == 403


def test_the_way_back_stays_within_this_site(cast: Cast, outside: Provider) -> None:
    outside.claims = {"sub": "b-17", "email": "bruno@example.org", "email_verified": True}
    assert come_in(Client(), "equipe", next="https://example.org/")["Location"] == "/"


def test_without_a_provider_there_is_no_such_entrance(cast: Cast) -> None:
    assert Client().post("/identidade/equipe/login/").status_code == 404
    assert Client().get("/identidade/govbr/login/callback/").status_code == 404
    assert "conta da prefeitura" not in Client().get("/entrar/").content.decode()


class TestConsumers:
    """By gov.br: `sub` is the CPF."""

    def test_a_consumer_reads_the_cases_of_their_cpf_without_a_key(self, cast: Cast, outside: Provider) -> None:
        twin = Consumidor.objects.create(nome="Ana S. Souza", fundido_em=cast.ana)
        first, second = (register_case(cast, consumidor=one) for one in (cast.ana, twin))
        alien = register_case(cast, consumidor=Consumidor.objects.create(nome="Beto Lima", cpf="52998224725"))
        outside.claims = {"sub": "11144477735", "name": "Ana Souza"}
        browser = Client()

        assert come_in(browser, "govbr")["Location"] == "/publico/acompanhamento/meus/"
        page = browser.get("/publico/acompanhamento/meus/").content.decode()
        assert [number in page for number in (first.protocolo, second.protocolo, alien.protocolo)] == [
            True,
            True,
            False,
        ]
        assert "11144477735" not in str(browser.cookies)

        opened = browser.post(f"/publico/acompanhamento/meus/{second.pk}/", follow=True)
        assert second.protocolo in opened.content.decode()
        assert browser.post(f"/publico/acompanhamento/meus/{alien.pk}/").status_code == 404
        assert browser.post(f"/publico/acompanhamento/meus/{2**70}/").status_code == 404

        browser.post("/publico/acompanhamento/sair/")
        for path in ("meus/", "caso/"):
            assert browser.get(f"/publico/acompanhamento/{path}")["Location"] == "/publico/acompanhamento/"

    @pytest.mark.parametrize("subject", ["52998224725", "111", "", "11144477736", "11144477735'--"])
    def test_who_has_no_case_is_told_and_registered_nowhere(self, cast: Cast, outside: Provider, subject: str) -> None:
        outside.claims = {"sub": subject or "-"}
        browser = Client()

        answer = come_in(browser, "govbr")

        assert (answer.status_code, "Nenhum atendimento com o seu CPF" in answer.content.decode()) == (403, True)
        assert browser.get("/publico/acompanhamento/meus/").status_code == 302
        assert Consumidor.objects.count() == 1

    def test_a_ticket_that_was_forged_or_is_old_opens_nothing(
        self, cast: Cast, outside: Provider, time_machine: Any
    ) -> None:
        browser = Client()
        browser.cookies["consumidor"] = f"{cast.ana.pk}:1abc:forged"
        assert browser.get("/publico/acompanhamento/meus/").status_code == 302
        outside.claims = {"sub": "11144477735"}
        come_in(browser, "govbr")
        time_machine.move_to(timezone.now() + timedelta(minutes=31))  # noqa: TID251  the pages read the real clock
        assert browser.get("/publico/acompanhamento/meus/").status_code == 302

    def test_staff_do_not_come_in_by_it(self, cast: Cast, outside: Provider) -> None:
        outside.claims = {"sub": "11144477735", "email": "bruno@example.org", "email_verified": True}
        browser = Client()
        come_in(browser, "govbr", next="/atendimentos/")
        assert browser.get("/atendimentos/").status_code == 302

    def test_the_button_is_there_only_with_a_provider(self, cast: Cast, outside: Provider, settings: Any) -> None:
        page = "/publico/acompanhamento/"
        assert "Entrar com gov.br" in Client().get(page).content.decode()
        settings.PROCON = {**settings.PROCON, "GOVBR": ""}
        assert "Entrar com gov.br" not in Client().get(page).content.decode()


def register_case(cast: Cast, *, consumidor: Consumidor) -> Atendimento:
    """One more case at the counter."""
    return register(
        by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="telefone", consumidor=consumidor
    )
