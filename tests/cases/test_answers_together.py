"""Answers that meet on real connections: one wins, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from cases.models import CIP, Atendimento, Reclamado
from cases.services import answer_in_public, lapse_cip
from notifications.models import Mensagem
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed
from workflow.models import Evento

#: Both are acts of the system, so the second is not told of somebody else.
SECOND = "Este registro já mudou desde que a página foi aberta"
LATER = NOW + timedelta(days=10)  # Saturday 14 March 2026, two days after the term
ANSWER = {"resposta": "Devolvemos.", "especie": "informacao", "respondente": "Rita"}


def together(cip: CIP, *acts: Callable[[CIP], Any]) -> list[str]:
    """Each act with the CIP as it was before all; what came of each."""
    start = Barrier(len(acts))

    def work(act: Callable[[CIP], Any]) -> str:
        try:
            seen = CIP.objects.for_supplier().get(pk=cip.pk)
            start.wait(60)
            act(seen)
        except ActNotAllowed as refusal:
            return refusal.message.split(":")[0]
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(work, acts))


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_lapse_at_once_are_one(
    cast: Cast, ap: Callable[..., Atendimento], running_cip: Callable[[Reclamado], CIP], letters_in_tmp: None
) -> None:
    cip = running_cip(ap().reclamados.get())

    said = together(
        cip,
        lambda seen: answer_in_public(cip=seen, at=LATER, **ANSWER),
        lambda seen: lapse_cip(cip=seen, by=cast.sistema, at=LATER),
    )

    assert sorted(said) == ["", SECOND]
    cip.refresh_from_db()
    assert cip.status == ("prazo_decorrido" if said[0] else "respondida")
    assert Evento.objects.filter(ato__in=["RESPONDER_CIP", "DECORRER_PRAZO"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_public_answers_at_once_one_is_recorded(
    ap: Callable[..., Atendimento], running_cip: Callable[[Reclamado], CIP], letters_in_tmp: None
) -> None:
    cip = running_cip(ap().reclamados.get())

    said = together(cip, *[lambda seen: answer_in_public(cip=seen, at=NOW, **ANSWER)] * 2)

    assert sorted(said) == ["", SECOND]
    assert Evento.objects.filter(ato="RESPONDER_CIP").count() == 1
    assert Mensagem.objects.filter(tipo="cip_recibo").count() == 1
