"""Fields that take exactly one JSON type each, and shapes that take no field they do not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_WRONG_TYPE = "Envie um texto, entre aspas."
_SAID: dict[str, Any] = {
    "required": "Este campo é obrigatório.",
    "null": "Este campo não pode ser nulo: deixe-o fora, ou preencha-o.",
    "blank": "Este campo não pode ser vazio: deixe-o fora, ou preencha-o.",
    "max_length": "O texto passa de {max_length} caracteres.",
    "not_a_list": "Envie uma lista, entre colchetes.",
}


class Shape(serializers.Serializer[Any]):
    """An object whose unknown fields are refused by name, before anything else is said."""

    default_error_messages = {**_SAID, "invalid": "Envie um objeto, entre chaves."}

    def to_internal_value(self, data: Any) -> Any:
        """Refuse unknown fields; then check each known one."""
        if isinstance(data, Mapping):
            known = ", ".join(self.fields)
            unknown = [str(name) for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError(
                    {name[:60]: [f"Campo desconhecido: «{name[:60]}». Os conhecidos são: {known}."] for name in unknown}
                )
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A JSON string; numbers are not turned into text."""

    default_error_messages = _SAID

    def to_internal_value(self, data: Any) -> str:
        """The text, without blanks around it."""
        if not isinstance(data, str):
            raise serializers.ValidationError(_WRONG_TYPE)
        return super().to_internal_value(data)


class Code(serializers.IntegerField):
    """A JSON whole number; neither text nor true."""

    default_error_messages = _SAID

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        if type(data) is not int:
            raise serializers.ValidationError("Envie um número inteiro, sem aspas.")
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    """One of a list of words."""

    default_error_messages = _SAID

    def to_internal_value(self, data: Any) -> Any:
        """The word; the refusal lists them all."""
        if not isinstance(data, str) or data not in self.choices:
            raise serializers.ValidationError(f"Use um destes: {', '.join(map(str, self.choices))}.")
        return data


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,2})?$", "examples": ["199.90"]})
class Money(Text):
    """Reais as decimal text: "199.90"."""

    def to_internal_value(self, data: Any) -> Any:
        """The Decimal."""
        text = super().to_internal_value(data)
        if not re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,2})?", text):
            raise serializers.ValidationError(
                "Envie o valor como texto decimal sem sinal, com ponto e até duas casas, como em «199.90»."
            )
        return Decimal(text)


@extend_schema_field(OpenApiTypes.DATE)
class Day(Text):
    """A date as 2026-01-15, from 1900 to 2100."""

    def to_internal_value(self, data: Any) -> Any:
        """The date."""
        return day(super().to_internal_value(data))


def day(text: str) -> date:
    """Read 2026-01-15. Raises ValidationError."""
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        found = date.fromisoformat(text)
        if not 1900 <= found.year <= 2100:
            raise ValueError
    except ValueError:
        raise serializers.ValidationError("Envie uma data que exista, de 1900 a 2100, como em «2026-01-15».") from None
    return found


class Cleaned(Text):
    """Text that a function of parties/identifiers.py reads, with or without mask."""

    def __init__(self, clean: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self._clean = clean

    def to_internal_value(self, data: Any) -> str:
        """The text in its stored form."""
        text = super().to_internal_value(data)
        try:
            return self._clean(text)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None
