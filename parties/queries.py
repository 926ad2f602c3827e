"""Reads of consumers and suppliers: search as people type, and who may see whom."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Func, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Collate, Left

from accounts.models import CASE_READERS, SYSTEM_LOGIN, User
from parties.identifiers import normalise_name, strip_marks

if TYPE_CHECKING:
    _Consumidores = models.QuerySet["Consumidor"]
    _Fornecedores = models.QuerySet["Fornecedor"]
    _Grupos = models.QuerySet["GrupoDeConsumidores"]
else:
    _Consumidores = _Fornecedores = _Grupos = models.QuerySet

#: How much of nome_busca its prefix index holds (migration 0002).
PREFIX = 40
#: A word longer than any name is in none; PostgreSQL itself refuses to look for one of more than 2,046 bytes.
LONGEST_WORD = 500
#: So many people whose names have exactly the words typed, and no beginnings of longer words are looked for.
ENOUGH = 100
START = Collate(Left("nome_busca", PREFIX), "C")
#: How lists of people and suppliers stand, with START as `inicio`.
BY_NAME = ("inicio", "id")
#: Who a registration of a consumer is: the one that stands for it since a merge, or itself.
PERSON = Coalesce("fundido_em", "id")


def _by_name(text: str) -> Q | None:
    """Every word of `text` begins a word of the name; a text of words of one or two letters begins the whole name."""
    plain = normalise_name(text)
    if not plain:
        return None
    if _is_short(plain):
        return Q(inicio__startswith=plain)
    condition = Q()
    for word in plain.split():
        condition &= Q(nome_busca__startswith=word) | Q(nome_busca__contains=f" {word}")
    return condition


def _is_short(plain: str) -> bool:
    """Whether no word has the three letters that the trigram index wants."""
    return max(map(len, plain.split()), default=3) < 3


def _found(queryset: Any, text: str, *conditions: Q | None) -> Any:
    """Rows that meet any of the conditions; none where there is no condition. Short texts come in the index's order."""
    wanted = Q()
    for condition in conditions:
        if condition is not None:
            wanted |= condition
    if not wanted:
        return queryset.none()
    rows = queryset.alias(inicio=START).filter(wanted)
    return rows.order_by("inicio", "pk") if _is_short(normalise_name(text)) else rows


def among(keys: Collection[int]) -> RawSQL:
    """These keys as a set of rows: of a plain list the planner walks a whole index in the order of the page instead."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])


def _keys_named(function: str, text: str, many: int, *narrowed: object) -> list[int] | None:
    """The keys of at most `many` whose names have these words; None for a text of short words only.

    `narrowed` is what the function takes besides, to look for fewer.
    """
    plain = normalise_name(text)
    if not plain or max(map(len, plain.split())) > LONGEST_WORD:
        return []
    if _is_short(plain):
        return None
    keys: list[int] = []
    with connection.cursor() as cursor:
        for ending in ("", ":*"):  # whole words first: the index skips along them, and they are what was meant
            question = " & ".join(f"'{word}'{ending}" for word in plain.split())
            cursor.execute(f"SELECT * FROM {function}", [question, many, *narrowed])  # noqa: S608  our own names
            keys += [row[0] for row in cursor.fetchall()]
            if len(keys) >= ENOUGH:
                break
    return keys[:many]


def _family_keys(rows: Any) -> list[int]:
    standing = {after or key for key, after in rows.values_list("pk", "fundido_em")}
    merged = rows.model._base_manager.filter(fundido_em__in=standing).values_list("pk", flat=True)
    return sorted(standing.union(merged))


class ConsumidorQuerySet(_Consumidores):
    """People who complain."""

    def standing(self) -> Self:
        """Without those merged into another: what lists and searches show."""
        return self.filter(fundido_em__isnull=True)

    def search(self, text: str) -> Self:
        """By CPF (with or without mask) or by the beginnings of the words of a name, without accents.

        What was merged is found by its names, as the person that stands for it.
        """
        digits = strip_marks(text)
        if re.fullmatch(r"[0-9]{11}", digits):
            return self.standing().filter(cpf=digits)
        return _found(self.standing(), text, _by_name(text))

    def some_named(self, text: str, many: int, *, user: User | None = None) -> Self:
        """What `search` finds, at most `many` of them, and as fast of a million people; in no order.

        For a `user`, of those that they may see (`visible_to`): a common name elsewhere hides nobody here. A text of
        short words only is not narrowed; it names nobody.
        """
        if re.fullmatch(r"[0-9]{11}", strip_marks(text)):
            return self.search(text)
        everywhere = user is None or user.usuario == SYSTEM_LOGIN
        units = None if user is None or everywhere else user.unidades_com(CASE_READERS)
        keys = _keys_named("parties_consumidores_de_nome(%s::tsquery, %s, %s::bigint[])", text, many, units)
        return self.search(text) if keys is None else self.filter(pk__in=among(keys))

    def keys_named(self, text: str, many: int, *, user: User | None = None) -> list[int]:
        """The keys of those that `some_named` finds, at most `many`."""
        return list(self.some_named(text, many, user=user).values_list("pk", flat=True)[:many])

    def visible_to(self, user: User) -> Self:
        """The people with a case in an unidade where `user` reads cases, under whatever registration of theirs."""
        if user.usuario == SYSTEM_LOGIN:
            return self
        cases = self.model._default_manager.filter(atendimentos__unidade_id__in=user.unidades_com(CASE_READERS))
        return self.alias(pessoa=PERSON).filter(pessoa__in=cases.order_by().annotate(alguem=PERSON).values("alguem"))

    def family_keys(self) -> list[int]:
        """The keys of these people, of those that stand for them, and of everything merged into those; two reads."""
        return _family_keys(self)

    def with_cpf(self, cpf: str, *, user: User) -> Self:
        """The person with exactly this CPF, for whoever reads cases anywhere in the office: nobody is typed twice."""
        if user.usuario != SYSTEM_LOGIN and not user.unidades_com(CASE_READERS):
            return self.none()
        return self.filter(cpf=strip_marks(cpf))


class FornecedorQuerySet(_Fornecedores):
    """Whom people complain against."""

    def standing(self) -> Self:
        """Without those merged into another: what lists and searches show."""
        return self.filter(fundido_em__isnull=True)

    def search(self, text: str) -> Self:
        """By CNPJ (its root or more, with or without mask), CPF, or the words of any name or spelling.

        A text with digits may be an alphanumeric CNPJ as well as a name, so both are looked up. What was merged is
        found by its names and its CNPJ too, as the supplier that stands for it.
        """
        chars = strip_marks(text).upper()
        by_number = None
        if re.fullmatch(r"(?=.*[0-9])[0-9A-Z]{8,14}", chars):
            by_number = Q(cnpj__startswith=chars) | Q(cpf=chars) | Q(nome_busca__contains=f" {chars.lower()}")
        only_number = by_number is not None and chars.isdigit()
        return _found(self.standing(), text, by_number, None if only_number else _by_name(text))

    def some_named(self, text: str, many: int) -> Self:
        """What `search` finds, at most `many` of them, and as fast of many suppliers; in no order."""
        if any(character.isdigit() for character in text):
            return self.search(text)
        keys = _keys_named("parties_fornecedores_de_nome(%s::tsquery, %s)", text, many)
        return self.search(text) if keys is None else self.filter(pk__in=among(keys))

    def keys_named(self, text: str, many: int) -> list[int]:
        """The keys of those that `some_named` finds, at most `many`."""
        return list(self.some_named(text, many).values_list("pk", flat=True)[:many])

    def of_group(self, group: int) -> Self:
        """The suppliers of an economic group: who names it; who names none, of a company that is all of it."""
        named = self.standing().filter(grupo__isnull=False, radical__isnull=False)
        elsewhere = named.exclude(grupo=group).values("radical")
        alike = named.filter(grupo=group).exclude(radical__in=elsewhere).values("radical")
        return self.filter(Q(grupo=group) | Q(grupo__isnull=True, radical__in=alike))

    def bare_named(self, name: str) -> Self:
        """Suppliers known by this name alone (accents and marks aside), with neither CNPJ nor CPF."""
        plain = normalise_name(name)
        if not plain:  # «日本»: nothing is left to compare but the name itself
            return self.filter(razao_social=name, cnpj__isnull=True, cpf__isnull=True)
        named = self.alias(inicio=START, so_nome=Func("razao_social", function="parties_normalizar"))
        longer = Q(nome_busca__startswith=f"{plain} ", so_nome=plain)
        return named.filter(
            Q(nome_busca=plain) | longer, inicio__startswith=plain[:PREFIX], cnpj__isnull=True, cpf__isnull=True
        )

    def family_keys(self) -> list[int]:
        """The keys of these suppliers, of those that stand for them, and of everything merged into those; two reads."""
        return _family_keys(self)


class GrupoDeConsumidoresQuerySet(_Grupos):
    """Consumers who may be one person."""

    def visible_to(self, user: User) -> Self:
        """The groups of which `user` may see everybody."""
        items = self.model._meta.get_field("itens").related_model._base_manager
        people = items.model._meta.get_field("consumidor").related_model._default_manager
        hidden = items.filter(grupo=models.OuterRef("pk")).exclude(
            consumidor__in=people.visible_to(user).order_by().values("pk")
        )
        return self.filter(~models.Exists(hidden))


class AutorizacaoQuerySet(models.QuerySet):
    """By which channels consumers want to be told."""

    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(retirada_em__isnull=True)
