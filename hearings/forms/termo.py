"""Forms of the termo: written by supplier, signed, closed. Shape only; the services check law."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from cases.models import Reclamado, TextoPadrao
from cases.rules.instalments import MAX_INSTALMENTS, equal_parts, monthly
from documents.sealing import LARGEST
from hearings.forms.hearing import RefusableForm, day_field
from hearings.models import Presenca, ResultadoDoReclamado
from hearings.services import HELD, CertificateFile, Clausula, Conteudo

_LINE = re.compile(r"(\d{1,2}/\d{1,2}/\d{4})\s+(?:R\$\s*)?([\d.]*\d(?:,\d{1,2})?)")
#: The fields of one supplier's part, in the order of the page.
PART = ("resultado", "texto", "pronto", "total", "quantas", "primeiro", "parcelas", "conferir_em")


class InstalmentsField(forms.CharField):
    """A plan as one types it: a line for each instalment, its day and its amount in reais."""

    widget = forms.Textarea(attrs={"rows": 4, "placeholder": "15/04/2026 100,00"})

    def clean(self, value: Any) -> tuple[tuple[date, Decimal], ...]:
        """The instalments; raises where a line is something else."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MAX_INSTALMENTS:
            raise forms.ValidationError(f"O acordo tem no máximo {MAX_INSTALMENTS} parcelas.")
        return tuple(self._line(line) for line in lines)

    @staticmethod
    def _line(line: str) -> tuple[date, Decimal]:
        found = _LINE.fullmatch(line)
        try:
            if found:
                day = datetime.strptime(found[1], "%d/%m/%Y").date()  # noqa: DTZ007  a day has no zone
                return day, Decimal(found[2].replace(".", "").replace(",", "."))
        except (ValueError, InvalidOperation):
            pass
        raise forms.ValidationError(f"«{line[:40]}» não é dia e valor. Escreva como em 15/04/2026 100,00.")


class TermoForm(RefusableForm):
    """The page: what was said, and one part for each supplier who came."""

    pronto_relato = forms.ModelChoiceField(
        label="Texto pronto", queryset=TextoPadrao.objects.none(), required=False, empty_label="Escolha"
    )
    relato = forms.CharField(
        label="O que foi dito", widget=forms.Textarea(attrs={"rows": 7}), max_length=20000, required=False
    )
    observacao = forms.CharField(
        label="Observações", widget=forms.Textarea(attrs={"rows": 2}), max_length=10000, required=False
    )

    def __init__(self, *args: Any, parties: list[Reclamado], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties
        texts = TextoPadrao.objects.filter(aposentado_em__isnull=True)
        self.fields["pronto_relato"].queryset = texts.filter(uso=TextoPadrao.Uso.TERMO)  # type: ignore[attr-defined]
        clauses = texts.filter(uso=TextoPadrao.Uso.ACORDO)
        for item in parties:
            self._add_part(item, clauses)

    def _add_part(self, item: Reclamado, clauses: Any) -> None:
        offered = [choice for choice in ResultadoDoReclamado.Resultado.choices if choice[0] in HELD]
        money = {"max_digits": 12, "decimal_places": 2, "min_value": Decimal("0.01"), "localize": True}
        fields: dict[str, forms.Field] = {
            "resultado": forms.ChoiceField(
                label="Resultado", choices=offered, widget=forms.RadioSelect, required=False
            ),
            "texto": forms.CharField(
                label="O que foi acordado", widget=forms.Textarea(attrs={"rows": 4}), max_length=20000, required=False
            ),
            "pronto": forms.ModelChoiceField(
                label="Texto pronto", queryset=clauses, required=False, empty_label="Escolha"
            ),
            "total": forms.DecimalField(label="Total (R$)", required=False, **money),
            "quantas": forms.IntegerField(
                label="Parcelas iguais", min_value=1, max_value=MAX_INSTALMENTS, required=False
            ),
            "primeiro": day_field(label="Primeiro vencimento", required=False),
            "parcelas": InstalmentsField(
                label="Parcelas", required=False, help_text="Uma por linha: dia e valor. Somam o total."
            ),
            "conferir_em": day_field(
                label="Conferir em", required=False, help_text="Sem parcelas: quando o Procon pergunta se foi cumprido."
            ),
        }
        for name in PART:
            self.fields[f"{name}_{item.pk}"] = fields[name]

    @property
    def parts(self) -> list[tuple[Reclamado, dict[str, Any]]]:
        """Each supplier with its bound fields by name."""
        return [(item, {name: self[f"{name}_{item.pk}"] for name in PART}) for item in self.parties]

    def told(self, dados: Mapping[str, Sequence[str]]) -> list[tuple[str, list[tuple[str, str]]]]:
        """What was typed into this page, by part: each field's label and words, in the order of the page."""
        parts = [("O que foi dito", ["relato", "observacao"])]
        kept = [name for name in PART if name not in ("pronto", "quantas", "primeiro")]
        parts += [(str(item.fornecedor), [f"{name}_{item.pk}" for name in kept]) for item in self.parties]
        results = dict(ResultadoDoReclamado.Resultado.choices)
        shown = []
        for title, names in parts:
            typed = [(name, "\n".join(dados.get(name, ()))) for name in names]
            rows = [(str(self.fields[name].label), str(results.get(text, text))) for name, text in typed if text]
            shown.append((title, rows))
        return [(title, rows) for title, rows in shown if rows]

    def plan(self, item: Reclamado) -> str | None:
        """Equal monthly instalments of the total as the page's lines; None where it cannot be: the form says why."""
        told = {name: self.cleaned_data.get(f"{name}_{item.pk}") for name in ("total", "quantas", "primeiro")}
        for name, value in told.items():
            if value is None and f"{name}_{item.pk}" not in self.errors:
                self.add_error(f"{name}_{item.pk}", "Preencha para gerar as parcelas.")
        if None in told.values():
            return None
        try:
            parts = equal_parts(told["total"], told["quantas"])
            days = monthly(told["primeiro"], told["quantas"])
        except ValueError:
            self.add_error(f"quantas_{item.pk}", "O total não se divide assim. Confira o total e as parcelas.")
            return None
        return "\n".join(
            f"{day:%d/%m/%Y} {f'{amount:.2f}'.replace('.', ',')}" for day, amount in zip(days, parts, strict=True)
        )

    def conteudo(self) -> Conteudo:
        """What is signed, from whatever of the page is well-formed."""
        told = self.cleaned_data
        clauses = [
            Clausula(
                reclamado=item,
                resultado=told.get(f"resultado_{item.pk}", ""),
                texto=told.get(f"texto_{item.pk}", "").strip(),
                total=told.get(f"total_{item.pk}"),
                conferir_em=told.get(f"conferir_em_{item.pk}"),
                parcelas=told.get(f"parcelas_{item.pk}") or (),
            )
            for item in self.parties
        ]
        return Conteudo(told.get("relato", "").strip(), told.get("observacao", "").strip(), tuple(clauses))


class StrokesField(forms.CharField):
    """What the script sends of a drawn signature; read as JSON, checked by the service."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Any:
        """The strokes as sent; None where nothing was drawn."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as wrong:
            raise forms.ValidationError(
                "O que chegou não é uma assinatura. Limpe o quadro e assine de novo."
            ) from wrong


class SignForm(RefusableForm):
    """One person signs: drawn, or the name typed with consent."""

    conteudo_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    tracos = StrokesField(required=False, max_length=60_000)
    nome = forms.CharField(label="Nome completo, como consta", max_length=160, required=False)
    consente = forms.BooleanField(label="Li o termo, concordo com ele e assino digitando meu nome.", required=False)


class CloseForm(RefusableForm):
    """Witnesses, certificates."""

    testemunha_1 = forms.CharField(label="1ª testemunha", max_length=160, required=False)
    testemunha_2 = forms.CharField(label="2ª testemunha", max_length=160, required=False)
    certificado = forms.FileField(label="Certificado (.p12 ou .pfx)", required=False)
    senha = forms.CharField(
        label="Senha do certificado",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        required=False,
        max_length=200,
        strip=False,
    )
    dono = forms.ModelChoiceField(
        label="De quem é", queryset=Presenca.objects.none(), required=False, empty_label="De quem fecha o termo"
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dono"].queryset = people  # type: ignore[attr-defined]
        self.fields["dono"].label_from_instance = lambda item: item.nome  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """What the service takes; the certificate is read into memory and goes nowhere else."""
        told = self.cleaned_data
        names = [told["testemunha_1"], told["testemunha_2"]]
        files = []
        if told["certificado"] or told["senha"]:
            content = told["certificado"].read(LARGEST + 1) if told["certificado"] else b""
            files.append(CertificateFile(content, told["senha"], told["dono"]))
        return {"testemunhas": names, "certificados": files}


class VersionForm(RefusableForm):
    """Why there is a new version."""

    motivo = forms.CharField(
        label="Por que o termo ganha nova versão", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
