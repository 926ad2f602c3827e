"""The reclamação: the formal complaint that follows an unsolved case or a direct opening."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cases.models.atendimento import Atendimento, Reclamado
from workflow.models import versioned


@versioned()
class Reclamacao(models.Model):
    """The administrative process of complaint of one case. Moved only by the acts of cases/acts.py."""

    class Status(models.TextChoices):
        """Where the process stands."""

        INSTAURADA = "instaurada", "Instaurada"
        NOTIFICADA = "notificada", "Notificada"
        DEFESA_RECEBIDA = "defesa_recebida", "Defesa recebida"
        REVELIA = "revelia", "Revelia"
        EM_ANALISE = "em_analise", "Em análise"
        DECIDIDA = "decidida", "Decidida"
        ARQUIVADA = "arquivada", "Arquivada"

    atendimento = models.OneToOneField(
        Atendimento, models.PROTECT, related_name="reclamacao", verbose_name="atendimento"
    )
    status = models.CharField("status", max_length=16, choices=Status.choices, default=Status.INSTAURADA)
    instaurada_em = models.DateTimeField("instaurada em", db_index=True)

    class Meta:
        verbose_name = "reclamação"
        verbose_name_plural = "reclamações"

    def __str__(self) -> str:
        return f"Reclamação {self.atendimento}"

    @property
    def unidade_id(self) -> int:
        """The case's unidade."""
        return self.atendimento.unidade_id

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.atendimento.historico_id


@versioned()
class Classificacao(models.Model):
    """The reasoned decision about one reclamado."""

    class Valor(models.TextChoices):
        """The classes of CDC art. 44 and of the national register."""

        FUNDAMENTADA_ATENDIDA = "fundamentada_atendida", "Fundamentada atendida"
        FUNDAMENTADA_NAO_ATENDIDA = "fundamentada_nao_atendida", "Fundamentada não atendida"
        NAO_FUNDAMENTADA = "nao_fundamentada", "Não fundamentada"
        ENCERRADA = "encerrada", "Encerrada"
        CONSULTA_FORNECIDA = "consulta_fornecida", "Consulta fornecida"

    reclamado = models.OneToOneField(Reclamado, models.PROTECT, related_name="classificacao", verbose_name="reclamado")
    valor = models.CharField("classificação", max_length=26, choices=Valor.choices)
    motivo = models.TextField("motivo")
    base_legal = models.CharField("base legal", max_length=200)
    autoridade = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="autoridade"
    )
    decidida_em = models.DateTimeField("decidida em", db_index=True)

    class Meta:
        verbose_name = "classificação"
        verbose_name_plural = "classificações"

    def __str__(self) -> str:
        return self.get_valor_display()
