"""A batch's worker is killed in the middle of it, and still each item has its turn once.

Real processes: Celery's worker, Redis, PostgreSQL; the letters are really typeset and written to disk.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, F
from django.utils import timezone

from cases.models import CIP, Assunto, ItemDoLote, Reclamado
from cases.services import register
from cases.services.cip_batches import CHUNK
from cases.services.cip_lots import ask_issue, ask_sending
from cases.tasks import run_batches
from documents.models import Documento
from documents.services import unreadable
from notifications.models import Mensagem
from tests.conftest import Cast, make_cast
from workflow.models import Evento
from workflow.selfcheck import broken_links

ITEMS = 120
ROOT = Path(__file__).resolve().parent.parent.parent


def reclamados(cast: Cast, now: Any) -> list[Reclamado]:
    """So many suppliers complained against, two in each case."""
    subject = Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")
    cast.banco.email = "banco@example.org"
    cast.banco.save()
    for _ in range(ITEMS // 2):
        register(
            by=cast.bruno,
            at=now,
            unidade=cast.unidade,
            tipo="atendimento_preliminar",
            canal="pessoal",
            consumidor=cast.ana,
            fornecedores=[cast.loja, cast.banco],
            assunto=subject,
            relato="Cobraram duas vezes.",
            pedido="Devolução em dobro.",
        )
    return list(Reclamado.objects.order_by("pk"))


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Celery's worker in a process group of its own, over this test's database, Redis and folder."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    env = os.environ | {
        "DATABASE_URL": urlunsplit(database),
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "procon.settings",
    }
    command = [sys.executable, "-m", "celery", "-A", "procon", "worker", "--concurrency", "1", "-l", "info"]
    with (folder / "worker.log").open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the worker and of its child, at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=120)


def done() -> int:
    return ItemDoLote.objects.filter(feito_em__isnull=False).count()


def beat_until(reached: Callable[[], bool]) -> None:
    """What beat does every five seconds, faster: put the task into the broker until `reached`."""
    deadline, asked = time.monotonic() + 240, 0.0
    while not reached():
        assert time.monotonic() < deadline, "the worker did not get there"
        if time.monotonic() - asked > 1:
            asked = time.monotonic()
            run_batches.delay()
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_each_item_has_one_outcome_and_each_reclamado_one_cip(
    tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "documentos"
    cast = make_cast()
    call_command("carregar_calendario", verbosity=0)
    now = timezone.now()  # noqa: TID251  real processes read the real clock
    parties = reclamados(cast, now - timedelta(minutes=1))
    issuing = ask_issue(reclamados=parties, by=cast.bruno, at=now)

    with worker(tmp_path) as first:
        beat_until(lambda: done() >= CHUNK)
        kill(first)
    at_the_kill = done()
    with worker(tmp_path):
        beat_until(lambda: done() == ITEMS)
        sending = ask_sending(cips=list(CIP.objects.all()), rastreios={}, meio="email", by=cast.bruno, at=now)
        beat_until(lambda: done() == 2 * ITEMS)

    print(f"killed with {at_the_kill} of {ITEMS} items done")  # noqa: T201  the figure
    assert CHUNK <= at_the_kill < ITEMS
    for lote in (issuing, sending):
        assert list(lote.itens.exclude(recusa="")) == []
        assert lote.itens.filter(cip__reclamado=F("reclamado")).count() == ITEMS
    assert set(Reclamado.objects.annotate(n=Count("cips")).values_list("n", flat=True)) == {1}
    assert Documento.objects.filter(tipo="cip").count() == CIP.objects.filter(status="enviada").count() == ITEMS
    assert list(unreadable()) == []
    assert Evento.objects.filter(ato="EMITIR_CIP", objeto="cases.cip").values("objeto_id").distinct().count() == ITEMS
    assert Evento.objects.filter(ato="EMITIR_CIP", objeto="cases.cip").count() == ITEMS
    assert Mensagem.objects.filter(tipo="cip").count() == ITEMS
    assert list(broken_links()) == []
