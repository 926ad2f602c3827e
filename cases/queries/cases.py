"""Reads of cases and of the suppliers within them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models

from accounts.models import CASE_READERS, SYSTEM_LOGIN, Unidade, User
from cases.queries.seen import seen_by
from deadlines.models import Prazo
from parties.identifiers import clean_cpf
from parties.models import Consumidor, Fornecedor
from parties.queries import among
from workflow.models import Evento

if TYPE_CHECKING:
    from cases.models import Atendimento, Reclamado

    _Atendimentos = models.QuerySet[Atendimento]
    _Reclamados = models.QuerySet[Reclamado]
else:
    _Atendimentos = _Reclamados = models.QuerySet

#: A name that fits more people than this needs more letters, not a longer list.
SEARCH_CAP = 200
#: By a name, the newest cases of each person or supplier, and of all of them, are found, not every one. Where a word
#: names many, fewer of each: 200 of 200 banks are 40,000 rows to sort, for a page that shows eight.
CASES_EACH, FEWEST_EACH, TOGETHER, CASES_CAP = 200, 25, 4000, 500
# Who asks (`units`; NULL reads everywhere) narrows before each limit. Whoever reads in all unidades costs no look at
# the cases: that there is no other is asked once. LIMIT 1, for of EXISTS the planner reads whole unidades first.
_NEWEST = """
SELECT key FROM (
    SELECT c.id AS key FROM unnest(%(people)s::bigint[]) AS p CROSS JOIN LATERAL (
        SELECT id FROM cases_atendimento WHERE consumidor_id = p
            AND (%(units)s::bigint[] IS NULL OR unidade_id = ANY(%(units)s::bigint[]))
        ORDER BY id DESC LIMIT %(each)s) AS c
    UNION
    SELECT c.key FROM unnest(%(suppliers)s::bigint[]) AS f CROSS JOIN LATERAL (
        SELECT atendimento_id AS key FROM cases_reclamado AS r WHERE fornecedor_id = f AND (
            %(units)s::bigint[] IS NULL
            OR NOT EXISTS (SELECT FROM accounts_unidade WHERE id <> ALL(%(units)s::bigint[]))
            OR (SELECT true FROM cases_atendimento AS a
                WHERE a.id = r.atendimento_id AND a.unidade_id = ANY(%(units)s::bigint[]) LIMIT 1))
        ORDER BY atendimento_id DESC LIMIT %(each)s) AS c
) AS found ORDER BY key DESC LIMIT %(many)s
"""
_BY_STATUS = """
SELECT s, (SELECT count(*) FROM unnest(%(units)s::bigint[]) AS u CROSS JOIN LATERAL (
    SELECT FROM cases_atendimento WHERE unidade_id = u AND status = s LIMIT %(many)s) AS found)
FROM unnest(%(statuses)s::text[]) AS s
"""
_PROTOCOL = re.compile(r"\d{2}\.\d{3}\.\d{3}\.\d{2}-\d{7}")
_NUMBER = re.compile(r"\d{1,7}")
_MARKS = re.compile(r"[^0-9A-Za-z]")


class AtendimentoQuerySet(_Atendimentos):
    """Cases."""

    def visible_to(self, user: User) -> Self:
        """The cases of the unidades where `user` holds a papel that reads cases."""
        return seen_by(self, user, "unidade_id")

    def open(self) -> Self:
        """Cases not yet closed."""
        return self.exclude(status="encerrado")

    def count_by_status(self, statuses: Sequence[str], *, user: User, cap: int) -> dict[str, int]:
        """How many cases `user` may see stand in each of these statuses, of each unidade never beyond `cap` + 1."""
        units = sorted(user.unidades_com(CASE_READERS))
        with connection.cursor() as cursor:
            cursor.execute(_BY_STATUS, {"statuses": list(statuses), "units": units, "many": cap + 1})
            return dict(cursor.fetchall())

    def search(
        self, text: str, *, user: User, people: Sequence[int] | None = None, suppliers: Sequence[int] | None = None
    ) -> Self:
        """Cases by protocol (whole, or only its number), by any number elsewhere, by consumer's or supplier's name.

        Never by CPF: a CPF stands in no address, so pages look the consumer up first. Who has looked up already whom
        the text names gives their keys.
        """
        text = " ".join(text.split())
        if _PROTOCOL.fullmatch(text):
            return self.filter(protocolo=text)
        if _NUMBER.fullmatch(text):
            codes = Unidade.objects.filter(pk__in=user.unidades_com(CASE_READERS)).values_list("codigo", flat=True)
            return self.filter(
                protocolo__in=[f"{code}.{year:02d}-{int(text):07d}" for code in codes for year in range(100)]
            )
        if people is None:
            people = Consumidor.objects.keys_named(text, SEARCH_CAP, user=user)
        if suppliers is None:
            suppliers = Fornecedor.objects.keys_named(text, SEARCH_CAP)
        family = Fornecedor.objects.filter(pk__in=suppliers).family_keys() if suppliers else []
        persons = Consumidor.objects.filter(pk__in=people).family_keys() if people else []
        units = None if user.usuario == SYSTEM_LOGIN else user.unidades_com(CASE_READERS)
        each = max(FEWEST_EACH, min(CASES_EACH, TOGETHER // max(1, len(persons) + len(family))))
        asked = {"people": persons, "suppliers": family, "units": units, "each": each, "many": CASES_CAP}
        with connection.cursor() as cursor:
            cursor.execute(_NEWEST, asked)
            found = {row[0] for row in cursor.fetchall()}
        for numbers in self._by_number_elsewhere(text):
            found.update(numbers.values_list("pk", flat=True))
        return self.filter(pk__in=among(found))

    def numbered(self, text: str) -> Self:
        """Cases with this number in another system, however it is punctuated."""
        kinds = list(self._by_number_elsewhere(text))
        return self.filter(pk__in=kinds[0].union(*kinds[1:])) if kinds else self.none()

    def _by_number_elsewhere(self, text: str) -> Iterator[Any]:
        plain = _MARKS.sub("", text).upper()
        if len(plain) < 4 or not any(character.isdigit() for character in plain):
            return
        everywhere = self.model._base_manager
        yield everywhere.filter(numeros__busca=plain, numeros__retirado_em__isnull=True).order_by().values("pk")
        marked = models.functions.Upper(
            models.Func("protocolo_externo", *map(models.Value, ("[^0-9A-Za-z]", "", "g")), function="regexp_replace")
        )
        given = everywhere.exclude(protocolo_externo="").alias(externo=marked).filter(externo=plain)
        yield given.order_by().values("pk")

    def with_words(self, text: str, *, user: User, at: datetime) -> Self:
        """Cases whose relato or pedido has these words; of very common ones, the cases of the last months."""
        return self.filter(pk__in=among(self._texts().best(text, user=user, at=at)))

    def best_texts(self, text: str, *, user: User, at: datetime, many: int) -> list[Any]:
        """The `many` cases whose texts fit best, best first; their `trechos` are (words, whether looked for)."""
        best = self._texts().best(text, user=user, at=at)[:many]
        pieces = self._texts().pieces(text, best)
        rows = self.only("protocolo", "aberto_em").in_bulk(best)
        for pk, row in rows.items():
            row.trechos = pieces.get(pk, [])
        return [rows[pk] for pk in best if pk in rows]

    def _texts(self) -> Any:
        return self.model._meta.get_field("texto").related_model._default_manager

    def against(self, suppliers: models.QuerySet[Fornecedor]) -> Self:
        """Cases with one of these suppliers among the reclamados, or one that a merge made the same."""
        keys = suppliers.family_keys()
        if len(keys) == 1:  # no case has it twice, so a plain join keeps the list's own order
            return self.filter(reclamados__fornecedor=keys[0])
        parties = self.model._meta.get_field("reclamados").related_model._base_manager
        return self.filter(models.Exists(parties.filter(atendimento=models.OuterRef("pk"), fornecedor__in=keys)))

    def of_person(self, people: models.QuerySet[Consumidor]) -> Self:
        """Cases of these people, under whatever registration of theirs."""
        keys = people.family_keys()
        return self.filter(consumidor=keys[0]) if len(keys) == 1 else self.filter(consumidor__in=keys)

    def asked_about(self, text: str, *, user: User) -> Self:
        """The cases that `user` may see with this protocol or number, of the person with this CPF, or of this name.

        Newest first. A name of fewer than three letters finds nothing.
        """
        text = " ".join(text.replace("\0", "").split())
        seen = self.visible_to(user).select_related("consumidor", "assunto").order_by("-aberto_em", "-id")
        try:
            return seen.of_person(Consumidor.objects.filter(cpf=clean_cpf(text))) if text else seen.none()
        except ValueError:
            short = len(text) < 3 and not text.isdigit()
            return seen.none() if short else seen.search(text, user=user)

    def standing_still(self, *, since: datetime) -> Self:
        """Open cases in which nothing happened after that moment."""
        later = Evento.objects.filter(historico=models.OuterRef("historico"), quando__gt=since)
        return self.filter(~models.Q(status="encerrado"), ~models.Exists(later), aberto_em__lte=since)

    def with_term(self, *, overdue_on: date | None = None) -> Self:
        """Cases with a running term; with one that had run out on that day."""
        terms = Prazo.objects.overdue(today=overdue_on) if overdue_on else Prazo.objects.running()
        return self.filter(models.Exists(terms.filter(historico=models.OuterRef("historico"))))

    def for_list(self) -> Self:
        """With what a line of the list shows, in two queries whatever the number of lines."""
        return self.select_related("consumidor", "assunto", "unidade").prefetch_related("reclamados__fornecedor")


def terms_visible_to(user: User) -> models.QuerySet[Prazo]:
    """The terms of the cases that `user` may see, with what a line of their list shows, in two queries."""
    terms = seen_by(
        Prazo.objects.filter(historico__atendimento__isnull=False), user, "historico__atendimento__unidade_id"
    )
    shown = terms.select_related("regra", "historico__atendimento__unidade", "cip__reclamado__fornecedor")
    return shown.prefetch_related("historico__atendimento__reclamados__fornecedor")


class ReclamadoQuerySet(_Reclamados):
    """Suppliers within cases."""

    def visible_to(self, user: User) -> Self:
        """The reclamados of the cases that `user` may see."""
        return seen_by(self, user, "atendimento__unidade_id")

    def for_letters(self) -> Self:
        """With all that a letter prints."""
        return self.select_related(
            "fornecedor",
            *(
                f"atendimento__{name}"
                for name in (
                    "unidade", "atendente", "orgao", "assunto", "problema", "compra", "representante", "consumidor",
                    "historico",
                )
            ),
        )  # fmt: skip
