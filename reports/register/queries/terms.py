"""The law's terms of the register, counted on the office's days: the rules are data (deadlines/data/regras.toml)."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from deadlines.calendar import Calendar, OutsideCalendarError
from deadlines.models import Feriado, RegraDePrazo, Suspensao
from deadlines.rules import Suspension, Term, compute
from workflow.errors import ContentRefused

#: How long an entry is shown; until when a correction may be asked for; until when it is answered.
KEPT, ASKING, ANSWERING = "cadastro_permanencia", "cadastro_correcao_pedido", "cadastro_correcao_resposta"


class Terms:
    """The rules, the days and the windows, each read when it is first asked for, and once."""

    @cached_property
    def _rules(self) -> list[RegraDePrazo]:
        return list(RegraDePrazo.objects.filter(nome__in=[KEPT, ASKING, ANSWERING]).order_by("-versao"))

    @cached_property
    def _calendar(self) -> Calendar:
        return Calendar.of(Feriado.objects.order_by("data", "id").values_list("data", "nome"))

    @cached_property
    def _windows(self) -> list[Suspension]:
        return [row.as_window() for row in Suspensao.objects.order_by("de", "id")]

    def rule(self, nome: str, on: date) -> RegraDePrazo:
        """The version in force on that day. Raises ContentRefused where there is none."""
        for row in self._rules:
            if row.nome == nome and row.vigente_de <= on and (row.vigente_ate or on) >= on:
                return row
        raise ContentRefused(
            f"Não há regra de prazo «{nome}» em vigor em {on:%d/%m/%Y}. "
            "Confira a data, ou peça ao administrador que carregue as regras (carregar_calendario)."
        )

    def term(self, nome: str, start: date) -> tuple[RegraDePrazo, Term]:
        """The rule in force on the day that starts it, and the term. Raises ContentRefused beyond the calendar."""
        row = self.rule(nome, start)
        try:
            return row, compute(row.as_rule(), start, self._calendar, self._windows)
        except OutsideCalendarError as outside:
            raise ContentRefused(
                f"Os feriados de {outside.year} não estão no calendário, e sem eles o prazo sairia errado. "
                f"Confira a data; se estiver certa, peça ao administrador que carregue {outside.year} "
                "(carregar_calendario)."
            ) from outside
