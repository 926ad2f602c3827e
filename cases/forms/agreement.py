"""The form of an agreement, with its editable plan of instalments; works without scripts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from cases.filters import DateInput
from cases.models import Acordo, Parcela, Reclamado
from cases.rules.instalments import MAX_INSTALMENTS, equal_parts, monthly


class AgreementForm(forms.Form):
    """What was agreed. «Gerar parcelas» fills the rows with equal parts, and each row may then be changed."""

    reclamado = forms.ModelChoiceField(label="Fornecedor", queryset=Reclamado.objects.none(), empty_label=None)
    origem = forms.ChoiceField(label="Onde foi feito", choices=[("", "Escolha"), *Acordo.Origem.choices])
    texto = forms.CharField(label="O que foi acordado", widget=forms.Textarea(attrs={"rows": 4}), max_length=20000)
    firmado_em = forms.DateField(label="Firmado em", widget=DateInput())
    conferir_em = forms.DateField(
        label="Conferir em",
        widget=DateInput(),
        required=False,
        help_text="O dia em que o Procon pergunta se foi cumprido. Com parcelas, pergunta em cada vencimento.",
    )
    total = forms.DecimalField(
        label="Total (R$)", max_digits=12, decimal_places=2, min_value=Decimal("0.01"), required=False, localize=True
    )
    quantas = forms.IntegerField(
        label="Quantas parcelas",
        min_value=1,
        max_value=MAX_INSTALMENTS,
        required=False,
        help_text="Partes iguais, arredondadas para baixo no centavo; o que sobra fica na última.",
    )
    primeiro = forms.DateField(label="Primeiro vencimento", widget=DateInput(), required=False)

    def __init__(self, *args: Any, reclamados: Any, rows: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reclamado"].queryset = reclamados
        self.fields["reclamado"].label_from_instance = lambda item: str(item.fornecedor)
        self.rows = rows
        for number in range(1, rows + 1):
            self.fields[f"vencimento_{number}"] = forms.DateField(label=f"{number}ª vence em", widget=DateInput())
            self.fields[f"valor_{number}"] = forms.DecimalField(
                label=f"{number}ª: R$", max_digits=12, decimal_places=2, min_value=Decimal("0.01"), localize=True
            )

    @property
    def lines(self) -> list[tuple[Any, Any]]:
        """The rows of the plan, each with its day and its amount."""
        return [(self[f"vencimento_{number}"], self[f"valor_{number}"]) for number in range(1, self.rows + 1)]

    def plan(self) -> list[tuple[date, Decimal]] | None:
        """Equal monthly parts of the total, or nothing where it cannot be divided so; then the form says why."""
        data = self.cleaned_data
        for name in ("total", "quantas", "primeiro"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, "Preencha para gerar as parcelas.")
        if any(data.get(name) is None for name in ("total", "quantas", "primeiro")):
            return None
        try:
            parts = equal_parts(data["total"], data["quantas"])
            return list(zip(monthly(data["primeiro"], data["quantas"]), parts, strict=True))
        except ValueError:
            self.add_error("quantas", "O total não se divide assim. Confira o total, as parcelas e o vencimento.")
            return None

    def arguments(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        names = ("reclamado", "origem", "texto", "firmado_em", "conferir_em", "total")
        rows = [
            Parcela(vencimento=data[f"vencimento_{number}"], valor=data[f"valor_{number}"])
            for number in range(1, self.rows + 1)
        ]
        return {name: data[name] for name in names} | {"parcelas": rows}


class AgreementFilter(forms.Form):
    """What the list of agreements can be narrowed by."""

    status = forms.ChoiceField(label="Situação", choices=[("", "Todas"), *Acordo.Status.choices], required=False)
    quando = forms.ChoiceField(
        label="Conferência",
        choices=[("", "Qualquer dia"), ("a_conferir", "A conferir até hoje"), ("vencido", "Vencida antes de hoje")],
        required=False,
    )


class ComplaintFilter(forms.Form):
    """What the list of reclamações can be narrowed by."""

    status = forms.ChoiceField(label="Situação", required=False)
    espera = forms.ChoiceField(
        label="O que espera",
        choices=[
            ("", "Qualquer coisa"),
            ("defesa_vencida", "Defesa vencida"),
            ("parecer", "Parecer técnico"),
            ("decisao", "Decisão"),
        ],
        required=False,
    )
    minhas = forms.BooleanField(label="Só as que eu registrei", required=False)

    def __init__(self, *args: Any, statuses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", "Todas"), *statuses]
