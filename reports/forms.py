"""The forms of the reports: a question put together, a period, a year. A link keeps what was asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms

from accounts.models import Unidade
from cases.filters import DateInput
from cases.models import Assunto
from listing.order import by_name
from reports import words
from reports.measures import Medida
from reports.period import FIRST_YEAR, Intervalo
from reports.profile import DIMENSIONS
from reports.questions import FILTERS, Question, check, dimensions
from reports.ranking import LEAST, LEVELS, SHARES, SOURCES, Asked
from workflow.errors import Refusal

_MONTH = "%Y-%m"


class MonthField(forms.DateField):
    """A month, as its first day; the browser wants `2023-05`."""

    widget = forms.DateInput(attrs={"type": "month", "placeholder": "2023-05"}, format=_MONTH)
    input_formats = [_MONTH, "%m/%Y"]
    default_error_messages = {"invalid": "Escreva o mês como 2023-05."}


def months_have_begun(form: forms.Form, today: date) -> bool:
    """Whether `de` and `ate` are months in their order that have begun; else the form says what they must be."""
    told = form.cleaned_data
    if told["de"] > told["ate"]:
        form.add_error("ate", "O último mês vem depois do primeiro.")
    elif told["de"].year < FIRST_YEAR or told["ate"] > today:
        form.add_error("ate", f"Escolha meses de {FIRST_YEAR} até {today:%m/%Y}.")
    return not form.errors


def after(month: date) -> date:
    """The first day of the month after this one."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


class RankingForm(forms.Form):
    """Whom to rank, by what, of which months; narrowed to an assunto or an área."""

    por = forms.ChoiceField(
        label="Ordenar por", choices=[("volume", "Reclamações"), *((key, share.nome) for key, share in SHARES.items())]
    )
    nivel = forms.ChoiceField(label="Somar por", choices=[(key, label) for key, (_, label) in LEVELS.items()])
    fonte = forms.ChoiceField(label="Contar", choices=[(key, label) for key, (label, _) in SOURCES.items()])
    de = MonthField(label="De")
    ate = MonthField(label="Até")
    minimo = forms.IntegerField(label="Volume mínimo", min_value=1, max_value=1_000_000, required=False)
    area = forms.ChoiceField(label="Área", required=False)
    assunto = forms.ModelChoiceField(
        Assunto.objects.order_by(by_name("descricao")), label="Assunto", required=False, empty_label="Todos"
    )
    ordem = forms.ChoiceField(
        label="Ordem do índice", required=False, choices=[("", "Piores primeiro"), ("melhores", "Melhores primeiro")]
    )
    unidade = forms.ModelChoiceField(Unidade.objects.none(), label="Unidade", required=False, empty_label="Todas")

    def __init__(self, *args: Any, unidades: Collection[int], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        areas = Assunto.objects.order_by("area").values_list("area", flat=True).distinct()
        self.fields["area"].choices = [("", "Todas"), *((area, area) for area in areas if area)]
        self.fields["unidade"].queryset = Unidade.objects.filter(pk__in=unidades).order_by(by_name("nome"))
        if len(unidades) < 2:
            del self.fields["unidade"]

    def clean(self) -> dict[str, Any]:
        """Months that have begun; an assunto of the área where both are chosen; an index that the source has."""
        told = super().clean() or {}
        if self.errors or not months_have_begun(self, self._today):
            return told
        if told["assunto"] and told["area"] and told["assunto"].area != told["area"]:
            self.add_error("assunto", f"Este assunto é da área «{told['assunto'].area}». Escolha-a, ou «Todas».")
        elif not self.asked.medidas:
            self.add_error("fonte", "O cadastro nacional não tem CIPs. Escolha outra fonte, ou outro índice.")
        return told

    @property
    def asked(self) -> Asked:
        """The ranking that the form asks for. Shares have a minimum even where none was typed."""
        told = self.cleaned_data
        return Asked(
            nivel=told["nivel"],
            por=told["por"],
            de=told["de"],
            ate=after(told["ate"]),
            fonte=told["fonte"],
            assunto=told["assunto"].pk if told["assunto"] else None,
            area=told["area"],
            minimo=told["minimo"] or (1 if told["por"] == "volume" else LEAST),
            melhores=told["ordem"] == "melhores",
        )


class QuestionForm(forms.Form):
    """What, by what, of which months, of which unidade, with which filter."""

    medida = forms.ChoiceField(label="Contar", choices=[(m.name.lower(), words.MEASURES[m]) for m in Medida])
    linhas = forms.ChoiceField(label="Linhas")
    colunas = forms.ChoiceField(label="Colunas", required=False)
    de = MonthField(label="De")
    ate = MonthField(label="Até")
    filtro = forms.ChoiceField(label="Só onde", required=False)
    unidade = forms.ModelChoiceField(Unidade.objects.none(), label="Unidade", required=False, empty_label="Todas")

    def __init__(self, *args: Any, unidades: Collection[int], names_people: bool, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        hidden = () if names_people else ("conciliador",)
        offered = [(name, label) for name, label in words.DIMENSIONS.items() if name not in hidden]
        self.fields["linhas"].choices = offered
        self.fields["colunas"].choices = [("", "–"), *offered]
        self.fields["filtro"].choices = [("", "Tudo"), *self._filters(hidden)]
        self.fields["unidade"].queryset = Unidade.objects.filter(pk__in=unidades).order_by(by_name("nome"))
        if len(unidades) < 2:
            del self.fields["unidade"]

    @staticmethod
    def _filters(hidden: Collection[str]) -> list[tuple[str, list[tuple[str, str]]]]:
        """One list for all dimensions, by group, so that no script is needed; equal values stand once."""
        groups = []
        for name in FILTERS:
            if name not in hidden:
                measures = [medida for medida in Medida if name in dimensions(medida)]
                found: dict[str, str] = {}
                for medida in measures[:1] if name in words.FROM_ROWS else measures:
                    found |= words.values_of(medida, name)
                groups.append((words.DIMENSIONS[name], [(f"{name}:{key}", label) for key, label in found.items()]))
        return groups

    def clean(self) -> dict[str, Any]:
        """A question that has totals, of months that have begun."""
        told = super().clean() or {}
        if not self.errors and months_have_begun(self, self._today):
            try:
                check(self.question)
            except Refusal as refusal:
                self.add_error(None, refusal.message)
        return told

    @property
    def question(self) -> Question:
        """What the form asks."""
        told = self.cleaned_data
        name, _, value = told["filtro"].partition(":")
        end: date = told["ate"]
        return Question(
            medida=Medida[told["medida"].upper()],
            linhas=told["linhas"],
            colunas=told["colunas"],
            de=told["de"],
            ate=after(end),
            filtro=name,
            valor=value,
            unidade=told["unidade"].pk if told.get("unidade") else None,
        )


class RangeForm(forms.Form):
    """Any days that have begun, and one unidade or all of one's own; the running year where nothing is asked."""

    de = forms.DateField(label="De", widget=DateInput(), required=False)
    ate = forms.DateField(label="Até", widget=DateInput(), required=False)
    unidade = forms.ModelChoiceField(Unidade.objects.none(), label="Unidade", required=False, empty_label="Todas")

    def __init__(self, data: Any, *, unidades: Collection[int], today: date) -> None:
        asked = data.copy()
        asked["de"] = asked.get("de") or f"{today.year}-01-01"
        asked["ate"] = asked.get("ate") or f"{today.year}-12-31"
        super().__init__(asked)
        self._today, self._unidades = today, list(unidades)
        self.fields["unidade"].queryset = Unidade.objects.filter(pk__in=unidades).order_by(by_name("nome"))
        if len(unidades) < 2:
            del self.fields["unidade"]

    def clean(self) -> dict[str, Any]:
        """Days in their order, from the first balance that there can be to the end of this year."""
        told = super().clean() or {}
        if self.errors:
            return told
        if told["de"] > told["ate"]:
            self.add_error("ate", "O último dia vem depois do primeiro.")
        elif told["de"] > self._today:
            self.add_error("de", f"O período ainda não começou. Escolha um primeiro dia até {self._today:%d/%m/%Y}.")
        elif told["de"].year < FIRST_YEAR or told["ate"].year > self._today.year:
            self.add_error("ate", f"Escolha dias de 01/01/{FIRST_YEAR} até 31/12/{self._today.year}.")
        return told

    @property
    def periodo(self) -> Intervalo:
        """The days that were asked for."""
        return Intervalo(self.cleaned_data["de"], self.cleaned_data["ate"])

    @property
    def scope(self) -> list[int]:
        """The unidade that was asked for, or all."""
        chosen = self.cleaned_data.get("unidade")
        return [chosen.pk] if chosen else self._unidades


class YearForm(forms.Form):
    """A year that has begun, the running one where none is asked for; and one unidade or all of one's own."""

    ano = forms.IntegerField(label="Ano", required=False)
    unidade = forms.ModelChoiceField(Unidade.objects.none(), label="Unidade", required=False, empty_label="Todas")

    def __init__(self, data: Any, *, unidades: Collection[int], today: date) -> None:
        asked = data.copy()
        asked["ano"] = asked.get("ano") or str(today.year)
        super().__init__(asked)
        self._today, self._unidades = today, list(unidades)
        self.fields["unidade"].queryset = Unidade.objects.filter(pk__in=unidades).order_by(by_name("nome"))
        if len(unidades) < 2:
            del self.fields["unidade"]

    def clean_ano(self) -> int:
        """A year that has begun."""
        ano: int = self.cleaned_data["ano"]
        if not FIRST_YEAR <= ano <= self._today.year:
            raise forms.ValidationError(f"Escreva um ano entre {FIRST_YEAR} e {self._today.year}.")
        return ano

    @property
    def scope(self) -> list[int]:
        """The unidade that was asked for, or all."""
        chosen = self.cleaned_data.get("unidade")
        return [chosen.pk] if chosen else self._unidades


class ProfileForm(YearForm):
    """A year and the two dimensions that are crossed."""

    linhas = forms.ChoiceField(label="Linhas", choices=[("", "–"), *DIMENSIONS.items()], required=False)
    colunas = forms.ChoiceField(label="Colunas", choices=[("", "–"), *DIMENSIONS.items()], required=False)

    def __init__(self, data: Any, **kwargs: Any) -> None:
        asked = data.copy()
        if "linhas" not in asked and "colunas" not in asked:
            asked["linhas"], asked["colunas"] = "faixa", "sexo"
        super().__init__(asked, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Two different dimensions, or none."""
        told = super().clean() or {}
        if bool(told.get("linhas")) != bool(told.get("colunas")):
            self.add_error("colunas", "Escolha linhas e colunas, ou deixe as duas em branco.")
        elif told.get("linhas") and told.get("linhas") == told.get("colunas"):
            self.add_error("colunas", "Linhas e colunas pedem a mesma coisa. Escolha outra.")
        return told


def initial(today: date) -> dict[str, Any]:
    """The question with which the page opens: this year's cases by tipo."""
    return {
        "medida": "atendimentos",
        "linhas": "tipo",
        "colunas": "",
        "de": today.replace(month=1, day=1).strftime(_MONTH),
        "ate": today.strftime(_MONTH),
        "filtro": "",
    }


def initial_ranking(today: date) -> dict[str, Any]:
    """The ranking with which the page opens: this year's companies, by complaints."""
    return {
        "por": "volume",
        "nivel": "radical",
        "fonte": "tudo",
        "de": today.replace(month=1, day=1).strftime(_MONTH),
        "ate": today.strftime(_MONTH),
    }
