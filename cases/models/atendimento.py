"""The atendimento: one contact with the office and its file, with the suppliers complained against."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Upper

from accounts.models import Unidade
from cases.models.taxonomy import Assunto, Orgao, Problema
from cases.queries import AtendimentoQuerySet, ReclamadoQuerySet
from parties.models import Consumidor, Fornecedor
from workflow.models import Historico, versioned


class Tipo(models.TextChoices):
    """The ten kinds of atendimento (domain: words)."""

    SIMPLES_CONSULTA = "simples_consulta", "Simples consulta"
    ATENDIMENTO_PRELIMINAR = "atendimento_preliminar", "Atendimento preliminar (AP)"
    EXTRA_PROCON = "extra_procon", "Extra Procon"
    CALCULO = "calculo", "Cálculo"
    ABERTURA_DIRETA = "abertura_direta", "Abertura direta de reclamação"
    DE_OFICIO = "de_oficio", "De ofício"
    ENCAMINHAMENTO = "encaminhamento", "Encaminhamento"
    INICIAL_JEC = "inicial_jec", "Inicial ao Juizado Especial"
    NOTA_FISCAL_PAULISTA = "nota_fiscal_paulista", "Nota Fiscal Paulista"
    CONSULTA_DE_CASO = "consulta_de_caso", "Consulta de caso"


class Canal(models.TextChoices):
    """How the person reached the office."""

    PESSOAL = "pessoal", "Pessoalmente"
    TELEFONE = "telefone", "Telefone"
    EMAIL = "email", "E-mail"
    CARTA = "carta", "Carta"
    PORTAL = "portal", "Portal"
    DE_OFICIO = "de_oficio", "De ofício"


class Desfecho(models.TextChoices):
    """How a case ended; apart from its status."""

    RESOLVIDO_NO_ATENDIMENTO = "resolvido_no_atendimento", "Resolvido no atendimento"
    ACORDO = "acordo", "Acordo"
    RESOLVIDO_CIP = "resolvido_cip", "Resolvido pela CIP"
    RESOLVIDO_PARCIAL = "resolvido_parcial", "Resolvido em parte"
    SEM_RESOLUCAO = "sem_resolucao", "Sem resolução"
    ORIENTADO = "orientado", "Orientado"
    ENCAMINHADO = "encaminhado", "Encaminhado"
    DESISTENCIA = "desistencia", "Desistência"
    DUPLICIDADE = "duplicidade", "Duplicidade"
    LITISPENDENCIA = "litispendencia", "Litispendência"
    DOMICILIO_INCONSISTENTE = "domicilio_inconsistente", "Domicílio fora do município"
    IMPROCEDENCIA = "improcedencia", "Improcedência"
    FUNDAMENTADA_ATENDIDA = "fundamentada_atendida", "Fundamentada atendida"
    FUNDAMENTADA_NAO_ATENDIDA = "fundamentada_nao_atendida", "Fundamentada não atendida"
    NAO_FUNDAMENTADA = "nao_fundamentada", "Não fundamentada"


class Sequencia(models.Model):
    """The last number given in one unidade and year; locked from the number until the commit, so without gaps."""

    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="+", verbose_name="unidade")
    ano = models.PositiveSmallIntegerField("ano")
    ultimo = models.PositiveIntegerField("último número")

    class Meta:
        verbose_name = "sequência"
        constraints = [models.UniqueConstraint(fields=["unidade", "ano"], name="sequencia_unica")]

    def __str__(self) -> str:
        return f"{self.unidade.codigo}/{self.ano}: {self.ultimo}"


@versioned("chave_hash", "integracao")
class Atendimento(models.Model):
    """One contact of a person with the office, and its file. Moved only by the acts of cases/acts.py."""

    class Status(models.TextChoices):
        """Where the case stands."""

        ABERTO = "aberto", "Aberto"
        AGUARDA_FORNECEDOR = "aguarda_fornecedor", "Aguarda fornecedor"
        AGUARDA_CONSUMIDOR = "aguarda_consumidor", "Aguarda consumidor"
        EM_RECLAMACAO = "em_reclamacao", "Em reclamação"
        ENCERRADO = "encerrado", "Encerrado"

    protocolo = models.CharField("protocolo", max_length=21, unique=True)
    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="atendimentos", verbose_name="unidade")
    tipo = models.CharField("tipo", max_length=30, choices=Tipo.choices)
    canal = models.CharField("canal", max_length=12, choices=Canal.choices)
    status = models.CharField("status", max_length=20, choices=Status.choices)
    desfecho = models.CharField("desfecho", max_length=30, choices=Desfecho.choices, blank=True)
    consumidor = models.ForeignKey(
        Consumidor, models.PROTECT, null=True, blank=True, related_name="atendimentos", verbose_name="consumidor"
    )
    assunto = models.ForeignKey(
        Assunto, models.PROTECT, null=True, blank=True, related_name="atendimentos", verbose_name="assunto"
    )
    problema = models.ForeignKey(
        Problema, models.PROTECT, null=True, blank=True, related_name="atendimentos", verbose_name="problema"
    )
    relato = models.TextField("relato", blank=True)
    pedido = models.TextField("pedido", blank=True)
    orientacao = models.TextField("orientação dada", blank=True, default="", db_default="")
    valor = models.DecimalField("valor envolvido (R$)", max_digits=12, decimal_places=2, null=True, blank=True)
    data_compra = models.DateField("data da compra", null=True, blank=True)
    prioridade = models.PositiveSmallIntegerField("ordem de prioridade", default=3)
    orgao = models.ForeignKey(
        Orgao, models.PROTECT, null=True, blank=True, related_name="atendimentos", verbose_name="órgão de destino"
    )
    refere_a = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="consultas", verbose_name="caso consultado"
    )
    nfp_desbloqueada = models.BooleanField("senha da NFP desbloqueada", null=True, blank=True)
    protocolo_externo = models.CharField("protocolo externo", max_length=60, blank=True)
    chave_hash = models.CharField("hash da chave de acompanhamento", max_length=64, blank=True)
    aberto_em = models.DateTimeField("aberto em")
    encerrado_em = models.DateTimeField("encerrado em", null=True, blank=True)
    atendente = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="atendimentos", verbose_name="atendente"
    )
    integracao = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="integração que registrou",
        help_text="fica a mesma quando o caso passa a um atendente; vazia nos casos do balcão",
        db_index=False,
    )
    historico = models.OneToOneField(Historico, models.PROTECT, related_name="atendimento", verbose_name="histórico")

    objects = AtendimentoQuerySet.as_manager()

    class Meta:
        verbose_name = "atendimento"
        ordering = ["-aberto_em", "-id"]
        constraints = [
            models.CheckConstraint(
                name="atendimento_protocolo_formato",
                condition=models.Q(protocolo__regex=r"^\d{2}\.\d{3}\.\d{3}\.\d{2}-\d{7}$"),
            ),
            models.CheckConstraint(
                name="atendimento_encerrado_tem_desfecho",
                condition=models.Q(status="encerrado", encerrado_em__isnull=False) & ~models.Q(desfecho="")
                | ~models.Q(status="encerrado") & models.Q(desfecho="", encerrado_em__isnull=True),
            ),
            models.CheckConstraint(
                name="atendimento_valor_positivo", condition=models.Q(valor__isnull=True) | models.Q(valor__gte=0)
            ),
            models.CheckConstraint(
                name="atendimento_encaminhamento_tem_orgao",
                condition=~models.Q(tipo="encaminhamento") | models.Q(orgao__isnull=False),
            ),
            models.CheckConstraint(
                name="atendimento_consulta_refere_caso",
                condition=~models.Q(tipo="consulta_de_caso") | models.Q(refere_a__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["unidade", "-aberto_em", "-id"], name="atendimento_lista"),
            models.Index(fields=["aberto_em", "tipo"], name="atendimento_balanco"),
            models.Index(fields=["atendente", "-aberto_em", "-id"], name="atendimento_de_quem"),
            models.Index(
                fields=["integracao", "-aberto_em", "-id"],
                name="atendimento_da_integracao",
                condition=models.Q(integracao__isnull=False),
            ),
            models.Index(fields=["unidade", "status", "-aberto_em", "-id"], name="atendimento_por_status"),
            # One per filter of the list, in the list's own order: each page is read off the index, from any cursor.
            models.Index(fields=["-aberto_em", "-id"], name="atendimento_por_data"),
            models.Index(fields=["unidade", "tipo", "-aberto_em", "-id"], name="atendimento_por_tipo"),
            models.Index(fields=["unidade", "canal", "-aberto_em", "-id"], name="atendimento_por_canal"),
            models.Index(fields=["unidade", "desfecho", "-aberto_em", "-id"], name="atendimento_por_desfecho"),
            models.Index(fields=["unidade", "prioridade", "aberto_em", "id"], name="atendimento_por_prioridade"),
            models.Index(fields=["assunto", "-aberto_em", "-id"], name="atendimento_por_assunto"),
            models.Index(fields=["problema", "-aberto_em", "-id"], name="atendimento_por_problema"),
            models.Index(
                fields=["unidade", "-aberto_em", "-id"],
                name="atendimento_em_andamento",
                condition=~models.Q(status="encerrado"),
            ),
            models.Index(
                Upper(
                    Func("protocolo_externo", Value("[^0-9A-Za-z]"), Value(""), Value("g"), function="regexp_replace")
                ),
                name="atendimento_externo",
                condition=~models.Q(protocolo_externo=""),
            ),
        ]

    def __str__(self) -> str:
        return self.protocolo

    def get_absolute_url(self) -> str:
        """The case's page."""
        from django.urls import reverse

        return reverse("atendimento", args=[self.protocolo])


@versioned()
class Reclamado(models.Model):
    """A supplier complained against in one case; each has its own CIP and its own outcome."""

    atendimento = models.ForeignKey(Atendimento, models.PROTECT, related_name="reclamados", verbose_name="atendimento")
    fornecedor = models.ForeignKey(Fornecedor, models.PROTECT, related_name="reclamacoes", verbose_name="fornecedor")

    objects = ReclamadoQuerySet.as_manager()

    class Meta:
        verbose_name = "reclamado"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["atendimento", "fornecedor"], name="reclamado_unico")]
        indexes = [models.Index(fields=["fornecedor", "-atendimento"], name="reclamado_de_quem")]

    def __str__(self) -> str:
        return f"{self.fornecedor} em {self.atendimento}"

    @property
    def unidade_id(self) -> int:
        """The case's unidade."""
        return self.atendimento.unidade_id

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.atendimento.historico_id


@versioned()
class Contato(models.Model):
    """The preliminary call (or message) to a supplier, with the consumer present, and what came of it."""

    class Resultado(models.TextChoices):
        """What the supplier said."""

        RESOLVIDO = "resolvido", "Resolvido"
        NAO_RESOLVIDO = "nao_resolvido", "Não resolvido"
        SEM_CONTATO = "sem_contato", "Não atendeu"

    reclamado = models.ForeignKey(Reclamado, models.PROTECT, related_name="contatos", verbose_name="reclamado")
    quando = models.DateTimeField("quando")
    com_quem = models.CharField("com quem", max_length=120, blank=True)
    resultado = models.CharField("resultado", max_length=15, choices=Resultado.choices)
    relato = models.TextField("o que foi dito", blank=True)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="por")

    class Meta:
        verbose_name = "contato"
        ordering = ["quando", "id"]

    def __str__(self) -> str:
        return f"{self.quando:%d/%m/%Y %H:%M} {self.get_resultado_display()}"
