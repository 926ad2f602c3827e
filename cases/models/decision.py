"""The technical opinion, the decision about each reclamado, and the appeal."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cases.models.atendimento import Reclamado
from cases.models.reclamacao import Reclamacao
from cases.queries import ClassificacaoQuerySet, ParecerQuerySet, RecursoQuerySet
from deadlines.models import Prazo
from documents.models import Documento
from workflow.models import versioned


class ClasseDaReclamacao(models.TextChoices):
    """The classes of CDC art. 44 and of the national register."""

    FUNDAMENTADA_ATENDIDA = "fundamentada_atendida", "Fundamentada atendida"
    FUNDAMENTADA_NAO_ATENDIDA = "fundamentada_nao_atendida", "Fundamentada não atendida"
    NAO_FUNDAMENTADA = "nao_fundamentada", "Não fundamentada"
    ENCERRADA = "encerrada", "Encerrada"
    CONSULTA_FORNECIDA = "consulta_fornecida", "Consulta fornecida"


@versioned()
class Parecer(models.Model):
    """The technical opinion (manifestação técnica): it proposes and does not decide. Returned ones are kept."""

    reclamacao = models.ForeignKey(Reclamacao, models.PROTECT, related_name="pareceres", verbose_name="reclamação")
    autor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="autor")
    analise = models.TextField("análise")
    base_legal = models.CharField("base legal", max_length=200)
    conclusao = models.TextField("conclusão", blank=True)
    emitido_em = models.DateTimeField("emitido em")
    documento = models.OneToOneField(
        Documento, models.PROTECT, null=True, blank=True, related_name="parecer", verbose_name="documento"
    )
    devolvido_em = models.DateTimeField("devolvido em", null=True, blank=True)
    devolvido_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="devolvido por"
    )
    devolvido_por_que = models.TextField("motivo da devolução", blank=True)

    objects = ParecerQuerySet.as_manager()

    class Meta:
        verbose_name = "parecer"
        verbose_name_plural = "pareceres"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reclamacao"],
                name="parecer_um_vigente",
                condition=models.Q(devolvido_em__isnull=True),
                violation_error_message="Já há um parecer nesta reclamação. A autoridade precisa devolvê-lo antes.",
            ),
            models.CheckConstraint(
                name="parecer_devolvido_tem_motivo",
                condition=models.Q(devolvido_em__isnull=True, devolvido_por__isnull=True, devolvido_por_que="")
                | models.Q(devolvido_em__isnull=False, devolvido_por__isnull=False) & ~models.Q(devolvido_por_que=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Parecer sobre {self.reclamacao}"

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.reclamacao.historico_id


@versioned()
class Proposta(models.Model):
    """What an opinion proposes about one reclamado."""

    parecer = models.ForeignKey(Parecer, models.PROTECT, related_name="propostas", verbose_name="parecer")
    reclamado = models.ForeignKey(Reclamado, models.PROTECT, related_name="propostas", verbose_name="reclamado")
    valor = models.CharField("classificação proposta", max_length=26, choices=ClasseDaReclamacao.choices)
    motivo = models.TextField("motivo")

    class Meta:
        verbose_name = "proposta"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["parecer", "reclamado"], name="proposta_unica")]

    def __str__(self) -> str:
        return self.get_valor_display()


@versioned()
class Classificacao(models.Model):
    """The reasoned decision about one reclamado. One is current; those that an appeal changed are kept."""

    Valor = ClasseDaReclamacao

    reclamado = models.ForeignKey(Reclamado, models.PROTECT, related_name="classificacoes", verbose_name="reclamado")
    valor = models.CharField("classificação", max_length=26, choices=ClasseDaReclamacao.choices)
    motivo = models.TextField("motivo")
    base_legal = models.CharField("base legal", max_length=200)
    autoridade = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="autoridade"
    )
    decidida_em = models.DateTimeField("decidida em", db_index=True)
    parecer = models.ForeignKey(
        Parecer, models.PROTECT, null=True, blank=True, related_name="classificacoes", verbose_name="parecer"
    )
    parecerista = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quem escreveu o parecer",
    )
    a_fiscalizacao = models.BooleanField("comunicar à fiscalização", default=False)
    documento = models.OneToOneField(
        Documento, models.PROTECT, null=True, blank=True, related_name="classificacao", verbose_name="decisão"
    )
    intimada_em = models.DateField("partes intimadas em", null=True, blank=True)
    prazo = models.OneToOneField(
        Prazo, models.PROTECT, null=True, blank=True, related_name="classificacao", verbose_name="prazo de recurso"
    )
    transitada_em = models.DateField("definitiva desde", null=True, blank=True)
    substituida_em = models.DateTimeField("substituída em", null=True, blank=True)

    objects = ClassificacaoQuerySet.as_manager()

    class Meta:
        verbose_name = "classificação"
        verbose_name_plural = "classificações"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reclamado"],
                name="classificacao_uma_vigente",
                condition=models.Q(substituida_em__isnull=True),
                violation_error_message="Este fornecedor já foi classificado nesta reclamação.",
            ),
            models.CheckConstraint(
                name="classificacao_outra_pessoa_decide",
                condition=models.Q(parecerista__isnull=True) | ~models.Q(autoridade=models.F("parecerista")),
                violation_error_message="Quem escreveu o parecer não decide. Outra autoridade decide este caso.",
            ),
            models.CheckConstraint(
                name="classificacao_prazo_desde_a_intimacao",
                condition=models.Q(intimada_em__isnull=True, prazo__isnull=True)
                | models.Q(intimada_em__isnull=False, prazo__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.get_valor_display()

    @property
    def unidade_id(self) -> int:
        """The case's unidade."""
        return self.reclamado.unidade_id

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.reclamado.historico_id


@versioned()
class Recurso(models.Model):
    """An appeal against the decision about one reclamado, judged by another authority."""

    class Parte(models.TextChoices):
        """Who appealed."""

        CONSUMIDOR = "consumidor", "Consumidor"
        FORNECEDOR = "fornecedor", "Fornecedor"

    class Resultado(models.TextChoices):
        """What was made of it."""

        PROVIDO = "provido", "Provido: a classificação muda"
        NEGADO = "negado", "Negado: a classificação fica"
        NAO_CONHECIDO = "nao_conhecido", "Não conhecido"

    classificacao = models.ForeignKey(
        Classificacao, models.PROTECT, related_name="recursos", verbose_name="decisão recorrida"
    )
    de_quem = models.CharField("de quem", max_length=10, choices=Parte.choices)
    interposto_em = models.DateField("interposto em")
    texto = models.TextField("razões")
    registrado_em = models.DateTimeField("registrado em")
    resultado = models.CharField("resultado", max_length=13, choices=Resultado.choices, blank=True)
    motivo = models.TextField("motivo do julgamento", blank=True)
    julgado_em = models.DateTimeField("julgado em", null=True, blank=True)
    julgado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="julgado por"
    )
    recorrida = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="autoridade recorrida"
    )

    objects = RecursoQuerySet.as_manager()

    class Meta:
        verbose_name = "recurso"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["classificacao", "de_quem"],
                name="recurso_um_por_parte",
                violation_error_message="Esta parte já recorreu desta decisão.",
            ),
            models.CheckConstraint(
                name="recurso_outra_autoridade_julga",
                condition=models.Q(julgado_por__isnull=True) | ~models.Q(julgado_por=models.F("recorrida")),
                violation_error_message="Quem decidiu não julga o recurso. Outra autoridade o julga.",
            ),
            models.CheckConstraint(
                name="recurso_julgado_tem_resultado",
                condition=models.Q(julgado_em__isnull=True, julgado_por__isnull=True, resultado="")
                | models.Q(julgado_em__isnull=False, julgado_por__isnull=False) & ~models.Q(resultado=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Recurso do {self.get_de_quem_display().lower()}"

    @property
    def unidade_id(self) -> int:
        """The case's unidade."""
        return self.classificacao.unidade_id

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.classificacao.historico_id
