"""Reads of cases, starting from who asks. A case that one may not see does not exist for one (404)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.utils import timezone

from accounts.models import CASE_READERS, SYSTEM_LOGIN, Unidade, User
from deadlines.models import Prazo
from parties.identifiers import clean_cpf
from parties.models import Consumidor, Fornecedor
from parties.queries import among
from workflow.models import Evento

if TYPE_CHECKING:
    _Atendimentos = models.QuerySet["Atendimento"]
    _Reclamados = models.QuerySet["Reclamado"]
    _CIPs = models.QuerySet["CIP"]
    _Textos = models.QuerySet["TextoPadrao"]
    _Rascunhos = models.QuerySet["Rascunho"]
    _Anexos = models.QuerySet["Anexo"]
    _Numeros = models.QuerySet["NumeroExterno"]
    _Palavras = models.QuerySet["TextoDoAtendimento"]
    _Filtros = models.QuerySet["FiltroSalvo"]
    _Reclamacoes = models.QuerySet["Reclamacao"]
    _Defesas = models.QuerySet["Defesa"]
    _Pareceres = models.QuerySet["Parecer"]
    _Classificacoes = models.QuerySet["Classificacao"]
    _Recursos = models.QuerySet["Recurso"]
    _Acordos = models.QuerySet["Acordo"]
else:
    _Reclamacoes = _Defesas = _Pareceres = _Classificacoes = _Recursos = _Acordos = models.QuerySet
    _Atendimentos = _Reclamados = _CIPs = _Anexos = models.QuerySet
    _Textos = _Rascunhos = _Numeros = _Palavras = _Filtros = models.QuerySet

#: A name that fits more people than this needs more letters, not a longer list.
SEARCH_CAP = 200
#: By a name, the newest cases of each person or supplier, and of all of them, are found, not every one.
CASES_CAP = 500
_NEWEST = """
SELECT key FROM (
    SELECT c.id AS key FROM unnest(%(people)s::bigint[]) AS p CROSS JOIN LATERAL (
        SELECT id FROM cases_atendimento WHERE consumidor_id = p ORDER BY id DESC LIMIT 200) AS c
    UNION
    SELECT c.key FROM unnest(%(suppliers)s::bigint[]) AS f CROSS JOIN LATERAL (
        SELECT atendimento_id AS key FROM cases_reclamado WHERE fornecedor_id = f
        ORDER BY atendimento_id DESC LIMIT 200) AS c
) AS found ORDER BY key DESC LIMIT %(many)s
"""
_PROTOCOL = re.compile(r"\d{2}\.\d{3}\.\d{3}\.\d{2}-\d{7}")
_NUMBER = re.compile(r"\d{1,7}")
_MARKS = re.compile(r"[^0-9A-Za-z]")
#: Texts are ranked among at most this many hits, the newest; these windows of months are looked through first.
RANKED = 400
_WINDOWS = (1, 3, 12)

_QUESTION = """
SELECT numnode(words), (words && %(marks)s::tsquery)::text
FROM websearch_to_tsquery('public.procon_pt', cases_singular(%(text)s)) AS words
"""
_RANKED = """
SELECT atendimento_id FROM cases_textodoatendimento
WHERE atendimento_id = ANY(%(hits)s) ORDER BY ts_rank(vetor, %(question)s::tsquery) DESC, atendimento_id DESC
"""
# What was found stands between two control characters, which no text of ours holds.
_PIECES = """
SELECT id, ts_headline('public.procon_pt', left(relato || ' ' || pedido, 20000),
    websearch_to_tsquery('public.procon_pt', cases_singular(%(text)s)),
    E'StartSel="\x02", StopSel="\x03", MaxWords=30, MinWords=12, MaxFragments=2, FragmentDelimiter=" … "')
FROM cases_atendimento WHERE id = ANY(%(found)s)
"""


def _seen_by(queryset: Any, user: User, path: str) -> Any:
    """Narrow to the unidades where the user reads cases; the system reads everywhere."""
    if user.usuario == SYSTEM_LOGIN:
        return queryset
    return queryset.filter(**{f"{path}__in": user.unidades_com(CASE_READERS)})


def _split(shown: str) -> list[tuple[str, bool]]:
    parts = re.split("[\x02\x03]", shown)
    return [(part, number % 2 == 1) for number, part in enumerate(parts) if part]


class AtendimentoQuerySet(_Atendimentos):
    """Cases."""

    def visible_to(self, user: User) -> Self:
        """The cases of the unidades where `user` holds a papel that reads cases."""
        return _seen_by(self, user, "unidade_id")

    def open(self) -> Self:
        """Cases not yet closed."""
        return self.exclude(status="encerrado")

    def search(self, text: str, *, user: User) -> Self:
        """Cases by protocol (whole, or only its number), by any number elsewhere, by consumer's or supplier's name.

        Never by CPF: a CPF stands in no address, so pages look the consumer up first.
        """
        text = " ".join(text.split())
        if _PROTOCOL.fullmatch(text):
            return self.filter(protocolo=text)
        if _NUMBER.fullmatch(text):
            codes = Unidade.objects.filter(pk__in=user.unidades_com(CASE_READERS)).values_list("codigo", flat=True)
            return self.filter(
                protocolo__in=[f"{code}.{year:02d}-{int(text):07d}" for code in codes for year in range(100)]
            )
        people = list(Consumidor.objects.some_named(text, SEARCH_CAP).values_list("pk", flat=True)[:SEARCH_CAP])
        suppliers = Fornecedor.objects.some_named(text, SEARCH_CAP)[:SEARCH_CAP].family_keys()
        with connection.cursor() as cursor:
            cursor.execute(_NEWEST, {"people": people, "suppliers": suppliers, "many": CASES_CAP})
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
        yield everywhere.filter(numeros__busca=plain).order_by().values("pk")
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

    def asked_about(self, text: str, *, user: User) -> Self:
        """The cases that `user` may see with this protocol or number, of the person with this CPF, or of this name.

        Newest first. A name of fewer than three letters finds nothing.
        """
        text = " ".join(text.replace("\0", "").split())
        seen = self.visible_to(user).select_related("consumidor", "assunto").order_by("-aberto_em", "-id")
        try:
            return seen.filter(consumidor__cpf=clean_cpf(text)) if text else seen.none()
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
    terms = _seen_by(
        Prazo.objects.filter(historico__atendimento__isnull=False), user, "historico__atendimento__unidade_id"
    )
    shown = terms.select_related("regra", "historico__atendimento__unidade", "cip__reclamado__fornecedor")
    return shown.prefetch_related("historico__atendimento__reclamados__fornecedor")


class ReclamadoQuerySet(_Reclamados):
    """Suppliers within cases."""

    def visible_to(self, user: User) -> Self:
        """The reclamados of the cases that `user` may see."""
        return _seen_by(self, user, "atendimento__unidade_id")


class CIPQuerySet(_CIPs):
    """Letters to suppliers."""

    def visible_to(self, user: User) -> Self:
        """The CIPs of the cases that `user` may see."""
        return _seen_by(self, user, "reclamado__atendimento__unidade_id")

    def for_supplier(self) -> Self:
        """With what the supplier's page and its answer read."""
        return self.select_related(
            "prazo",
            "documento",
            "reclamado__fornecedor",
            "reclamado__atendimento__unidade",
            "reclamado__atendimento__historico",
            "reclamado__atendimento__consumidor",
        )

    def lapsed(self, *, today: date) -> Self:
        """CIPs whose supplier was notified and whose term ended before `today` without an answer."""
        return self.filter(status="cientificada", prazo__vence_em__lt=today)


class AnexoQuerySet(_Anexos):
    """What is attached to cases."""

    def visible_to(self, user: User) -> Self:
        """The attachments of the cases that `user` may see; one that was removed stays in the file."""
        return _seen_by(self, user, "atendimento__unidade_id")

    def kept(self) -> Self:
        """Those that were not removed."""
        return self.filter(removido_em__isnull=True)

    def to_scan(self) -> Self:
        """Those on which the antivirus has not said its word."""
        return self.filter(situacao__in=["quarentena", "sem_verificacao"]).exclude(arquivo="").order_by("pk")


class TextoPadraoQuerySet(_Textos):
    """Ready texts; every clerk of the office uses the same."""

    def in_use(self, use: str) -> Self:
        """The texts that may be inserted there."""
        return self.filter(uso=use, aposentado_em__isnull=True)

    def visible_to(self, user: User) -> Self:
        """Everybody of the office, once logged in."""
        return self if user.papeis else self.none()


class RascunhoQuerySet(_Rascunhos):
    """Drafts; each seen by its owner alone."""

    def visible_to(self, user: User) -> Self:
        """The person's own."""
        return self.filter(usuario=user)

    def fresh(self, *, since: datetime) -> Self:
        """Those changed after that moment; older ones are as good as gone."""
        return self.filter(alterado_em__gt=since)


class NumeroExternoQuerySet(_Numeros):
    """Numbers of cases in other systems."""

    def visible_to(self, user: User) -> Self:
        """The numbers of the cases that `user` may see."""
        return _seen_by(self, user, "atendimento__unidade_id")


class TextoQuerySet(_Palavras):
    """The words of cases. Who asks is part of the question: every text carries its unidade as a mark."""

    def best(self, text: str, *, user: User, at: datetime) -> list[int]:
        """The ids of the cases whose texts fit best, best first, at most RANKED."""
        units = [] if user.usuario == SYSTEM_LOGIN else user.unidades_com(CASE_READERS)
        if not units and user.usuario != SYSTEM_LOGIN:
            return []
        marks = " | ".join(f"'u {unit}'" for unit in sorted(units))
        with connection.cursor() as cursor:
            cursor.execute(_QUESTION, {"text": text.replace("\x00", " "), "marks": marks})
            words, question = cursor.fetchone()
            if not words:
                return []
            hits = self._newest_hits(cursor, question, at)
            cursor.execute(_RANKED, {"hits": hits, "question": question})
            return [row[0] for row in cursor.fetchall()]

    def pieces(self, text: str, found: list[int]) -> dict[int, list[tuple[str, bool]]]:
        """Around the words looked for, what these cases say: by id, (words, whether they were looked for)."""
        with connection.cursor() as cursor:
            cursor.execute(_PIECES, {"text": text.replace("\x00", " "), "found": found})
            return {pk: _split(shown) for pk, shown in cursor.fetchall()}

    def _newest_hits(self, cursor: Any, question: str, at: datetime) -> list[int]:
        """The newest hits, at most RANKED. The last months come first: they cost little."""
        now = timezone.localtime(at)
        newest = now.year * 12 + now.month - 1
        for window in _WINDOWS:
            months = range(newest - window + 1, newest + 1)
            marks = " | ".join(f"'m {month // 12:04d}{month % 12 + 1:02d}'" for month in months)
            hits = self._hits(cursor, f"({question}) & ({marks})")
            if len(hits) > RANKED:
                return hits[:RANKED]
        return self._hits(cursor, question)[:RANKED]

    def _hits(self, cursor: Any, question: str) -> list[int]:
        cursor.execute("SELECT * FROM cases_textos(%s::tsquery, %s) AS key ORDER BY key DESC", [question, 8 * RANKED])
        return [row[0] for row in cursor.fetchall()]


class FiltroSalvoQuerySet(_Filtros):
    """Filters that people keep."""

    def usable_by(self, user: User) -> Self:
        """One's own, and those that a coordenador shared with an unidade where one reads cases."""
        shared = models.Q(unidade__in=user.unidades_com(CASE_READERS))
        return self.filter(models.Q(dono=user) | shared)


class ReclamacaoQuerySet(_Reclamacoes):
    """Formal complaints."""

    def visible_to(self, user: User) -> Self:
        """The reclamações of the cases that `user` may see."""
        return _seen_by(self, user, "atendimento__unidade_id")

    def defence_overdue(self, *, today: date) -> Self:
        """With a reclamado whose term of defence ended before `today`, and whose revelia is not certified yet."""
        late = self.model._meta.get_field("defesas").related_model._base_manager
        silent = late.filter(_SILENT, reclamacao=models.OuterRef("pk"), prazo__vence_em__lt=today)
        return self.filter(models.Exists(silent))

    def awaiting_opinion(self) -> Self:
        """Every reclamado spoke or is silent, and no opinion stands."""
        return self.filter(status__in=["defesa_recebida", "revelia", "em_analise"]).exclude(self._has_opinion())

    def awaiting_decision(self) -> Self:
        """The opinion is given, and the authority has not decided about every reclamado."""
        return self.filter(self._has_opinion(), status="em_analise")

    def _has_opinion(self) -> models.Exists:
        opinions = self.model._meta.get_field("pareceres").related_model._base_manager
        return models.Exists(opinions.filter(reclamacao=models.OuterRef("pk"), devolvido_em__isnull=True))


_SILENT = models.Q(substituida_em__isnull=True, apresentada_em__isnull=True, revelia_em__isnull=True)


class DefesaQuerySet(_Defesas):
    """The reclamados' turns to speak."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases that `user` may see."""
        return _seen_by(self, user, "reclamado__atendimento__unidade_id")

    def current(self) -> Self:
        """Those of the present round: a reopening begins another."""
        return self.filter(substituida_em__isnull=True)

    def lapsed(self, *, today: date) -> Self:
        """Those whose term ended before `today` in silence, of processes still waiting for it."""
        return self.filter(_SILENT, reclamacao__status="notificada", prazo__vence_em__lt=today)


class ParecerQuerySet(_Pareceres):
    """Technical opinions."""

    def current(self) -> Self:
        """Those not returned."""
        return self.filter(devolvido_em__isnull=True)


class ClassificacaoQuerySet(_Classificacoes):
    """Decisions about reclamados."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases that `user` may see."""
        return _seen_by(self, user, "reclamado__atendimento__unidade_id")

    def current(self) -> Self:
        """The decision that stands about each reclamado; those that an appeal or a reopening replaced are history."""
        return self.filter(substituida_em__isnull=True)

    def becoming_final(self, *, today: date) -> Self:
        """Those whose term of appeal ended before `today` and that no open appeal holds back."""
        appeals = self.model._meta.get_field("recursos").related_model._base_manager
        held = appeals.filter(classificacao=models.OuterRef("pk"), julgado_em__isnull=True)
        waiting = self.current().filter(transitada_em__isnull=True, prazo__vence_em__lt=today)
        return waiting.filter(~models.Exists(held))


class RecursoQuerySet(_Recursos):
    """Appeals."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases that `user` may see."""
        return _seen_by(self, user, "classificacao__reclamado__atendimento__unidade_id")


class AcordoQuerySet(_Acordos):
    """Agreements."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases that `user` may see."""
        return _seen_by(self, user, "reclamado__atendimento__unidade_id")

    def to_ask(self, *, today: date) -> Self:
        """Those about which the office asks the consumer today, or should have asked before."""
        return self.filter(status="firmado", conferir_em__lte=today)
