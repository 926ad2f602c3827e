"""The termo of a hearing: written during it, signed, closed into a frozen letter, replaced only by a new version."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.models import Unidade
from documents.models import Documento
from hearings.models.hearing import Audiencia, Presenca


class Termo(models.Model):
    """One version of a hearing's termo. Moved by hearings/acts.py.

    While it is written, `dados` holds the page as typed. Closed, what was written and signed stands in the frozen
    letter alone, and `conteudo_sha256` names it. Where the hearing ended without it, it is `sem_efeito`: `dados` can be
    read, and nobody goes on with it.
    """

    class Status(models.TextChoices):
        """Where the writing stands."""

        EM_REDACAO = "em_redacao", "Em redação"
        FECHADO = "fechado", "Fechado"
        SUBSTITUIDO = "substituido", "Substituído"
        SEM_EFEITO = "sem_efeito", "Sem efeito"

    audiencia = models.ForeignKey(Audiencia, models.PROTECT, related_name="termos", verbose_name="audiência")
    versao = models.PositiveSmallIntegerField("versão", default=1)
    status = models.CharField("status", max_length=12, choices=Status.choices, default=Status.EM_REDACAO)
    dados = models.JSONField("o que foi digitado", default=dict, blank=True)
    conteudo_sha256 = models.CharField("SHA-256 do que se assina", max_length=64, blank=True)
    edicao = models.PositiveIntegerField("edição", default=0)
    pagina = models.UUIDField("página que guardou por último", null=True, blank=True)
    vez = models.PositiveIntegerField("quantas vezes aquela página já tinha guardado", default=0)
    alterado_em = models.DateTimeField("alterado em")
    alterado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="alterado por"
    )
    motivo = models.TextField("motivo da nova versão", blank=True)
    anterior = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="seguinte", verbose_name="versão anterior"
    )
    homologacao = models.CharField("número de homologação", max_length=20, blank=True)
    documento = models.OneToOneField(
        Documento, models.PROTECT, null=True, blank=True, related_name="termo", verbose_name="documento"
    )
    fechado_em = models.DateTimeField("fechado em", null=True, blank=True)
    fechado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fechado por"
    )

    class Meta:
        verbose_name = "termo"
        ordering = ["audiencia", "versao"]
        constraints = [
            models.UniqueConstraint(fields=["audiencia", "versao"], name="termo_versao_unica"),
            models.UniqueConstraint(
                fields=["audiencia"],
                name="termo_um_em_redacao",
                condition=models.Q(status="em_redacao"),
                violation_error_message="Já há um termo desta audiência em redação. Continue aquele.",
            ),
            models.CheckConstraint(
                name="termo_fechado_inteiro",
                condition=models.Q(
                    status__in=["em_redacao", "sem_efeito"],
                    documento__isnull=True,
                    fechado_em__isnull=True,
                    fechado_por__isnull=True,
                )
                | ~models.Q(status__in=["em_redacao", "sem_efeito"])
                & models.Q(documento__isnull=False, fechado_em__isnull=False, fechado_por__isnull=False)
                & ~models.Q(conteudo_sha256=""),
            ),
            models.CheckConstraint(
                name="termo_nova_versao_com_motivo",
                condition=models.Q(versao=1, anterior__isnull=True)
                | models.Q(versao__gt=1, anterior__isnull=False) & ~models.Q(motivo=""),
                violation_error_message="A nova versão de um termo tem motivo.",
            ),
        ]

    def __str__(self) -> str:
        return f"Termo da {self.audiencia} (versão {self.versao})"

    def get_absolute_url(self) -> str:
        """The page on which it is written."""
        return reverse("termo", args=[self.audiencia_id])

    @property
    def unidade_id(self) -> int:
        """The case's unidade."""
        return self.audiencia.unidade_id

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.audiencia.historico_id


class AssinaturaDoTermo(models.Model):
    """One person signed one version of a termo on the screen, as it read then.

    The strokes go when the termo is closed: from then on they stand in the frozen letter alone.
    """

    class Forma(models.TextChoices):
        """How the person signed."""

        DESENHADA = "desenhada", "Desenhada na tela"
        DIGITADA = "digitada", "Nome digitado, com consentimento declarado"

    termo = models.ForeignKey(Termo, models.PROTECT, related_name="assinaturas", verbose_name="termo")
    presenca = models.ForeignKey(Presenca, models.PROTECT, related_name="assinaturas", verbose_name="quem assina")
    forma = models.CharField("forma", max_length=10, choices=Forma.choices)
    nome = models.CharField("nome", max_length=160)
    tracos = models.JSONField("traços", default=list, blank=True)
    conteudo_sha256 = models.CharField("SHA-256 do que assinou", max_length=64)
    assinada_em = models.DateTimeField("assinada em")
    registrada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="registrada por"
    )

    class Meta:
        verbose_name = "assinatura do termo"
        verbose_name_plural = "assinaturas do termo"
        ordering = ["assinada_em", "id"]
        constraints = [
            models.UniqueConstraint(fields=["termo", "presenca"], name="assinatura_uma_por_pessoa"),
        ]

    def __str__(self) -> str:
        return f"{self.nome} ({self.get_forma_display()})"


class SequenciaDeHomologacao(models.Model):
    """The last homologation number given in one unidade and year: gapless, never given twice."""

    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="+", verbose_name="unidade")
    ano = models.PositiveSmallIntegerField("ano")
    ultimo = models.PositiveIntegerField("último número", default=0)

    class Meta:
        verbose_name = "sequência de homologação"
        verbose_name_plural = "sequências de homologação"
        constraints = [models.UniqueConstraint(fields=["unidade", "ano"], name="homologacao_sequencia_unica")]

    def __str__(self) -> str:
        return f"{self.unidade} {self.ano}: {self.ultimo}"
