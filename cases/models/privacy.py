"""What people ask the office about their own data."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from parties.models import Consumidor


class SolicitacaoDoTitular(models.Model):
    """One request of a person about their own data (LGPD, art. 18), with its term and its answer."""

    class Pedido(models.TextChoices):
        """What is asked; the rights of LGPD, art. 18."""

        ACESSO = "acesso", "Saber quais dados temos, ou recebê-los"
        CORRECAO = "correcao", "Corrigir dados"
        ANONIMIZACAO = "anonimizacao", "Anonimizar ou eliminar dados"
        COMPARTILHAMENTO = "compartilhamento", "Saber com quem foram compartilhados"
        OUTRO = "outro", "Outro pedido"

    consumidor = models.ForeignKey(
        Consumidor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="solicitacoes",
        verbose_name="consumidor",
        help_text="vazio quando o Procon não tem dados de quem pede",
    )
    solicitante = models.CharField("quem pede", max_length=160)
    pedido = models.CharField("pedido", max_length=20, choices=Pedido.choices)
    texto = models.TextField("o que foi pedido")
    recebida_em = models.DateField("recebida em")
    responder_ate = models.DateField("responder até")
    registrada_em = models.DateTimeField("registrada em")
    registrada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="registrada por"
    )
    resposta = models.TextField("resposta", blank=True)
    respondida_em = models.DateTimeField("respondida em", null=True, blank=True)
    respondida_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="respondida por"
    )

    class Meta:
        verbose_name = "solicitação do titular"
        verbose_name_plural = "solicitações dos titulares"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="solicitacao_respondida_tem_resposta",
                condition=models.Q(resposta="", respondida_em__isnull=True, respondida_por__isnull=True)
                | models.Q(respondida_em__isnull=False, respondida_por__isnull=False) & ~models.Q(resposta=""),
            ),
            models.CheckConstraint(
                name="solicitacao_prazo_depois_do_recebimento",
                condition=models.Q(responder_ate__gte=models.F("recebida_em")),
                violation_error_message="O prazo de resposta não pode ser anterior ao recebimento. Confira as datas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_pedido_display()}, recebida em {self.recebida_em:%d/%m/%Y}"
