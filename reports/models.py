"""Totals: what was counted up to the last fold, and what was written since (decision 72)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Unidade
from cases.models import Classificacao
from deadlines.models import Prazo
from parties.models import Fornecedor
from reports.queries import LinhaQuerySet, PedidoQuerySet
from workflow.models import Historico


def _dimension(name: str, size: int = 30) -> models.CharField[str, str]:
    return models.CharField(name, max_length=size, db_collation="C", default="", db_default="")


class Lancamento(models.Model):
    """A fact that came (+1) or went (-1), or many alike. Written by triggers only; folded into `Soma`, then gone.

    Nobody waits for anybody to write one. The dimensions are those of `measures.COLUMNS`, as texts.
    """

    medida = models.PositiveSmallIntegerField("medida")
    ano = models.PositiveSmallIntegerField("ano")
    dia = models.DateField("dia", null=True)
    unidade = models.BigIntegerField("unidade", help_text="0 onde não há unidade: registro nacional")
    tipo = _dimension("tipo")
    canal = _dimension("canal")
    desfecho = _dimension("desfecho")
    orgao = _dimension("órgão")
    nfp = _dimension("senha da NFP desbloqueada")
    assunto = _dimension("assunto")
    problema = _dimension("problema")
    fornecedor = _dimension("fornecedor")
    situacao = _dimension("situação")
    resultado = _dimension("resultado")
    conciliador = _dimension("conciliador")
    meio = _dimension("meio")
    grafia = _dimension("grafia", 200)
    n = models.IntegerField("quantos a mais ou a menos")

    class Meta:
        verbose_name = "lançamento"

    def __str__(self) -> str:
        return f"{self.n:+d} em {self.dia or self.ano}"


class Soma(models.Model):
    """The total of one measure over one stretch of time, one unidade and the values of at most two dimensions.

    Written by the fold only. What was not folded yet stands in `Lancamento`: a reader adds both in one statement.
    """

    pk = models.CompositePrimaryKey("medida", "conjunto", "grao", "inicio", "unidade", "a", "b")
    medida = models.PositiveSmallIntegerField("medida")
    conjunto = models.PositiveIntegerField("conjunto de dimensões")
    grao = models.PositiveSmallIntegerField("grão: 1 dia, 2 mês, 3 ano")
    inicio = models.DateField("início")
    unidade = models.BigIntegerField("unidade")
    a = models.CharField("valor da primeira dimensão", max_length=30, db_collation="C")
    b = models.CharField("valor da segunda dimensão", max_length=200, db_collation="C")
    n = models.BigIntegerField("total")

    class Meta:
        verbose_name = "soma"
        indexes = [
            # The ranking of a stretch of time, to be read from its top. 8192 is the set of the first of HOMES.
            models.Index(
                "medida", "conjunto", "grao", "inicio", "unidade", models.F("n").desc(), "a",
                name="soma_maiores",
                condition=models.Q(conjunto__gte=8192, n__gt=0) & ~models.Q(a=""),
            ),
            # The suppliers of one assunto (65), of one result (513), of both (577).
            models.Index(
                fields=["medida", "conjunto", "grao", "inicio", "unidade", "b"],
                name="soma_do_valor",
                condition=models.Q(conjunto__in=[65, 513, 577]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.inicio} {self.a} {self.b}: {self.n}"


class Casa(models.Model):
    """Whom a supplier's totals are counted for. Kept by triggers on suppliers, which move the totals when it changes.

    The keys are those of `measures.HOMES`: `empresa` is the radical, or «#» and the number of the registration that
    stands for a supplier without CNPJ; `conglomerado` is «grupo» and its number, or the company where it is in none.
    A supplier that was deleted keeps its line: what the journal still takes away from it must go where it was.
    """

    fornecedor = models.CharField("fornecedor", max_length=30, db_collation="C", primary_key=True)
    titular = models.CharField("cadastro que responde por ele", max_length=30, db_collation="C")
    empresa = models.CharField("empresa", max_length=30, db_collation="C")
    conglomerado = models.CharField("grupo econômico ou empresa", max_length=30, db_collation="C")

    class Meta:
        verbose_name = "casa do fornecedor"
        verbose_name_plural = "casas dos fornecedores"
        indexes = [
            models.Index(fields=["titular"], name="casa_titular"),
            models.Index(fields=["empresa"], name="casa_empresa"),
            models.Index(fields=["conglomerado"], name="casa_conglomerado"),
        ]

    def __str__(self) -> str:
        return f"{self.fornecedor} em {self.empresa}"


class Fechamento(models.Model):
    """A year's balance of one unidade as it stood when it was closed. Never rewritten: a trigger refuses it.

    `resumo` is the hash of the whole (closing.digest). Later corrections show as a difference to the balance of today.
    """

    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="fechamentos", verbose_name="unidade")
    ano = models.PositiveSmallIntegerField("ano")
    numeros = models.JSONField("números", help_text="contador → total, como no balanço")
    resumo = models.CharField("resumo SHA-256", max_length=64)
    fechado_em = models.DateTimeField("fechado em")
    fechado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="por")
    ultimo_evento = models.BigIntegerField("último evento de então")

    class Meta:
        verbose_name = "fechamento"
        ordering = ["-ano"]
        constraints = [
            models.UniqueConstraint(
                fields=["unidade", "ano"],
                name="fechamento_um_por_ano",
                violation_error_message="Este ano já foi fechado nesta unidade.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unidade} {self.ano}"


class Cadastro(models.Model):
    """One published version of a year's register of founded complaints. Never rewritten: triggers refuse it.

    What is corrected later is published as the next version, which names this one. `resumo` is the hash of the whole
    (register.rules.digest). The history holds the terms of its correction requests.
    """

    ano = models.PositiveSmallIntegerField("ano")
    versao = models.PositiveSmallIntegerField("versão")
    substitui = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="substituida_por", verbose_name="versão que substitui"
    )
    motivo = models.TextField("por que foi republicado", blank=True)
    mudancas = models.JSONField("o que mudou", default=list, help_text="em relação à versão que substitui")
    diario_numero = models.CharField("número do diário oficial", max_length=40)
    diario_data = models.DateField("data do diário oficial")
    diario_pagina = models.CharField("página do diário oficial", max_length=20)
    publicado_em = models.DateTimeField("publicado em")
    publicado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="por")
    historico = models.OneToOneField(Historico, models.PROTECT, related_name="cadastro", verbose_name="histórico")
    prazo = models.OneToOneField(
        Prazo, models.PROTECT, related_name="cadastro", verbose_name="prazo dos pedidos de correção"
    )
    resumo = models.CharField("resumo SHA-256", max_length=64)

    class Meta:
        verbose_name = "cadastro de reclamações fundamentadas"
        verbose_name_plural = "cadastros de reclamações fundamentadas"
        ordering = ["-ano", "-versao"]
        constraints = [
            models.UniqueConstraint(
                fields=["ano", "versao"],
                name="cadastro_versao_unica",
                violation_error_message="Outra pessoa publicou este cadastro agora mesmo. Atualize a página e confira.",
            ),
            models.CheckConstraint(
                name="cadastro_republicado_tem_motivo",
                condition=models.Q(versao=1, substitui__isnull=True)
                | models.Q(versao__gt=1, substitui__isnull=False) & ~models.Q(motivo=""),
            ),
            models.CheckConstraint(
                name="cadastro_tem_diario", condition=~models.Q(diario_numero="") & ~models.Q(diario_pagina="")
            ),
        ]

    def __str__(self) -> str:
        return f"Cadastro de {self.ano}, versão {self.versao}"


class LinhaDoCadastro(models.Model):
    """One supplier in a published version, named as published: natural persons are masked."""

    cadastro = models.ForeignKey(Cadastro, models.PROTECT, related_name="linhas", verbose_name="cadastro")
    ordem = models.PositiveIntegerField("ordem")
    fornecedor = models.ForeignKey(
        Fornecedor, models.PROTECT, related_name="linhas_do_cadastro", verbose_name="fornecedor"
    )
    razao_social = models.CharField("razão social", max_length=200)
    cnpj = models.CharField("CNPJ", max_length=14, blank=True)
    nome_fantasia = models.CharField("nome fantasia", max_length=200, blank=True)
    pessoa_fisica = models.BooleanField("pessoa física, sem nome")
    busca = models.TextField("nomes para busca")
    resumo = models.CharField("resumo SHA-256", max_length=64)

    objects = LinhaQuerySet.as_manager()

    class Meta:
        verbose_name = "linha do cadastro"
        verbose_name_plural = "linhas do cadastro"
        ordering = ["cadastro", "ordem"]
        constraints = [
            models.UniqueConstraint(fields=["cadastro", "ordem"], name="linha_do_cadastro_ordem"),
            models.UniqueConstraint(fields=["cadastro", "fornecedor"], name="linha_do_cadastro_fornecedor"),
        ]

    def __str__(self) -> str:
        return self.razao_social

    def decisions(self) -> models.QuerySet[Classificacao]:
        """The decisions behind it."""
        return Classificacao.objects.filter(publicacoes__linha=self)


class ItemDoCadastro(models.Model):
    """One founded complaint in a published version: what the supplier was complained of, and until when it is shown."""

    linha = models.ForeignKey(LinhaDoCadastro, models.PROTECT, related_name="itens", verbose_name="linha")
    classificacao = models.ForeignKey(Classificacao, models.PROTECT, related_name="publicacoes", verbose_name="decisão")
    atendida = models.BooleanField("atendida")
    area = models.CharField("área", max_length=60, blank=True)
    assunto = models.CharField("assunto", max_length=200, blank=True)
    problema = models.CharField("problema", max_length=200, blank=True)
    conta_de = models.DateField("os cinco anos contam de")
    publico_ate = models.DateField("último dia em que é mostrado")

    class Meta:
        verbose_name = "item do cadastro"
        verbose_name_plural = "itens do cadastro"
        constraints = [models.UniqueConstraint(fields=["linha", "classificacao"], name="item_do_cadastro_unico")]

    def __str__(self) -> str:
        return f"{self.linha}: {self.assunto}"


class PedidoDeCorrecao(models.Model):
    """A request to correct or complete a published register (Decreto 2.181/1997, art. 61). Never rewritten."""

    class Especie(models.TextChoices):
        """What art. 61 lets one ask for."""

        RETIFICACAO = "retificacao", "Retificação de informação inexata"
        INCLUSAO = "inclusao", "Inclusão de informação omitida"

    class Parte(models.TextChoices):
        """Who may ask."""

        FORNECEDOR = "fornecedor", "Fornecedor"
        CONSUMIDOR = "consumidor", "Consumidor"

    cadastro = models.ForeignKey(Cadastro, models.PROTECT, related_name="pedidos", verbose_name="cadastro")
    linha = models.ForeignKey(
        LinhaDoCadastro, models.PROTECT, null=True, blank=True, related_name="pedidos", verbose_name="fornecedor"
    )
    especie = models.CharField("o que se pede", max_length=11, choices=Especie.choices)
    de_quem = models.CharField("de quem", max_length=10, choices=Parte.choices)
    requerente = models.CharField("nome de quem pede", max_length=160)
    recebido_em = models.DateField("recebido em")
    texto = models.TextField("pedido e fundamentos")
    registrado_em = models.DateTimeField("registrado em")
    registrado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="por")
    prazo = models.OneToOneField(
        Prazo, models.PROTECT, related_name="pedido_de_correcao", verbose_name="prazo da resposta"
    )

    objects = PedidoQuerySet.as_manager()

    class Meta:
        verbose_name = "pedido de correção"
        verbose_name_plural = "pedidos de correção"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="pedido_de_correcao_fundamentado", condition=~models.Q(texto="") & ~models.Q(requerente="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_especie_display()}, de {self.requerente}"

    def is_late(self, *, today: date) -> bool:
        """Whether the answer came, or is still missing, after the last day of its term."""
        answer: RespostaAoPedido | None = getattr(self, "resposta", None)
        return (timezone.localdate(answer.respondida_em) if answer else today) > self.prazo.vence_em


class RespostaAoPedido(models.Model):
    """The reasoned answer to a correction request: granted or refused. Never rewritten."""

    pedido = models.OneToOneField(PedidoDeCorrecao, models.PROTECT, related_name="resposta", verbose_name="pedido")
    deferido = models.BooleanField("deferido")
    motivo = models.TextField("motivo")
    respondida_em = models.DateTimeField("respondida em")
    respondida_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="por")

    class Meta:
        verbose_name = "resposta ao pedido de correção"
        verbose_name_plural = "respostas aos pedidos de correção"
        constraints = [models.CheckConstraint(name="resposta_ao_pedido_motivada", condition=~models.Q(motivo=""))]

    def __str__(self) -> str:
        return "deferido" if self.deferido else "indeferido"
