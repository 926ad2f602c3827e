"""The office in figures, for Prometheus: `/metrics`. No label names a person, a case or an address.

Requests are counted by each process of the web part in a file of its own (PROMETHEUS_MULTIPROC_DIR, set by
procon/run.py), and summed when somebody asks; all else is asked of the database and the Redis at that moment, so that
it is the same whoever answers. A package adds its own figures by a function in FIGURES.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

import redis
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from deadlines.models import Prazo
from notifications.models import Mensagem
from portal.models import Entrega
from procon.backup.schedule import trouble
from procon.celery import BEAT_SEEN, WORKER_SEEN
from procon.models import Copia
from reports import replica

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: A message is late when it is this much past its due time and still not sent.
LATE = timedelta(minutes=5)
#: Upper bounds in seconds.
_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

_registry = CollectorRegistry()
REQUESTS = Counter("procon_pedidos", "Pedidos respondidos", ["metodo", "rota", "status"], registry=_registry)
SECONDS = Histogram(
    "procon_pedido_segundos", "Tempo até a resposta", ["metodo", "rota"], buckets=_BUCKETS, registry=_registry
)

Figures = Callable[[datetime], Iterator[Metric]]


def observe(route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request; where the disk takes no more counts, it is answered all the same."""
    with suppress(OSError):
        REQUESTS.labels(method, route, str(status)).inc()
        SECONDS.labels(method, route).observe(seconds)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures as text, to PROCON_REDE_INTERNA; to anybody else there is no such page."""
    from procon.requests import is_internal

    if not is_internal(request):
        raise Http404("no such page")
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    registry = CollectorRegistry()
    counted: Collector = MultiProcessCollector(registry) if "PROMETHEUS_MULTIPROC_DIR" in os.environ else _registry
    if counted is _registry:
        registry.register(_Of(_registry.collect()))
    registry.register(_Of(_figures(now)))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Of(Collector):
    """What was already collected."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = list(found)

    def collect(self) -> list[Metric]:
        """All of it."""
        return self._found


def _figures(now: datetime) -> Iterator[Metric]:
    """Each group by itself: what cannot be asked is left out and named, and the others are still told."""
    away = GaugeMetricFamily("procon_coleta_falhou", "Figuras que não se puderam ler agora", labels=["grupo"])
    for figures in FIGURES:
        failed = 0
        try:
            found = list(figures(now))
        except (DatabaseError, redis.RedisError):
            found, failed = [], 1
        yield from found
        away.add_metric([figures.__name__], failed)
    yield away


def mensagens(now: datetime) -> Iterator[Metric]:
    """The outbox: what waits, what is late, how old the oldest due is, what a person must look at."""
    waiting = Q(situacao=Mensagem.Situacao.PENDENTE)
    due = waiting & Q(devida_em__lte=now)
    counted = Mensagem.objects.filter(situacao__in=["pendente", "em_envio", "falhou", "devolvida"]).aggregate(
        a_enviar=Count("pk", filter=waiting),
        em_envio=Count("pk", filter=Q(situacao=Mensagem.Situacao.EM_ENVIO)),
        devidas=Count("pk", filter=due),
        atrasadas=Count("pk", filter=waiting & Q(devida_em__lte=now - LATE)),
        falhou=Count("pk", filter=Q(situacao=Mensagem.Situacao.FALHOU)),
        devolvida=Count("pk", filter=Q(situacao=Mensagem.Situacao.DEVOLVIDA)),
        mais_velha=Min("devida_em", filter=due),
    )
    oldest = counted.pop("mais_velha")
    yield _by("procon_mensagens", "Mensagens na caixa de saída", "situacao", counted)
    age = (now - oldest).total_seconds() if oldest else 0
    yield GaugeMetricFamily("procon_mensagem_mais_velha_segundos", "Há quanto tempo é devida a mais velha", age)


def prazos(now: datetime) -> Iterator[Metric]:
    """The running terms: which end today, and which ended without anybody's act."""
    today = timezone.localdate(now)
    counted = Prazo.objects.due_by(today).aggregate(
        vencem_hoje=Count("pk", filter=Q(vence_em=today)), vencidos=Count("pk", filter=Q(vence_em__lt=today))
    )
    yield _by("procon_prazos", "Prazos em curso", "quando", counted)


def sinais(now: datetime) -> Iterator[Metric]:
    """How long ago worker and beat gave a sign of life; a part that never gave one is left out."""
    found = cache.get_many([WORKER_SEEN, BEAT_SEEN])
    parts = {"worker": found.get(WORKER_SEEN), "beat": found.get(BEAT_SEEN)}
    ages = {part: max(0, time.time() - seen) for part, seen in parts.items() if seen is not None}
    yield _by("procon_sinal_segundos", "Há quanto tempo a parte deu sinal de vida", "parte", ages)


def banco(now: datetime) -> Iterator[Metric]:
    """The database's connections, by what they do, and how many there may be; how large it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(state, 'outra'), count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() GROUP BY 1"
        )
        states = dict(cursor.fetchall())
        cursor.execute("SELECT current_setting('max_connections')::int, pg_database_size(current_database())")
        most, size = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FILTER (WHERE wait_event_type = 'Lock'),"
            " coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)::float"
            " FROM pg_stat_activity WHERE datname = current_database()"
        )
        waiting, oldest = cursor.fetchone()
    yield _by("procon_banco_conexoes", "Conexões do banco de dados", "estado", states)
    yield GaugeMetricFamily("procon_banco_conexoes_maximo", "Quantas o servidor aceita", most)
    yield GaugeMetricFamily("procon_banco_bytes", "Tamanho do banco de dados", size)
    yield GaugeMetricFamily("procon_banco_esperam_trava", "Conexões que esperam por outra", waiting)
    yield GaugeMetricFamily("procon_banco_transacao_segundos", "Há quanto tempo corre a transação mais velha", oldest)


def webhooks(now: datetime) -> Iterator[Metric]:
    """The webhooks' outbox: what waits, what is late, what failed within a day, how old the oldest due is."""
    waiting, failed = Q(situacao=Entrega.Situacao.PENDENTE), Q(situacao=Entrega.Situacao.FALHOU)
    due = waiting & Q(proxima_tentativa_em__lte=now)
    counted = Entrega.objects.filter(waiting | Q(situacao=Entrega.Situacao.EM_ENVIO)).aggregate(
        a_entregar=Count("pk", filter=waiting),
        em_envio=Count("pk", filter=Q(situacao=Entrega.Situacao.EM_ENVIO)),
        atrasadas=Count("pk", filter=waiting & Q(proxima_tentativa_em__lte=now - LATE)),
        mais_velha=Min("ocorrido_em", filter=due),
    )
    oldest = counted.pop("mais_velha")
    counted["falhou_no_dia"] = Entrega.objects.filter(failed, concluida_em__gt=now - timedelta(days=1)).count()
    yield _by("procon_webhooks", "Entregas de webhooks", "situacao", counted)
    age = (now - oldest).total_seconds() if oldest else 0
    yield GaugeMetricFamily("procon_webhook_mais_velho_segundos", "Idade do fato mais velho por entregar", age)


def copias(now: datetime) -> Iterator[Metric]:
    """The daily copies: whether they are as they should be; when the last good one was made, how large it is."""
    yield GaugeMetricFamily("procon_copia_falta", "1 se a cópia do dia falhou ou não foi feita", bool(trouble(at=now)))
    last = Copia.objects.filter(erro="", tamanho__isnull=False).first()
    if last:
        age = (now - last.iniciada_em).total_seconds()
        yield GaugeMetricFamily("procon_copia_segundos", "Há quanto tempo se fez a última cópia boa", age)
        yield GaugeMetricFamily("procon_copia_bytes", "Tamanho da última cópia boa", last.tamanho)


def replicas(now: datetime) -> Iterator[Metric]:
    """The replica for reports, where there is one: whether it is read, how far it is behind."""
    if not replica.is_configured():
        return
    found = replica.state()
    yield GaugeMetricFamily("procon_replica_lida", "1 se os relatórios leem da réplica", not found.fault)
    if found.behind is not None:
        yield GaugeMetricFamily("procon_replica_atraso_segundos", "Quanto a réplica está atrasada", found.behind)


#: The groups of figures, each read when somebody asks.
FIGURES: list[Figures] = [mensagens, prazos, sinais, banco, webhooks, copias, replicas]


def _by(name: str, words: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
