"""Who calls the API, the answers kept so that a repeated request has no second effect, and the links of the inbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from oauth2_provider.models import AbstractApplication, ApplicationManager

from parties.models import AdesaoCipEletronica
from portal.queries import IntegracaoQuerySet
from portal.scopes import SCOPES
from workflow.models import Historico

IntegracaoManager = ApplicationManager.from_queryset(IntegracaoQuerySet)


class Integracao(AbstractApplication):
    """A program that calls the API: its credentials, what it may do, and the user in whose name it acts."""

    escopos = ArrayField(
        models.CharField(max_length=40, choices=[(name, name) for name in SCOPES]), verbose_name="escopos"
    )
    usada_em = models.DateTimeField("usada em", null=True, blank=True, help_text="com precisão de um minuto")
    limite_por_minuto = models.PositiveIntegerField(
        "limite de pedidos por minuto", null=True, blank=True, help_text="vazio: o limite comum"
    )
    segredo_anterior = models.CharField("hash do segredo anterior", max_length=255, blank=True)
    segredo_anterior_ate = models.DateTimeField("o segredo anterior vale até", null=True, blank=True)
    revogada_em = models.DateTimeField("revogada em", null=True, blank=True)
    historico = models.OneToOneField(
        Historico, models.PROTECT, related_name="integracao", verbose_name="histórico", editable=False
    )

    objects = IntegracaoManager()

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
            models.CheckConstraint(
                name="integracao_segredo_anterior_tem_fim",
                condition=models.Q(segredo_anterior="", segredo_anterior_ate__isnull=True)
                | ~models.Q(segredo_anterior="") & models.Q(segredo_anterior_ate__isnull=False),
            ),
            models.CheckConstraint(
                name="integracao_limite_positivo",
                condition=models.Q(limite_por_minuto__isnull=True) | models.Q(limite_por_minuto__gt=0),
            ),
        ]

    def is_usable(self, request: Any) -> bool:
        """Whether it still gets tokens and is heard: a revoked integration's user is inactive."""
        return self.revogada_em is None and bool(self.user and self.user.is_active)

    def earlier_secret(self, *, at: datetime) -> str:
        """The hash of the secret before this one, while it is still taken; else nothing."""
        return self.segredo_anterior if self.segredo_anterior_ate and at < self.segredo_anterior_ate else ""


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


class LinkDaCaixa(models.Model):
    """A link sent to an enrolled supplier, which opens its inbox once; only the hash of its token is kept here."""

    adesao = models.ForeignKey(
        AdesaoCipEletronica, models.PROTECT, related_name="+", verbose_name="adesão à CIP eletrônica"
    )
    token_hash = models.CharField("hash do token", max_length=64, unique=True)
    criado_em = models.DateTimeField("criado em")
    vale_ate = models.DateTimeField("vale até", db_index=True)
    usado_em = models.DateTimeField("usado em", null=True, blank=True)

    class Meta:
        verbose_name = "link da caixa de CIPs"
        verbose_name_plural = "links da caixa de CIPs"
        constraints = [
            models.CheckConstraint(
                name="link_da_caixa_usado_enquanto_vale",
                condition=models.Q(usado_em__isnull=True)
                | models.Q(usado_em__gte=models.F("criado_em"), usado_em__lt=models.F("vale_ate")),
            ),
            models.CheckConstraint(
                name="link_da_caixa_tem_fim", condition=models.Q(vale_ate__gt=models.F("criado_em"))
            ),
        ]

    def __str__(self) -> str:
        return f"link de {self.criado_em:%d/%m/%Y %H:%M}"
