"""The form in which a ready text is kept."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.models import TextoPadrao
from cases.rules.texts import PLACEHOLDERS


class TextoPadraoForm(forms.Form):
    """A ready text."""

    uso = forms.ChoiceField(label="Onde se usa", choices=TextoPadrao.Uso.choices)
    titulo = forms.CharField(label="Título", max_length=80, help_text="O que se digita para inserir o texto.")
    texto = forms.CharField(
        label="Texto",
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=8000,
        help_text="O sistema preenche: " + ", ".join(f"{{{name}}}" for name in PLACEHOLDERS) + ".",
    )

    @staticmethod
    def initial_of(text: TextoPadrao | None) -> dict[str, Any]:
        """The text as the form shows it."""
        return {name: getattr(text, name) for name in ("uso", "titulo", "texto")} if text else {}

    def add_refusal(self, errors: dict[str, str], message: str) -> None:
        """Put a service's refusal at the fields it is about, or above the form."""
        for name, told in errors.items():
            self.add_error(name if name in self.fields else None, told)
        if not errors:
            self.add_error(None, message)
