"""What stands after the question mark: read as strictly as a body."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from cases.models import Atendimento, Tipo
from parties.identifiers import clean_cnpj
from portal.api.pagination import DEFAULT, LARGEST
from portal.api.serializers.fields import Choice, Shape, Text, day


def query_of(shape: type[Shape], request: Request) -> dict[str, Any]:
    """The query's values as `shape` reads them. Raises ValidationError (400), also for a name given twice."""
    twice = [name for name, values in request.query_params.lists() if len(values) > 1]
    if twice:
        raise serializers.ValidationError({name[:60]: "Envie este parâmetro uma vez só." for name in twice})
    return dict(_reader(shape).run_validation(dict(request.query_params.items())))


def body_of(shape: type[Shape], request: Request) -> dict[str, Any]:
    """The body as `shape` reads it. Raises ValidationError (400)."""
    return dict(_reader(shape).run_validation(request.data))


@cache
def _reader(shape: type[Shape]) -> Shape:
    """One for all requests: it holds nothing of what it reads, and making one copies all of its fields."""
    return shape()


@extend_schema_field({"oneOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]})
class Moment(Text):
    """A day (2026-01-15) or a moment with its offset (2026-01-15T10:00:00-03:00)."""

    def to_internal_value(self, data: Any) -> Any:
        """The date or the aware datetime."""
        text = super().to_internal_value(data)
        if "T" not in text:
            return day(text)
        try:
            moment = datetime.fromisoformat(text.replace(" ", "+"))  # a raw + in an address reads as a blank
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not 1900 <= moment.year <= 2100:
            raise serializers.ValidationError("Envie data e hora com fuso, como em «2026-01-15T10:00:00-03:00».")
        return moment


@extend_schema_field({"type": "string", "pattern": "^[0-9A-Z]{8}$", "description": "os 8 primeiros do CNPJ"})
class Radical(Text):
    """The first eight characters of a CNPJ, or a whole CNPJ, of which the first eight count."""

    def to_internal_value(self, data: Any) -> str:
        """Eight upper-case characters."""
        text = super().to_internal_value(data).upper()
        if re.fullmatch(r"[0-9A-Z]{8}", text):
            return text
        try:
            return clean_cnpj(text)[:8]
        except ValueError:
            raise serializers.ValidationError("Envie o radical: as 8 primeiras posições do CNPJ.") from None


class PageQuery(Shape):
    """A page of a list."""

    limite = serializers.IntegerField(
        default=DEFAULT, min_value=1, max_value=LARGEST, help_text=f"linhas por página, até {LARGEST}"
    )
    cursor = Text(required=False, max_length=600, help_text="vem pronto em «next» e «previous»")


class SearchQuery(PageQuery):
    """A search, without regard to accents."""

    q = Text(required=False, allow_blank=True, max_length=120, help_text="parte do nome; acentos não importam")


class ProblemsQuery(SearchQuery):
    """The problems of one assunto."""

    assunto = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="código do assunto")


class CaseListQuery(PageQuery):
    """The list of cases. Both ends of a slice are included; a day counts from midnight to midnight, local time."""

    status = Choice(choices=Atendimento.Status.choices, required=False)
    tipo = Choice(choices=Tipo.choices, required=False)
    aberto_de = Moment(required=False, help_text="registrados a partir deste dia ou momento")
    aberto_ate = Moment(required=False, help_text="registrados até este dia (inteiro) ou momento")
    assunto = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1, source="assunto_id")
    fornecedor = Radical(required=False, max_length=24, help_text="radical do CNPJ do reclamado")
    ordem = Choice(
        choices=[("-aberto_em", "mais novos primeiro"), ("aberto_em", "mais antigos primeiro")], default="-aberto_em"
    )
    contar = Choice(choices=[("1", "só o total")], required=False, help_text="com 1, responde só {«total»: n}")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The slice's ends in order, where both are days."""
        start, end = attrs.get("aberto_de"), attrs.get("aberto_ate")
        if type(start) is date and type(end) is date and start > end:
            raise serializers.ValidationError({"aberto_ate": ["Este dia vem antes de «aberto_de»."]})
        return attrs
