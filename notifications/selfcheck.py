"""Recounting the outbox: what a message says of itself against the ledger of its tries."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Q

from notifications.models import Mensagem


def wrong_messages() -> Iterator[str]:
    """Every message whose situation contradicts its tries, its times or its reason."""
    state = Mensagem.Situacao
    counted = Mensagem.objects.annotate(
        entregues=Count("tentativas", filter=Q(tentativas__enviada=True, tentativas__remessa=F("remessa")))
    )
    faults = {
        "está enviada sem hora de envio ou sem tentativa bem-sucedida": Q(situacao=state.ENVIADA)
        & (Q(enviada_em=None) | Q(entregues=0)),
        "tem mais de uma entrega": Q(entregues__gt=1),
        "foi entregue, mas a situação não o diz": ~Q(situacao__in=[state.ENVIADA, state.DEVOLVIDA])
        & Q(entregues__gt=0),
        "está em envio sem reserva": Q(situacao=state.EM_ENVIO, reservada_ate=None),
        "tem reserva sem estar em envio": ~Q(situacao=state.EM_ENVIO) & Q(reservada_ate__isnull=False),
        "foi pulada, cancelada ou devolvida, ou falhou, sem motivo": Q(
            situacao__in=[state.PULADA, state.CANCELADA, state.FALHOU, state.DEVOLVIDA], motivo=""
        ),
    }
    for what, fault in faults.items():
        for pk, chave in counted.filter(fault).order_by("pk").values_list("pk", "chave"):
            yield f"Mensagem {pk} ({chave}): {what}."
