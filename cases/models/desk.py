"""What lies on a clerk's desk: ready texts, and drafts of what is being typed."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Lower

from cases.queries import RascunhoQuerySet, TextoPadraoQuerySet


class TextoPadrao(models.Model):
    """A ready text with placeholders, kept by the office; retired, never deleted."""

    class Uso(models.TextChoices):
        """Where it is inserted."""

        RELATO = "relato", "Relato"
        PEDIDO = "pedido", "Pedido"
        ORIENTACAO = "orientacao", "Orientação"
        CONTATO = "contato", "Contato com o fornecedor"
        RESPOSTA = "resposta", "Resposta"
        TERMO = "termo", "Termo de audiência"
        ACORDO = "acordo", "Cláusulas do acordo"

    #: The name of a text that came with the program; the office's own have none.
    chave = models.SlugField("chave", max_length=40, null=True, blank=True, unique=True, editable=False)
    uso = models.CharField("uso", max_length=10, choices=Uso.choices)
    titulo = models.CharField("título", max_length=80)
    texto = models.TextField("texto")
    alterado_em = models.DateTimeField("alterado em", null=True, blank=True)
    alterado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="alterado por"
    )
    aposentado_em = models.DateTimeField("aposentado em", null=True, blank=True)

    objects = TextoPadraoQuerySet.as_manager()

    class Meta:
        verbose_name = "texto-padrão"
        verbose_name_plural = "textos-padrão"
        ordering = ["uso", "titulo", "id"]
        constraints = [
            models.UniqueConstraint(
                "uso",
                Lower("titulo"),
                name="texto_padrao_titulo_unico",
                violation_error_message="Já há um texto com este título neste uso. Escolha outro título.",
            ),
        ]

    def __str__(self) -> str:
        return self.titulo


class Rascunho(models.Model):
    """What a clerk has typed into the registration page and not registered yet; nobody else sees it.

    Once the case is there, what was typed is gone and the row says which case it became, until drafts are forgotten:
    so a page registers once, and nothing that it sent earlier is kept again.
    """

    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="rascunhos", verbose_name="usuário"
    )
    envio = models.UUIDField("página em que foi digitado")
    dados = models.JSONField("o que foi digitado", default=dict, encoder=DjangoJSONEncoder)
    pagina = models.UUIDField("janela que guardou por último", null=True, blank=True)
    vez = models.PositiveIntegerField("quantas vezes aquela janela já tinha guardado", default=0)
    atendimento = models.ForeignKey(
        "cases.Atendimento",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="atendimento em que foi registrado",
    )
    criado_em = models.DateTimeField("criado em")
    alterado_em = models.DateTimeField("alterado em")

    objects = RascunhoQuerySet.as_manager()

    class Meta:
        verbose_name = "rascunho"
        ordering = ["-alterado_em", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["usuario", "envio"], name="rascunho_unico"),
            models.CheckConstraint(
                name="rascunho_registrado_vazio",
                condition=models.Q(atendimento__isnull=True) | models.Q(dados={}),
                violation_error_message="O que já foi registrado não é mais rascunho.",
            ),
        ]
        indexes = [models.Index(fields=["alterado_em"], name="rascunho_idade")]

    def __str__(self) -> str:
        return f"rascunho de {self.alterado_em:%d/%m/%Y %H:%M}"

    @property
    def resumo(self) -> str:
        """Enough to know it again: whose it is, and of what."""
        told = [(self.dados.get(name) or [""])[0] for name in ("nome", "assunto", "relato")]
        return " · ".join(" ".join(text.split())[:60] for text in told if text.strip()) or "sem nome"
