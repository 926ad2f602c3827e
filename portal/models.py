"""Who calls the API, what is kept so that a repeated request has no second effect, the inbox's links, and webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Lower, Now
from oauth2_provider.models import AbstractApplication, ApplicationManager

from cases.models import Atendimento
from parties.models import AdesaoCipEletronica
from portal.queries import EntregaQuerySet, IntegracaoQuerySet, WebhookQuerySet
from portal.scopes import SCOPES
from workflow.models import Evento, Historico

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


class ConsumidorDeclarado(models.Model):
    """What an integration said of a case's consumer. It reads that, never what the office knows (decision 112)."""

    atendimento = models.OneToOneField(
        Atendimento, models.PROTECT, primary_key=True, related_name="consumidor_declarado", verbose_name="atendimento"
    )
    dados = models.JSONField("dados declarados", default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "consumidor declarado pela integração"
        verbose_name_plural = "consumidores declarados pelas integrações"

    def __str__(self) -> str:
        return f"consumidor declarado em {self.atendimento_id}"


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


class Webhook(models.Model):
    """An address where an integration is told that something happened in one of its cases.

    Never deleted while it may still be named: an act that is just being written may owe it a delivery. The secrets are
    kept sealed (portal/services/webhooks.py), because each delivery is signed with them.
    """

    class Situacao(models.TextChoices):
        """Whether it is told of anything."""

        ATIVO = "ativo", "Ativo"
        DESATIVADO = "desativado", "Desativado pelo destino"
        REMOVIDO = "removido", "Removido"

    integracao = models.ForeignKey(Integracao, models.PROTECT, related_name="webhooks", verbose_name="integração")
    url = models.CharField("endereço", max_length=500)
    eventos = ArrayField(models.CharField(max_length=40), verbose_name="eventos", help_text="de portal/rules/events.py")
    situacao = models.CharField("situação", max_length=10, choices=Situacao.choices, default=Situacao.ATIVO)
    motivo = models.CharField("motivo", max_length=300, blank=True)
    segredo = models.BinaryField("segredo, cifrado")
    segredo_anterior = models.BinaryField("segredo anterior, cifrado", null=True, blank=True)
    segredo_anterior_ate = models.DateTimeField("o segredo anterior assina até", null=True, blank=True)
    criado_em = models.DateTimeField("criado em")
    ativo_desde = models.DateTimeField("ativo desde")
    pausado_ate = models.DateTimeField("servidor fora de alcance, em pausa até", null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = "webhook"
        verbose_name_plural = "webhooks"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["integracao", "url"],
                name="webhook_url_unica",
                condition=models.Q(situacao="ativo"),
                violation_error_message=(
                    "Esta integração já tem um webhook ativo neste endereço. Use-o, ou remova-o antes de criar outro."
                ),
            ),
            models.CheckConstraint(
                name="webhook_segredo_anterior_tem_fim",
                condition=models.Q(segredo_anterior__isnull=True, segredo_anterior_ate__isnull=True)
                | models.Q(segredo_anterior__isnull=False, segredo_anterior_ate__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.url} ({self.get_situacao_display()})"


class Entrega(models.Model):
    """One event owed to one webhook: a row that a trigger writes in the transaction of the event itself.

    `situacao` is the delivery's, not a case's. It holds nobody's data: what happened, in which case, when, and where
    it can be read.
    """

    class Situacao(models.TextChoices):
        """Where the delivery stands; all but the first two are terminal."""

        PENDENTE = "pendente", "A entregar"
        EM_ENVIO = "em_envio", "Em envio"
        ENTREGUE = "entregue", "Entregue"
        FALHOU = "falhou", "Falhou"
        CANCELADA = "cancelada", "Cancelada"

    codigo = models.UUIDField("código", default=uuid4, unique=True, editable=False, help_text="webhook-id, sem «msg_»")
    webhook = models.ForeignKey(
        Webhook, models.PROTECT, related_name="entregas", verbose_name="webhook", db_index=False
    )
    evento = models.ForeignKey(
        Evento, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="evento", db_index=False
    )
    historico = models.ForeignKey(
        Historico, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="histórico", db_index=False
    )
    tipo = models.CharField("tipo", max_length=40)
    protocolo = models.CharField("protocolo", max_length=30, blank=True)
    sequencia = models.PositiveIntegerField("sequência do evento no caso", null=True, blank=True)
    objeto_id = models.BigIntegerField("id do objeto", null=True, blank=True)
    ocorrido_em = models.DateTimeField("ocorrido em")
    situacao = models.CharField("situação", max_length=10, choices=Situacao.choices, default=Situacao.PENDENTE)
    motivo = models.CharField("motivo", max_length=300, blank=True)
    tentativas = models.PositiveSmallIntegerField("tentativas", default=0)
    primeira_tentativa_em = models.DateTimeField("primeira tentativa em", null=True, blank=True)
    ultima_tentativa_em = models.DateTimeField("última tentativa em", null=True, blank=True)
    proxima_tentativa_em = models.DateTimeField("próxima tentativa em")
    resposta = models.CharField("última resposta", max_length=300, blank=True)
    reservada_ate = models.DateTimeField("reservada até", null=True, blank=True)
    concluida_em = models.DateTimeField("concluída em", null=True, blank=True)
    criada_em = models.DateTimeField("criada em", db_default=Now(), editable=False)

    objects = EntregaQuerySet.as_manager()

    class Meta:
        verbose_name = "entrega"
        verbose_name_plural = "entregas"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "evento"], name="entrega_uma_por_evento"),
            models.UniqueConstraint(
                fields=["webhook"],
                name="entrega_um_teste_por_vez",
                condition=models.Q(tipo="webhook.teste", situacao__in=["pendente", "em_envio"]),
                violation_error_message="O teste anterior ainda não terminou. Veja o resultado em «entregas».",
            ),
        ]
        indexes = [
            models.Index(
                fields=["webhook", "proxima_tentativa_em", "id"],
                name="entrega_a_fazer",
                condition=models.Q(situacao="pendente"),
            ),
            models.Index(
                fields=["webhook", "historico", "id"],
                name="entrega_do_caso_em_aberto",
                condition=models.Q(situacao__in=["pendente", "em_envio"]),
            ),
            models.Index(fields=["id"], name="entrega_em_envio", condition=models.Q(situacao="em_envio")),
            models.Index(fields=["webhook", "-id"], name="entrega_lista"),
            models.Index(fields=["webhook", "-id"], name="entrega_falhou", condition=models.Q(situacao="falhou")),
            models.Index(fields=["concluida_em"], name="entrega_concluida"),
        ]

    def __str__(self) -> str:
        return f"{self.tipo} de {self.protocolo} ({self.get_situacao_display()})"
