"""The chained, append-only history of every case."""

from __future__ import annotations

from collections.abc import Callable

import pghistory
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from workflow.queries import EventoQuerySet


def versioned(*exclude: str) -> Callable[[type[models.Model]], type[models.Model]]:
    """Keep what a row said before each change, by a trigger: bulk updates and raw SQL are seen too (decision 41).

    The earlier row goes into `<Model>Versao` on UPDATE and DELETE, only if a kept field changed; an INSERT costs
    nothing. `exclude` names what is not worth keeping: columns that the database computes, and secrets.
    """

    def decorate(model: type[models.Model]) -> type[models.Model]:
        track = pghistory.track(
            pghistory.UpdateEvent("alterado", row=pghistory.Old),
            pghistory.DeleteEvent("apagado", row=pghistory.Old),
            exclude=list(exclude),
            model_name=f"{model.__name__}Versao",
            meta={"verbose_name": f"versão de {model._meta.verbose_name}"},
        )
        return track(model)

    return decorate


#: What stands where an anonymised text was.
GONE = "(anonimizado)"


class Historico(models.Model):
    """The head of one case's chain of events: how many there are and the last one's hash.

    Written only by the trigger on Evento, which locks this row: events of one case are serial.
    """

    sequencia = models.PositiveIntegerField("sequência", default=0)
    hash = models.BinaryField("hash do último evento", max_length=32, default=b"")

    class Meta:
        verbose_name = "histórico"

    def __str__(self) -> str:
        return f"histórico {self.pk} ({self.sequencia} eventos)"


class Evento(models.Model):
    """Something that happened in a case: who, when, what, from which state to which.

    Append-only: a trigger refuses UPDATE and DELETE, and fills `sequencia`, `hash_anterior` and `hash`. The hash takes
    `motivo` and `dados` by their salted digest: when retention ends, text and salt go (the one change that the trigger
    lets through), and the chain still holds (decision 56).
    """

    historico = models.ForeignKey(Historico, models.PROTECT, related_name="eventos", verbose_name="histórico")
    sequencia = models.PositiveIntegerField("sequência", default=0, editable=False)
    objeto = models.CharField("objeto", max_length=60, help_text="rótulo do modelo, como cases.cip")
    objeto_id = models.BigIntegerField("id do objeto")
    ato = models.CharField("ato", max_length=60)
    de = models.CharField("de", max_length=40, blank=True)
    para = models.CharField("para", max_length=40, blank=True)
    autor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="autor")
    quando = models.DateTimeField("quando")
    motivo = models.TextField("motivo", blank=True)
    dados = models.JSONField("dados", default=dict)
    registrado_em = models.DateTimeField("registrado em", db_default=Now(), editable=False)
    sal = models.BinaryField("sal do resumo", max_length=16, null=True, editable=False)
    resumo = models.BinaryField("resumo do texto", max_length=32, default=b"", editable=False)
    anonimizado = models.BooleanField(
        "texto apagado", default=False, editable=False, help_text="ao fim da guarda; o resumo fica"
    )
    hash_anterior = models.BinaryField("hash anterior", max_length=32, default=b"", editable=False)
    hash = models.BinaryField("hash", max_length=32, default=b"", editable=False)

    objects = EventoQuerySet.as_manager()

    class Meta:
        verbose_name = "evento"
        ordering = ["historico", "sequencia"]
        constraints = [models.UniqueConstraint(fields=["historico", "sequencia"], name="evento_sequencia_unica")]
        indexes = [models.Index(fields=["objeto", "objeto_id"], name="evento_objeto")]

    def __str__(self) -> str:
        return f"{self.quando:%d/%m/%Y %H:%M} {self.ato} {self.objeto}:{self.objeto_id}"


class Leitura(models.Model):
    """Somebody read a personal file: who, whose, when, on which page; or took a list out, with its filter.

    Append-only: a trigger refuses UPDATE and DELETE. What was read is named by its numbers, never by a name or a CPF.
    """

    leitor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="leitor")
    quando = models.DateTimeField("quando", db_default=Now(), editable=False)
    pagina = models.CharField("página", max_length=40)
    historico = models.ForeignKey(
        Historico, models.PROTECT, null=True, blank=True, related_name="leituras", verbose_name="histórico do caso"
    )
    objeto = models.CharField("objeto", max_length=60, blank=True, help_text="rótulo do modelo, como cases.anexo")
    objeto_id = models.BigIntegerField("id do objeto", null=True, blank=True)
    filtro = models.CharField("filtro da lista", max_length=400, blank=True)
    linhas = models.PositiveIntegerField("linhas da lista", null=True, blank=True)

    class Meta:
        verbose_name = "leitura"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["objeto", "objeto_id", "-id"], name="leitura_objeto"),
            models.Index(fields=["leitor", "-id"], name="leitura_leitor"),
        ]

    def __str__(self) -> str:
        return f"{self.quando:%d/%m/%Y %H:%M} {self.leitor} {self.pagina}"


class Esquecimento(models.Model):
    """The end of retention took rows of history, or letters' texts, away: from which table, how many, who, when.

    Written by the database's own functions, which alone can do it (decision 102). Append-only. Of events the case's own
    chain tells it, by ANONIMIZAR.
    """

    quando = models.DateTimeField("quando", db_default=Now(), editable=False)
    tabela = models.CharField("tabela", max_length=63)
    linhas = models.PositiveIntegerField("linhas")
    autor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="autor")

    class Meta:
        verbose_name = "esquecimento"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.quando:%d/%m/%Y %H:%M} {self.tabela}: {self.linhas}"
