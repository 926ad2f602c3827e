"""Who calls the API, and the answers kept so that a repeated request has no second effect."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from oauth2_provider.models import AbstractApplication

from portal.scopes import SCOPES


class Integracao(AbstractApplication):
    """A program that calls the API: its credentials, what it may do, and the user in whose name it acts."""

    escopos = ArrayField(
        models.CharField(max_length=40, choices=[(name, name) for name in SCOPES]), verbose_name="escopos"
    )
    usada_em = models.DateTimeField("usada em", null=True, blank=True, help_text="com precisão de um minuto")

    class Meta:
        verbose_name = "integração"
        verbose_name_plural = "integrações"
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="integracao_nome_unico",
                violation_error_message="Já há uma integração com este nome. Escolha outro.",
            ),
            models.CheckConstraint(name="integracao_tem_usuario", condition=models.Q(user__isnull=False)),
        ]

    def is_usable(self, request: Any) -> bool:
        """Whether it still gets tokens and is heard: a revoked integration's user is inactive."""
        return bool(self.user and self.user.is_active)


class RespostaGuardada(models.Model):
    """The answer to a request that came with an Idempotency-Key, kept for 24 hours.

    The answer holds the tracking key, so it is stored sealed (portal/api/idempotency.py).
    """

    integracao = models.ForeignKey(Integracao, models.CASCADE, related_name="+", verbose_name="integração")
    chave_hash = models.CharField("hash da chave de idempotência", max_length=64)
    pedido_hash = models.CharField("hash do pedido", max_length=64)
    resposta = models.BinaryField("resposta, cifrada")
    criada_em = models.DateTimeField("criada em", db_index=True)

    class Meta:
        verbose_name = "resposta guardada"
        verbose_name_plural = "respostas guardadas"
        constraints = [
            models.UniqueConstraint(fields=["integracao", "chave_hash"], name="resposta_guardada_unica"),
        ]

    def __str__(self) -> str:
        return f"resposta a {self.integracao} em {self.criada_em:%d/%m/%Y %H:%M}"
