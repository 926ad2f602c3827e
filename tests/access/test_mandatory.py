"""Who must have a second factor reaches nothing before it; the demo asks nobody."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Papel
from procon.environment import WrongEnvironment, read
from tests.access.conftest import code, enrolled, give, log_in
from tests.conftest import Cast

MUST = ("administrador", "autoridade", "encarregado")
ENROL = "/conta/segundo-fator/"
#: Open to who must still enrol: log-out, the password again, and enrolling.
OPEN = {"sair", "conta_confirmar", "segundo_fator", "segundo_fator_aplicativo", "segundo_fator_chave"}


def staff_views() -> dict[str, object]:
    """Every view that asks for a log-in, by name and place."""
    found: dict[str, object] = {}

    def walk(patterns: list[URLPattern | URLResolver], way: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, way + str(pattern.pattern))
            elif getattr(pattern.callback, "login_required", True):
                found[pattern.name or way + str(pattern.pattern)] = pattern.callback

    walk(get_resolver().url_patterns, "")
    return found


def test_only_enrolling_is_open_before_it() -> None:
    marked = {name for name, view in staff_views().items() if getattr(view, "before_second_factor", False)}
    assert marked == OPEN


PAGES = ("/", "/atendimentos/", "/audiencias/", "/relatorios/", "/privacidade/", "/mensagens/", "/prazos/", "/conta/")


@pytest.mark.parametrize("papel", Papel.values)
def test_which_papel_is_led_to_enrol(client: Client, cast: Cast, setting, papel: str) -> None:
    setting(SEGUNDO_FATOR="obrigatorio")
    if papel != Papel.ATENDENTE:
        give(cast.bruno, papel, cast)
    log_in(client)
    led = [client.get(page).headers.get("Location", "").startswith(f"{ENROL}?next=") for page in PAGES]
    assert led == [papel in MUST] * len(PAGES)


def test_they_enrol_and_go_on_to_where_they_were_going(client: Client, cast: Cast, setting) -> None:
    setting(SEGUNDO_FATOR="obrigatorio")
    log_in(client, "edu")
    page = client.get("/atendimentos/", follow=True)
    shown = page.content.decode()
    assert ("Falta um passo." in shown, f"{ENROL}aplicativo/?next=/atendimentos/" in shown) == (True, True)
    client.get(f"{ENROL}aplicativo/?next=/atendimentos/")
    from access.sealing import unseal

    secret = unseal(client.session["segredo_novo"])
    assert secret
    done = client.post(f"{ENROL}aplicativo/", {"codigo": code(secret), "next": "/atendimentos/"})
    assert 'href="/atendimentos/">Guardei, continuar' in done.content.decode()
    assert client.get("/atendimentos/").status_code == 200


def test_what_is_posted_before_it_is_kept_not_done(client: Client, cast: Cast, setting) -> None:
    setting(SEGUNDO_FATOR="obrigatorio")
    log_in(client, "edu")
    led = client.post("/busca/", {"texto": "Ana Souza"})
    assert led["Location"].startswith(f"{ENROL}?next=/conta/digitado/")


def test_a_papel_given_in_the_middle_of_a_session_asks_at_once(client: Client, cast: Cast, setting) -> None:
    setting(SEGUNDO_FATOR="obrigatorio")
    enrolled(cast.dora)
    client.force_login(cast.dora, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/").status_code == 200
    give(cast.dora, Papel.AUTORIDADE, cast)
    assert client.get("/")["Location"] == f"{ENROL}?next=/"
    assert "Entre de novo." in client.get(ENROL).content.decode()


def test_the_second_step_satisfies_it(client: Client, cast: Cast, setting) -> None:
    setting(SEGUNDO_FATOR="obrigatorio")
    secret, _ = enrolled(cast.edu)
    log_in(client, "edu")
    client.post("/entrar/segundo-fator/", {"codigo": code(secret)})
    assert client.get("/").status_code == 200


def test_where_it_is_optional_the_printed_log_ins_suffice(client: Client, cast: Cast, setting) -> None:
    setting(SEGUNDO_FATOR="opcional")
    log_in(client, "edu")
    assert client.get("/").status_code == 200


def test_public_pages_stay_open(client: Client, cast: Cast, setting) -> None:
    setting(SEGUNDO_FATOR="obrigatorio")
    log_in(client, "edu")
    assert client.get("/publico/documentos/").status_code == 200


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"DEMO": "1"}, "opcional"),
        ({"DEMO": "0"}, "obrigatorio"),
        ({"DEMO": "1", "PROCON_SEGUNDO_FATOR": "obrigatorio"}, "obrigatorio"),
        ({"DEMO": "0", "PROCON_SEGUNDO_FATOR": "opcional"}, "opcional"),
    ],
)
def test_the_setting_and_the_demo(given: dict[str, str], value: str) -> None:
    assert read(given).text("PROCON_SEGUNDO_FATOR") == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROCON_SEGUNDO_FATOR", "sim"),
        ("PROCON_SESSAO_PARADA", "4"),
        ("PROCON_SESSAO_PARADA", "481"),
        ("PROCON_SESSAO_TOTAL", "0"),
        ("PROCON_SESSAO_TOTAL", "25"),
        ("PROCON_PROXIES", "6"),
        ("PROCON_PROXIES", "-1"),
    ],
)
def test_a_wrong_value_is_refused(name: str, value: str) -> None:
    with pytest.raises(WrongEnvironment, match=name):
        read({name: value})
