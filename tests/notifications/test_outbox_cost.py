"""What delivering costs: the claim's plan beside a long ledger, and how much is asked of the database per message."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import Mensagem
from notifications.queries import CLAIM, RECLAIM
from notifications.services import INTERRUPTED, deliver_due
from tests.conftest import NOW, Cast
from tests.notifications.test_outbox import put

LEDGER, QUEUE = 20_000, 500
FILL = """
    INSERT INTO notifications_mensagem
        (chave, tipo, canal, unidade_id, referencia, versao, parte, contato, vez, destinatario, endereco, assunto,
         corpo, convite, documento, devida_em, proxima_tentativa_em, fora_do_silencio, situacao, motivo,
         tentativas_feitas, remessa)
    SELECT %(mark)s || n, 'lembrete', 'email', %(unidade)s, %(mark)s || n, 0, 'consumidor:' || n, '', '1d', 'Pessoa',
           'p@example.org', 'Lembrete', 'Amanhã.', '', '', %(due)s, %(due)s, false, %(situacao)s, '', 0, 0
    FROM generate_series(1, %(count)s) AS n
"""


def nodes(plan: dict[str, Any]) -> list[tuple[str, str]]:
    """Every node of a plan with the index or the table that it reads."""
    here = (plan["Node Type"], plan.get("Index Name") or plan.get("Relation Name") or "")
    return [here, *(node for inner in plan.get("Plans", ()) for node in nodes(inner))]


def reads(statement: str, values: dict[str, Any]) -> dict[str, set[str]]:
    """How each table or index is read by this statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
        (told,) = cursor.fetchone()
    found: dict[str, set[str]] = {}
    for kind, name in nodes(told[0]["Plan"]):
        if "Scan" in kind and name:
            found.setdefault(kind, set()).add(name)
    return found


@pytest.fixture
def ledger(cast: Cast) -> None:
    """Many messages that are sent, and some that are due."""
    with connection.cursor() as cursor:
        for mark, situacao, count in (("l:", "enviada", LEDGER), ("q:", "pendente", QUEUE)):
            due = NOW - timedelta(days=1)
            values = {"mark": mark, "situacao": situacao, "count": count, "due": due, "unidade": cast.unidade.pk}
            cursor.execute(FILL, values)
        cursor.execute("ANALYZE notifications_mensagem")


def test_the_claim_reads_what_is_due_and_never_the_ledger(ledger: None) -> None:
    values = {"canal": "email", "now": NOW, "until": NOW + timedelta(minutes=5), "limit": 20}
    assert reads(CLAIM, values) == {"Index Scan": {"mensagem_a_enviar", "notifications_mensagem_pkey"}}


def test_taking_back_reads_what_is_under_way_and_never_the_ledger(ledger: None) -> None:
    found = reads(RECLAIM, {"now": NOW, "answer": INTERRUPTED, "limit": 1000})
    assert "mensagem_em_envio" in found["Index Scan"]
    assert "notifications_mensagem" not in found.get("Seq Scan", set())


def test_the_claim_and_the_ledger_agree(ledger: None) -> None:
    until = NOW + timedelta(minutes=5)
    taken = Mensagem.objects.claim(canal="email", now=NOW, until=until, limit=20)
    assert {row.chave[:2] for row in taken} == {"q:"}
    assert Mensagem.objects.filter(situacao="em_envio").count() == 20


def test_a_lease_that_is_renewed_touches_no_index(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'notifications_mensagem'")
        indexes = [definition for (definition,) in cursor.fetchall()]
    touched = [text for text in indexes if "reservada_ate" in text or "tentativas_feitas" in text]
    assert (len(indexes) > 5, touched) == (True, [])


@pytest.mark.parametrize("reminder", [{}, {"vez": "1d", "referencia": "audiencia:1"}], ids=["notice", "reminder"])
@pytest.mark.django_db(transaction=True)
def test_each_further_message_costs_two_statements_in_one_transaction(cast: Cast, reminder: dict[str, str]) -> None:
    """Writing the answer of one and beginning the next; what overtakes a reminder is read once for the batch."""
    found = []
    for many in (1, 3):
        for number in range(many):
            put(cast, chave=f"{many}:{number}", parte=f"consumidor:{many}{number}", **reminder)
        with CaptureQueriesContext(connection) as asked:
            counts = deliver_due(at_clock=lambda: NOW, canais=["email"])
        assert counts["enviadas"] == many
        found.append(sum(query["sql"] not in ("BEGIN", "COMMIT") for query in asked.captured_queries))
    assert found[1] - found[0] == 2 * 2
