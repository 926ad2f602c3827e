"""The office in figures: what is counted, for whom, and that nobody is named."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from deadlines.models import Prazo, RegraDePrazo
from notifications.models import Mensagem
from portal.models import Entrega, Webhook
from procon.celery import BEAT_SEEN, WORKER_SEEN, Beat, app, worker_lives
from procon.models import Copia
from tests.browsing import logged_in
from tests.conftest import Cast
from tests.portal.conftest import make_program
from workflow.services import open_history


@pytest.fixture(autouse=True)
def _no_signs() -> None:
    cache.delete_many([WORKER_SEEN, BEAT_SEEN])


def figures(client: Client | None = None) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    text = (client or Client()).get("/metrics").content.decode()
    families = text_string_to_metric_families(text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


@pytest.mark.django_db
def test_requests_are_counted_by_route_method_and_status() -> None:
    route = "/documentos/<str:codigo>/"
    before = figures()
    for _ in range(3):
        Client().get("/documentos/ABC-DEF/")
    Client().get("/nao/existe/111.444.777-35/")
    after = figures()

    def more(*key: str) -> float:
        return after[key] - before.get(key, 0)

    assert more("procon_pedidos_total", "GET", route, "302") == 3
    assert more("procon_pedido_segundos_count", "GET", route) == 3
    assert more("procon_pedidos_total", "GET", "(nenhuma)", "404") == 1
    assert [key for key in after if "ABC-DEF" in str(key) or "111" in str(key)] == []


@pytest.mark.django_db
def test_an_unheard_of_method_makes_no_label() -> None:
    Client().generic("PROPFIND", "/livez")
    assert ("procon_pedidos_total", "OUTRO", "/livez", "405") in figures()


def test_the_outbox_by_state_and_age(cast: Cast) -> None:
    now = timezone.now()  # noqa: TID251  the page under test reads the real clock
    ages = [
        ("pendente", -60),
        ("pendente", 30),
        ("pendente", 600),
        ("falhou", 9000),
        ("devolvida", 9000),
        ("enviada", 1),
    ]
    Mensagem.objects.bulk_create(
        Mensagem(
            chave=f"m{number}", tipo="t", unidade=cast.unidade, destinatario="Ana Souza", endereco="ana@example.org",
            assunto="a", corpo="c", situacao=state, devida_em=now - timedelta(seconds=age),
            proxima_tentativa_em=now,
        )
        for number, (state, age) in enumerate(ages)
    )  # fmt: skip
    found = figures()
    told = {key[1]: value for key, value in found.items() if key[0] == "procon_mensagens"}
    assert told == {"a_enviar": 3, "em_envio": 0, "devidas": 2, "atrasadas": 1, "falhou": 1, "devolvida": 1}
    assert 600 <= found["procon_mensagem_mais_velha_segundos",] < 660


def test_terms_that_end_today_and_that_ended(cast: Cast) -> None:
    call_command("carregar_calendario", verbosity=0)
    today = timezone.localdate(timezone.now())  # noqa: TID251  the page under test reads the real clock
    rule, begun = RegraDePrazo.objects.all()[0], today - timedelta(days=20)
    ends = [today, today, today - timedelta(days=1), today + timedelta(days=1)]
    Prazo.objects.bulk_create(
        Prazo(historico=open_history(), regra=rule, inicio=begun, vence_em=end, explicacao="") for end in ends
    )
    found = figures()
    assert [found["procon_prazos", when] for when in ("vencem_hoje", "vencidos")] == [2, 1]


@pytest.mark.django_db
def test_signs_of_life_grow_old() -> None:
    assert [key for key in figures() if key[0] == "procon_sinal_segundos"] == []
    worker_lives()
    Beat(app=app, lazy=True).tick()
    cache.set(WORKER_SEEN, time.time() - 100, None)
    found = figures()
    assert 100 <= found["procon_sinal_segundos", "worker"] < 130
    assert found["procon_sinal_segundos", "beat"] < 30


@pytest.mark.django_db
def test_the_database_s_connections() -> None:
    found = figures()
    assert found["procon_banco_conexoes", "active"] >= 1
    assert found["procon_banco_conexoes_maximo",] >= found["procon_banco_conexoes", "active"]
    assert found["procon_banco_bytes",] > 1_000_000
    assert (found["procon_banco_esperam_trava",], found["procon_banco_transacao_segundos",] >= 0) == (0, True)


def test_the_webhooks_outbox_by_state_and_age(cast: Cast) -> None:
    now = timezone.now()  # noqa: TID251  the page under test reads the real clock
    made = make_program(cast, "Portal da cidade")
    webhook = Webhook.objects.create(
        integracao=made.integracao, url="https://portal.example.org/", eventos=["cip.respondida"], segredo=b"x",
        criado_em=now, ativo_desde=now,
    )  # fmt: skip
    ages = [("pendente", -60, None), ("pendente", 900, None), ("falhou", 9000, 60), ("falhou", 9000, 90000)]
    Entrega.objects.bulk_create(
        Entrega(
            webhook=webhook, tipo="cip.respondida", situacao=state, ocorrido_em=now - timedelta(seconds=age),
            proxima_tentativa_em=now - timedelta(seconds=age),
            concluida_em=None if ended is None else now - timedelta(seconds=ended),
        )
        for state, age, ended in ages
    )  # fmt: skip
    found = figures()
    told = {key[1]: value for key, value in found.items() if key[0] == "procon_webhooks"}
    assert told == {"a_entregar": 2, "em_envio": 0, "atrasadas": 1, "falhou_no_dia": 1}
    assert 900 <= found["procon_webhook_mais_velho_segundos",] < 960


@pytest.mark.django_db
def test_the_last_good_copy_and_a_missing_one(settings: Any) -> None:
    now = timezone.now()  # noqa: TID251  the page under test reads the real clock
    assert {key: value for key, value in figures().items() if "copia" in key[0]} == {("procon_copia_falta",): 0}
    settings.PROCON = {**settings.PROCON, "COPIAS": "/srv/copias"}
    Copia.objects.create(arquivo="a", iniciada_em=now - timedelta(hours=30), tamanho=1234)
    Copia.objects.create(arquivo="b", iniciada_em=now - timedelta(hours=6), erro="Disco cheio.")
    found = figures()
    assert (found["procon_copia_falta",], found["procon_copia_bytes",]) == (1, 1234)
    assert 108_000 <= found["procon_copia_segundos",] < 108_060


@pytest.mark.django_db
def test_what_cannot_be_read_is_named_and_the_rest_is_told(settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    found = figures()
    failed = {key[1]: value for key, value in found.items() if key[0] == "procon_coleta_falhou"}
    assert (failed["sinais"], failed["banco"], failed["mensagens"]) == (1, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "headers", "allowed"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("::ffff:127.0.0.1", {}, True),
        ("10.0.5.9", {}, False),
        ("", {}, False),
        ("127.0.0.1", {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ("127.0.0.1", {"HTTP_FORWARDED": "for=127.0.0.1"}, False),
    ],
)
def test_figures_and_details_are_for_the_machines_inside(address: str, headers: dict[str, str], allowed: bool) -> None:
    client = Client(REMOTE_ADDR=address, **headers)
    assert client.get("/metrics").status_code == (200 if allowed else 404)
    assert ("partes" in client.get("/readyz").json()) is allowed


def test_another_network_may_be_let_in_and_staff_read_the_details(cast: Cast, settings: Any) -> None:
    bruno = logged_in(cast.bruno)
    outside = {"REMOTE_ADDR": "10.0.5.9"}
    assert bruno.get("/metrics", **outside).status_code == 404
    assert "partes" in bruno.get("/readyz", **outside).json()
    settings.REDE_INTERNA = ["10.0.5.0/24"]
    assert Client().get("/metrics", **outside).status_code == 200


@pytest.mark.django_db
def test_only_reading() -> None:
    assert Client().post("/metrics").status_code == 405


@pytest.mark.django_db
def test_every_figure_has_a_name_of_ours_and_words() -> None:
    text = Client().get("/metrics").content.decode()
    assert {
        line.split()[2] for line in text.splitlines() if line.startswith("# HELP") and len(line.split()) < 5
    } == set()
    assert re.findall(r"^(?!procon_|#)\S+", text, re.MULTILINE) == []
