"""What helps to find a case again: its numbers elsewhere, the words of its texts, and filters that people keep."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Upper

from accounts.models import Unidade
from cases.models.atendimento import Atendimento
from cases.queries import FiltroSalvoQuerySet, NumeroExternoQuerySet, TextoQuerySet


def plain_number(field: str) -> Upper:
    """A number as it is compared: capital letters and digits, without dots, dashes, slashes and spaces."""
    return Upper(Func(field, Value("[^0-9A-Za-z]"), Value(""), Value("g"), function="regexp_replace"))


class NumeroExterno(models.Model):
    """A number that the same case has in another system; what people quote when they come back."""

    class Sistema(models.TextChoices):
        """Whose number it is."""

        SINDEC = "sindec", "SINDEC"
        PROCONSUMIDOR = "proconsumidor", "ProConsumidor"
        CONSUMIDOR_GOV = "consumidor_gov", "consumidor.gov.br"
        PROCESSO = "processo", "Processo administrativo ou judicial"
        OUTRO = "outro", "Outro sistema"
        CONTINGENCIA = "contingencia", "Formulário de contingência"

        @classmethod
        def by_hand(cls) -> list[tuple[str, str]]:
            """The systems whose numbers somebody writes down; a form's comes with typing it in."""
            return [choice for choice in cls.choices if choice[0] != cls.CONTINGENCIA]

    atendimento = models.ForeignKey(Atendimento, models.PROTECT, related_name="numeros", verbose_name="atendimento")
    sistema = models.CharField("sistema", max_length=14, choices=Sistema.choices)
    numero = models.CharField("número", max_length=60)
    busca = models.GeneratedField(
        expression=plain_number("numero"), output_field=models.CharField(max_length=60), db_persist=True
    )
    anotado_em = models.DateTimeField("anotado em")
    anotado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="anotado por"
    )
    retirado_em = models.DateTimeField(
        "retirado em", null=True, blank=True, help_text="por engano; quem e por quê, no histórico"
    )

    objects = NumeroExternoQuerySet.as_manager()

    class Meta:
        verbose_name = "número externo"
        verbose_name_plural = "números externos"
        ordering = ["sistema", "numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["atendimento", "sistema", "busca"],
                name="numero_externo_unico",
                condition=models.Q(retirado_em__isnull=True),
                violation_error_message="Este número já está anotado neste caso.",
            ),
            models.CheckConstraint(
                name="numero_externo_tem_digitos",
                condition=models.Q(busca__regex=r"[0-9]"),
                violation_error_message="Escreva o número como está no outro sistema, com os seus algarismos.",
            ),
        ]
        indexes = [models.Index(fields=["busca"], name="numero_externo_busca")]

    def __str__(self) -> str:
        return f"{self.get_sistema_display()} {self.numero}"


class TextoDoAtendimento(models.Model):
    """The stems of a case's relato and pedido, with its unidade and month as marks: written only by a trigger.

    A table of its own: the rows of cases stay narrow, and an act on a case does not write its words anew.
    """

    atendimento = models.OneToOneField(
        Atendimento, models.CASCADE, primary_key=True, related_name="texto", verbose_name="atendimento"
    )
    vetor = SearchVectorField("palavras")

    objects = TextoQuerySet.as_manager()

    class Meta:
        verbose_name = "texto do atendimento"
        verbose_name_plural = "textos dos atendimentos"
        indexes = [GinIndex(fields=["vetor"], name="texto_palavras")]

    def __str__(self) -> str:
        return f"texto de {self.atendimento_id}"


class FiltroSalvo(models.Model):
    """A filter of the list of cases that somebody keeps under a name; never what was typed to search."""

    dono = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="filtros", verbose_name="dono")
    unidade = models.ForeignKey(
        Unidade,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="filtros",
        verbose_name="partilhado com a unidade",
    )
    nome = models.CharField("nome", max_length=60)
    consulta = models.CharField("filtros", max_length=1000, blank=True)
    ordem = models.PositiveSmallIntegerField("ordem", default=0)
    padrao = models.BooleanField("abre com a lista", default=False)

    objects = FiltroSalvoQuerySet.as_manager()

    class Meta:
        verbose_name = "filtro salvo"
        verbose_name_plural = "filtros salvos"
        ordering = ["ordem", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dono", "nome"],
                name="filtro_nome_unico",
                violation_error_message="Você já tem um filtro com este nome. Escolha outro nome.",
            ),
            models.UniqueConstraint(fields=["dono"], condition=models.Q(padrao=True), name="filtro_um_padrao"),
        ]

    def __str__(self) -> str:
        return self.nome
