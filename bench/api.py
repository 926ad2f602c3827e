"""The portal API over a large office at 1 and 16 clients, beside floors in the same server; the memory of its workers.

`PEDIDOS` sets over how many requests the memory must be flat (100,000 from a million atendimentos on).
"""

from __future__ import annotations

import json
import os
import secrets
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bench.clients import CLIENTS, served
from bench.figures import Figure
from bench.load import Run, drive, memory, workers_of

READS, CREATES, WARM = 400, 200, 40
#: The memory is looked at so often; MiB that a worker may gain between the halves.
SAMPLES, FLAT = 20, 1.0
#: Rows without an `Evento` may be made on these histories by the floor.
FIRST_HISTORY = 2_000_000_000

#: The cases are the integration's, with what it declared; the floor's histories; numbers past those that SQL gave.
READY = """
ALTER TABLE cases_atendimento DISABLE TRIGGER USER;
UPDATE cases_atendimento SET integracao_id = %(program)s;
ALTER TABLE cases_atendimento ENABLE TRIGGER USER;
INSERT INTO portal_consumidordeclarado (atendimento_id, dados)
SELECT a.id, jsonb_build_object('nome', c.nome, 'cpf', c.cpf, 'cep', c.cep, 'municipio', c.municipio)
FROM cases_atendimento a JOIN parties_consumidor c ON c.id = a.consumidor_id;
INSERT INTO workflow_historico (id, sequencia, hash) SELECT %(first)s + n, 0, '' FROM generate_series(1, 20000) AS n;
INSERT INTO cases_sequencia (unidade_id, ano, ultimo) SELECT %(unidade)s, y, 9000000 FROM generate_series(2022, 2099) y;
SELECT setval(s, greatest(nextval(s), 1000000000)) FROM (
    SELECT pg_get_serial_sequence(t, 'id')::regclass AS s FROM unnest(
        ARRAY['cases_atendimento', 'workflow_historico', 'parties_consumidor', 'parties_fornecedor']) AS t
) AS sequences
"""

_keys = count(1)


@dataclass(frozen=True, slots=True)
class Office:
    """What the clients need to know: who they are, what there is to ask for."""

    token: str
    unidade: int
    user: int
    protocols: list[str]
    people: list[str]


def measure(size: int) -> list[Figure]:
    """List, detail and create beside their floors; then the memory of both workers over many requests."""
    office = _office(size)
    figures: list[Figure] = []
    with served("bench.serving") as (port, server):
        pids = workers_of(server)
        for name, ours, floor, goal, status in _measured(office):
            wanted = CREATES if status == 201 else READS
            for ask in (ours, floor):
                drive(port, pids, ask, clients=2, requests=WARM, status=status)
            every = pids + _backends()
            for clients in CLIENTS:
                bare = drive(port, every, floor, clients=clients, requests=wanted, status=status)
                run = drive(port, every, ours, clients=clients, requests=wanted, status=status)
                figures += _figures(f"{name}, {clients} cliente{'s' if clients > 1 else ''}", run, bare, goal)
        figures += _memory(port, pids, office, int(os.environ.get("PEDIDOS") or min(size, 100_000)))
    return figures


def _figures(name: str, run: Run, bare: Run, goal: str) -> list[Figure]:
    floor = "view nua na mesma tabela"
    return [
        Figure(f"{name}: pedidos por segundo", round(run.rate, 1), "req/s", round(bare.rate, 1), floor, goal),
        Figure(f"{name}: mediana", round(run.median, 2), "ms", round(bare.median, 2), floor),
        Figure(f"{name}: p95", round(run.late, 2), "ms", round(bare.late, 2), floor),
        Figure(f"{name}: processador por pedido", round(run.processor, 2), "ms", round(bare.processor, 2), floor),
    ]


def _memory(port: int, pids: list[int], office: Office, requests: int) -> list[Figure]:
    """What a worker gains over many requests: the median of the last samples less that of the first ones.

    A fifth of the requests comes before, for the workers to grow to their size. Medians, so that one odd sample says
    nothing; a leak of eleven bytes a request would pass the limit within a hundred thousand.
    """

    def ask(number: int) -> bytes:
        return _list(office) if number % 2 else _detail(office, number)

    drive(port, pids, ask, clients=2, requests=max(requests // 5, 2))
    samples = []
    for _ in range(SAMPLES):
        drive(port, pids, ask, clients=2, requests=max(requests // SAMPLES, 2))
        samples.append(memory(pids))
    half = SAMPLES // 2
    grown = max(statistics.median(each[half:]) - statistics.median(each[:half]) for each in zip(*samples, strict=True))
    if grown > FLAT:
        raise RuntimeError(f"a worker gained {grown:.2f} MiB; after each part they held {samples}")
    said = f"memória que um worker ganha em {requests:,} leituras"
    return [Figure(said, round(grown, 2), "MiB", goal=f"plana: até {FLAT:g} MiB")]


def _backends() -> list[int]:
    """The database's processes that serve the workers, whose connections stay."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' "
            "AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _measured(office: Office) -> list[tuple[str, Callable[[int], bytes], Callable[[int], bytes], str, int]]:
    """Name, our request, the floor's, goal, status."""
    return [
        ("API, lista de 50", lambda _: _list(office), lambda _: _get("/piso/lista/"), "≥ 50 % do piso", 200),
        (
            "API, um atendimento",
            lambda number: _detail(office, number),
            lambda number: _get(f"/piso/{office.protocols[number % len(office.protocols)]}/"),
            "≥ 50 % do piso",
            200,
        ),
        (
            "API, registrar com dois fornecedores",
            lambda _: _create(office),
            lambda _: _bare_create(office),
            "≥ 25 % do piso",
            201,
        ),
    ]


def _list(office: Office) -> bytes:
    return _get("/api/v1/atendimentos/?limite=50", office.token)


def _detail(office: Office, number: int) -> bytes:
    return _get(f"/api/v1/atendimentos/{office.protocols[number % len(office.protocols)]}/", office.token)


def _create(office: Office) -> bytes:
    from tests.portal.conftest import complaint

    number = next(_keys)
    person = complaint()["consumidor"] | {"cpf": office.people[number % len(office.people)]}
    suppliers = [{"cnpj": "02.558.157/0001-62", "nome": "Telefônica"}, {"cnpj": "00.000.000/0001-91"}]
    body = complaint(consumidor=person, fornecedores=suppliers, protocolo_externo=f"BANCADA-{number}")
    return _post("/api/v1/atendimentos/", body, office.token, f"chave-{number}")


def _bare_create(office: Office) -> bytes:
    number = next(_keys)
    body = {
        "protocolo": f"35.009.009.26-{number:07d}",
        "tipo": "atendimento_preliminar",
        "canal": "portal",
        "status": "aberto",
        "relato": "Cobraram duas vezes.",
        "pedido": "Devolução em dobro.",
        "historico_id": FIRST_HISTORY + number,
        "unidade_id": office.unidade,
        "atendente_id": office.user,
    }
    return _post("/piso/criar/", body)


def _get(path: str, token: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{_bearer(token)}Connection: close\r\n\r\n".encode()


def _post(path: str, body: dict[str, Any], token: str = "", key: str = "") -> bytes:
    raw = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{_bearer(token)}Connection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n"
    )
    return f"{head}{f'Idempotency-Key: {key}' if key else 'X-Piso: 1'}\r\n\r\n".encode() + raw


def _bearer(token: str) -> str:
    return f"Authorization: Bearer {token}\r\n" if token else ""


def _office(size: int) -> Office:
    """`size` cases that one integration registered, and histories for the floor's rows."""
    from django.db import connection
    from oauth2_provider.models import AccessToken

    from bench.population import large_office
    from cases.models import Atendimento
    from parties.models import Consumidor
    from portal.scopes import SCOPES
    from tests.portal.conftest import make_program, make_subject

    cast = large_office(size)
    make_subject()
    program, token = make_program(cast, "Portal da bancada"), secrets.token_urlsafe(24)
    until = datetime.now(UTC) + timedelta(days=7)
    AccessToken.objects.create(application=program.integracao, token=token, expires=until, scope=" ".join(SCOPES))
    known = {"unidade": cast.unidade.pk, "first": FIRST_HISTORY, "program": program.user.pk}
    with connection.cursor() as cursor:
        for statement in READY.split(";\n"):
            cursor.execute(statement, known)
        cursor.execute("VACUUM ANALYZE")
    step = max(size // 2000, 1)
    return Office(
        token=token,
        unidade=cast.unidade.pk,
        user=program.user.pk,
        protocols=list(Atendimento.objects.order_by("pk").values_list("protocolo", flat=True)[::step]),
        people=[str(cpf) for cpf in Consumidor.objects.order_by("pk").values_list("cpf", flat=True)[1:2001]],
    )
