"""The walk-in queue of one unidade and day: tickets, with the times of what became of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.models import Unidade
from cases.models.atendimento import Atendimento
from cases.queries import SenhaQuerySet
from cases.rules.queue import PREFIXES, ticket_name


class SequenciaDeSenha(models.Model):
    """The last ticket's number in one unidade on one day; locked from the number until the commit, so without gaps."""

    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="+", verbose_name="unidade")
    dia = models.DateField("dia")
    ultimo = models.PositiveIntegerField("último número")

    class Meta:
        verbose_name = "sequência de senhas"
        constraints = [models.UniqueConstraint(fields=["unidade", "dia"], name="sequencia_senha_unica")]

    def __str__(self) -> str:
        return f"{self.unidade.codigo} {self.dia:%d/%m/%Y}: {self.ultimo}"


class Senha(models.Model):
    """A ticket of the walk-in queue: nobody's data but, if wished, a first name; and the case that it led to."""

    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="senhas", verbose_name="unidade")
    dia = models.DateField("dia")
    numero = models.PositiveIntegerField("número")
    ordem = models.PositiveSmallIntegerField(
        "ordem de prioridade", choices=[(rank, label) for rank, (_, label) in PREFIXES.items()]
    )
    primeiro_nome = models.CharField("primeiro nome", max_length=40, blank=True)
    emitida_em = models.DateTimeField("emitida em")
    chamada_em = models.DateTimeField("chamada em", null=True, blank=True)
    ultima_chamada_em = models.DateTimeField("última chamada em", null=True, blank=True)
    chamadas = models.PositiveSmallIntegerField("vezes chamada", default=0)
    guiche = models.CharField("guichê", max_length=20, blank=True)
    por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="senhas",
        verbose_name="chamada por",
    )
    atendida_em = models.DateTimeField("atendimento iniciado em", null=True, blank=True)
    desistiu_em = models.DateTimeField("ausente em", null=True, blank=True)
    concluida_em = models.DateTimeField("concluída em", null=True, blank=True)
    atendimento = models.ForeignKey(
        Atendimento, models.PROTECT, null=True, blank=True, related_name="senhas", verbose_name="atendimento"
    )

    objects = SenhaQuerySet.as_manager()

    class Meta:
        verbose_name = "senha"
        ordering = ["dia", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["unidade", "dia", "numero"], name="senha_numero_unico"),
            models.UniqueConstraint(
                fields=["por"],
                name="senha_uma_por_pessoa",
                condition=models.Q(chamada_em__isnull=False, concluida_em__isnull=True, desistiu_em__isnull=True),
                violation_error_message=(
                    "Você já chamou uma senha e ainda não a concluiu. Conclua o atendimento ou registre a ausência "
                    "antes de chamar a próxima."
                ),
            ),
            models.CheckConstraint(name="senha_ordem_conhecida", condition=models.Q(ordem__in=list(PREFIXES))),
            models.CheckConstraint(
                name="senha_chamada_por_alguem",
                condition=models.Q(
                    chamada_em__isnull=True, ultima_chamada_em__isnull=True, por__isnull=True, guiche="", chamadas=0
                )
                | models.Q(
                    chamada_em__isnull=False,
                    ultima_chamada_em__isnull=False,
                    ultima_chamada_em__gte=models.F("chamada_em"),
                    por__isnull=False,
                    chamadas__gt=0,
                )
                & ~models.Q(guiche=""),
            ),
            models.CheckConstraint(
                name="senha_na_ordem_dos_fatos",
                condition=models.Q(atendida_em__isnull=True, concluida_em__isnull=True)
                | models.Q(chamada_em__isnull=False, atendida_em__isnull=False, desistiu_em__isnull=True),
            ),
            models.CheckConstraint(
                name="senha_com_caso_foi_concluida",
                condition=models.Q(atendimento__isnull=True) | models.Q(concluida_em__isnull=False),
            ),
            models.CheckConstraint(
                name="senha_ausente_foi_chamada",
                condition=models.Q(desistiu_em__isnull=True) | models.Q(chamada_em__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["unidade", "dia", "ordem", "numero"],
                name="senha_espera",
                condition=models.Q(chamada_em__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.nome

    @property
    def nome(self) -> str:
        """As it is called: "P-017"."""
        return ticket_name(self.ordem, self.numero)
