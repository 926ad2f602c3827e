"""What the list of cases can be narrowed by."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe

from accounts.models import CASE_READERS, Atribuicao, Papel, Unidade, User
from cases.models import Assunto, Atendimento, Canal, Desfecho, Problema, Tipo
from listing.order import by_name
from parties.models import Consumidor, Fornecedor, GrupoEconomico

#: The orders of the list: name in the address → (label, fields, all in one direction, the last one unique).
ORDERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "recentes": ("Mais recentes primeiro", ("-aberto_em", "-id")),
    "antigos": ("Mais antigos primeiro", ("aberto_em", "id")),
    "prioridade": ("Prioridade da lei primeiro", ("prioridade", "aberto_em", "id")),
}
#: The choice of every status but the last.
RUNNING = "em_andamento"


class DateInput(forms.DateInput):
    """A date picked or typed; the browser wants ISO."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class Select(forms.Select):
    """A list of choices in one piece: Django renders one template for every choice."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """The same HTML as Django's own."""
        chosen = {str(item) for item in self.format_value(value)}
        options = "".join(
            f'<option value="{escape(str(key))}"{" selected" if str(key) in chosen else ""}>{escape(label)}</option>'
            for key, label in self.choices
        )
        given = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return mark_safe(f"<select{flatatt(given)}>{options}</select>")  # noqa: S308  values and labels are escaped above


class AtendimentoFilter(django_filters.FilterSet):
    """Search and filters of the list of cases; `request.user` decides which unidades can be chosen."""

    q = django_filters.CharFilter(
        method="by_text",
        label="Protocolo, consumidor, CPF ou fornecedor",
        max_length=160,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    status = django_filters.ChoiceFilter(
        method="by_status",
        choices=[(RUNNING, "Em andamento"), *Atendimento.Status.choices],
        empty_label="Todos",
        label="Situação",
        widget=Select,
    )
    tipo = django_filters.ChoiceFilter(choices=Tipo.choices, empty_label="Todos", label="Tipo", widget=Select)
    canal = django_filters.ChoiceFilter(choices=Canal.choices, empty_label="Todos", label="Canal", widget=Select)
    aberto_de = django_filters.DateFilter(method="by_first_day", label="Aberto de", widget=DateInput())
    aberto_ate = django_filters.DateFilter(method="by_last_day", label="Aberto até", widget=DateInput())
    unidade = django_filters.ModelChoiceFilter(
        queryset=lambda request: Unidade.objects.filter(pk__in=request.user.unidades_com(CASE_READERS)),
        empty_label="Todas",
        label="Unidade",
    )
    consumidor = django_filters.NumberFilter(
        method="by_consumer", widget=forms.HiddenInput, min_value=1, max_value=2**62
    )
    fornecedor = django_filters.NumberFilter(
        method="by_supplier", widget=forms.HiddenInput, min_value=1, max_value=2**62
    )
    radical = django_filters.CharFilter(method="by_root", widget=forms.HiddenInput, max_length=8)
    area = django_filters.CharFilter(field_name="assunto__area", widget=forms.HiddenInput, max_length=200)
    assunto = django_filters.ModelChoiceFilter(
        queryset=lambda request: Assunto.objects.order_by(by_name("descricao")),
        empty_label="Todos",
        label="Assunto",
        widget=Select,
    )
    problema = django_filters.ModelChoiceFilter(
        queryset=lambda request: Problema.objects.order_by(by_name("descricao")),
        empty_label="Todos",
        label="Problema",
        widget=Select,
    )
    desfecho = django_filters.ChoiceFilter(
        choices=Desfecho.choices, empty_label="Todos", label="Desfecho", widget=Select
    )
    prioridade = django_filters.ChoiceFilter(
        choices=[
            ("0", "80 anos ou mais"),
            ("1", "Prioridade da lei"),
            ("2", "Doador de sangue"),
            ("3", "Sem prioridade"),
        ],
        empty_label="Todas",
        label="Prioridade",
        widget=Select,
    )
    atendente = django_filters.ModelChoiceFilter(
        queryset=lambda request: colleagues(request.user), empty_label="Todos", label="Atendente", widget=Select
    )
    grupo = django_filters.ModelChoiceFilter(
        method="by_group",
        queryset=lambda request: GrupoEconomico.objects.all(),
        error_messages={
            "invalid_choice": "Este grupo não existe mais: suas empresas contam por si. Escolha outro, ou «Todos»."
        },
        empty_label="Todos",
        label="Grupo econômico",
        widget=Select,
    )
    parado = django_filters.NumberFilter(
        method="by_standstill", label="Em andamento e parado há mais de (dias)", min_value=1, max_value=3650
    )
    prazo = django_filters.ChoiceFilter(
        method="by_term",
        choices=[("vencido", "Com prazo vencido"), ("corre", "Com prazo correndo")],
        empty_label="Tanto faz",
        label="Prazo",
        widget=Select,
    )
    em = django_filters.ChoiceFilter(
        method="unchanged", choices=[("textos", "Palavras do relato")], widget=forms.HiddenInput
    )
    ordem = django_filters.ChoiceFilter(
        method="unchanged",
        label="Ordem",
        empty_label=None,
        widget=Select,
        choices=[(name, label) for name, (label, _) in ORDERS.items()],
    )

    class Meta:
        model = Atendimento
        fields: list[str] = []

    def __init__(self, data: Any = None, *args: Any, shown: Collection[str] = (), **kwargs: Any) -> None:
        """Only the fields that are `shown` or filled in are built: twenty would cost more than the page's SQL."""
        wanted = {*shown, *(data or ())}
        self.base_filters = {name: item for name, item in type(self).base_filters.items() if name in wanted}
        super().__init__(data, *args, **kwargs)

    @property
    def order(self) -> tuple[str, ...]:
        """The fields of the chosen order; the most recent first where none was chosen."""
        chosen = self.form.cleaned_data.get("ordem") if self.form.is_valid() else ""
        return ORDERS[chosen or "recentes"][1]

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow by what was typed into the search box."""
        if self.data.get("em") == "textos":
            return queryset.with_words(value, user=self.request.user, at=_now())
        return queryset.search(value, user=self.request.user)

    def by_status(self, queryset: Any, name: str, value: str) -> Any:
        """In this status; in any but the last."""
        return queryset.open() if value == RUNNING else queryset.filter(status=value)

    def by_group(self, queryset: Any, name: str, value: GrupoEconomico) -> Any:
        """With a supplier of this group among the reclamados."""
        return queryset.against(Fornecedor.objects.of_group(value.pk))

    def by_root(self, queryset: Any, name: str, value: str) -> Any:
        """With a supplier of this company, by the first eight positions of its CNPJ."""
        return queryset.against(Fornecedor.objects.filter(radical=value))

    def by_standstill(self, queryset: Any, name: str, value: Any) -> Any:
        """Open, and nothing happened in it for more than so many days."""
        return queryset.standing_still(since=_now() - timedelta(days=int(value)))

    def by_term(self, queryset: Any, name: str, value: str) -> Any:
        """With a term that runs; or that has run out."""
        today = timezone.localdate(_now())
        return queryset.with_term(overdue_on=today if value == "vencido" else None)

    def by_first_day(self, queryset: models.QuerySet[Any], name: str, value: date) -> models.QuerySet[Any]:
        """Opened on this local day or later."""
        return queryset.filter(aberto_em__gte=_midnight(value))

    def by_last_day(self, queryset: models.QuerySet[Any], name: str, value: date) -> models.QuerySet[Any]:
        """Opened on this local day or earlier."""
        return queryset.filter(aberto_em__lt=_midnight(value + timedelta(days=1)))

    def by_consumer(self, queryset: models.QuerySet[Any], name: str, value: int) -> models.QuerySet[Any]:
        """Of this consumer, or of a registration merged with it."""
        return queryset.of_person(Consumidor.objects.filter(pk=value))

    def by_supplier(self, queryset: models.QuerySet[Any], name: str, value: int) -> models.QuerySet[Any]:
        """With this supplier among the reclamados, or one merged with it."""
        return queryset.against(Fornecedor.objects.filter(pk=value))

    def unchanged(self, queryset: models.QuerySet[Any], name: str, value: str) -> models.QuerySet[Any]:
        """The order is applied by the page, not by the filter."""
        return queryset


def colleagues(user: User) -> models.QuerySet[User]:
    """Who registers in the unidades where this person reads cases."""
    units = user.unidades_com(CASE_READERS)
    posts = Atribuicao.objects.filter(unidade__in=units, papel__in=[Papel.ATENDENTE, Papel.COORDENADOR])
    return User.objects.filter(pk__in=posts.values("user")).order_by(by_name("nome"))


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
