"""Whatever is done to the office, by whatever path, in whatever order: every total is what a recount says."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import User
from cases.models import CIP, Assunto, Atendimento, Canal, Classificacao, Reclamacao, Reclamado, RegistroNacional, Tipo
from cases.services import add_reclamado, close_case, rectify_case, register, reopen_case
from hearings.models import Audiencia
from parties.models import Fornecedor, Fusao, GrupoEconomico
from parties.services import merge_suppliers, undo_merge
from reports.balance import balance
from reports.measures import HOMES, Grao, Medida
from reports.period import Periodo
from reports.queries import first
from reports.selfcheck import wrong_totals
from reports.totals import fold, refill
from tests.conftest import NOW, make_cast
from tests.reports.conftest import at, case, classify, hearing, letter, record
from tests.reports.recount import by_hand, kept, ranking_by_hand
from workflow.errors import Refusal

#: About midnight, the turn of a month and of a year, with and without summer time.
MOMENTS = [at(2018, 12, 31, 23, 59), at(2019, 1, 1, 0, 0), at(2023, 2, 28, 23, 30), at(2023, 3, 1, 0, 5), NOW]
moments, whatever = st.sampled_from(MOMENTS), st.integers(0, 99)
#: Corrections that no service makes: a set of columns, and how they are filled.
EDITS = [
    "UPDATE cases_atendimento SET aberto_em = aberto_em + interval '31 days' WHERE id = %(case)s",
    "UPDATE cases_atendimento SET unidade_id = %(elsewhere)s WHERE id = %(case)s",
    "UPDATE cases_atendimento SET tipo = 'calculo', canal = 'carta' WHERE id = %(case)s",
    "UPDATE cases_atendimento SET assunto_id = %(subject)s WHERE id %% 2 = 0",
    "UPDATE cases_atendimento SET assunto_id = NULL",
    "UPDATE cases_atendimento SET nfp_desbloqueada = NOT coalesce(nfp_desbloqueada, false) WHERE id = %(case)s",
    "UPDATE cases_cip SET emitida_em = emitida_em - interval '1 day', meio = 'email'",
    "UPDATE cases_classificacao SET substituida_em = now() WHERE substituida_em IS NULL",
    "UPDATE cases_classificacao SET valor = 'encerrada'",
    "UPDATE cases_reclamacao SET instaurada_em = instaurada_em + interval '1 year'",
    "UPDATE hearings_audiencia SET inicio = inicio - interval '40 days', modalidade = 'virtual'",
    "UPDATE cases_registronacional SET atendida = NOT atendida, ano_calendario = ano_calendario + 1 WHERE id %% 2 = 1",
    "DELETE FROM cases_cip WHERE id %% 2 = 0",
    "DELETE FROM cases_registronacional WHERE id %% 3 = 0",
    "TRUNCATE cases_registronacional",
]
#: What becomes of a supplier: it is completed, or was another company's; a group is named, and dissolved.
CHANGES = [
    "UPDATE parties_fornecedor SET cnpj = '12ABC34500ZZ99' WHERE id = %(bare)s",
    "UPDATE parties_fornecedor SET cnpj = NULL WHERE id = %(bare)s",
    "UPDATE parties_fornecedor SET cnpj = '00000000000272' WHERE id = %(bare)s",
    "UPDATE parties_fornecedor SET grupo_id = %(group)s WHERE id = %(one)s",
    "UPDATE parties_fornecedor SET grupo_id = %(other)s WHERE id = %(bare)s",
    "UPDATE parties_fornecedor SET grupo_id = NULL",
    "DELETE FROM parties_fornecedor f WHERE id > %(bare)s"
    " AND NOT EXISTS (SELECT FROM cases_reclamado WHERE fornecedor_id = f.id)",
]


class Office(RuleBasedStateMachine):
    """A few cases against a few suppliers; everything that is counted, corrected, merged or taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.cast = cast = make_cast()
        self.iara = User.objects.create_user("iara", nome="Iara")
        self.iara.atribuicoes.create(unidade=cast.unidade, papel="auditor")
        self.units = [cast.unidade.pk, cast.outra.pk]
        self.suppliers = [cast.loja, cast.banco, Fornecedor.objects.create(razao_social="Loja")]
        self.groups = [GrupoEconomico.objects.create(nome=nome) for nome in ("Grupo Um", "Grupo Dois")]
        self.subjects = list(Assunto.objects.order_by("pk")[:2]) or [
            Assunto.objects.create(codigo=number, area="Serviços", descricao=f"Assunto {number}") for number in (1, 2)
        ]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize()
    def some_history(self) -> None:
        one = case(self.cast, MOMENTS[0], assunto=self.subjects[0])
        letter(Reclamado.objects.create(atendimento=one, fornecedor=self.cast.loja), MOMENTS[0])
        record(self.cast.banco, "BANCO", 2018, atendida=True, filed=MOMENTS[0])
        fold()

    @rule(which=whatever, subject=st.integers(0, 1), canal=st.sampled_from(Canal.values))
    def register_one(self, which: int, subject: int, canal: str) -> None:
        with suppress(Refusal):
            register(
                by=self.cast.bruno,
                at=NOW,
                unidade=self.cast.unidade,
                tipo=Tipo.values[which % len(Tipo.values)],
                canal=canal,
                consumidor=self.cast.ana,
                fornecedores=self.suppliers[: which % 3],
                assunto=self.subjects[subject],
                relato="Relato",
                pedido="Pedido",
                cartas=False,
            )

    @rule(when=moments, count=st.integers(1, 3))
    def import_late(self, when: datetime, count: int) -> None:
        many = [case(self.cast, when, assunto=self.subjects[0]) for _ in range(count)]
        Reclamado.objects.bulk_create([Reclamado(atendimento=one, fornecedor=self.cast.banco) for one in many])
        record(self.cast.banco, "BCO", when.year, atendida=count == 1, filed=when if count > 1 else None)

    @rule(which=whatever, when=moments)
    def write_below(self, which: int, when: datetime) -> None:
        """What follows a case: a letter, a hearing, a complaint, a decision."""
        party = self.any(Reclamado, which)
        if party is None:
            return
        if not party.cips.exclude(status="baixada").exists():
            letter(party, when, "acordo" if which % 2 else "")
        hearing(self.cast, party.atendimento, when, *(("realizada", "acordo") if which % 3 else ("agendada",)))
        Reclamacao.objects.get_or_create(atendimento=party.atendimento, defaults={"instaurada_em": when})
        if not party.classificacoes.filter(substituida_em=None).exists():
            classify(self.cast, party, "nao_fundamentada", when)

    @rule(which=whatever)
    def add_a_supplier(self, which: int) -> None:
        one = self.any(Atendimento, which)
        with suppress(Refusal):
            add_reclamado(atendimento=one, fornecedor=self.suppliers[which % 3], motivo="Também.", **self.dora)

    @rule(which=whatever)
    def close(self, which: int) -> None:
        with suppress(Refusal):
            one = self.any(Atendimento, which)
            close_case(atendimento=one, desfecho="desistencia", motivo="Pediu.", cartas=False, **self.dora)

    @rule(which=whatever)
    def reopen(self, which: int) -> None:
        with suppress(Refusal):
            reopen_case(atendimento=self.any(Atendimento, which), motivo="Engano.", **self.dora)

    @rule(which=whatever)
    def rectify(self, which: int) -> None:
        with suppress(Refusal):
            one = self.any(Atendimento, which)
            rectify_case(atendimento=one, status="encerrado", desfecho="acordo", motivo="Engano.", **self.dora)

    @rule(which=st.integers(0, 2))
    def merge(self, which: int) -> None:
        survivor, other = self.suppliers[which], self.suppliers[which - 1]
        self.kept_while(
            lambda: merge_suppliers(survivor=survivor, others=[other], motivo="É o mesmo.", by=self.iara, at=NOW)
        )

    @rule()
    def separate(self) -> None:
        for fusao in Fusao.objects.filter(desfeita_em=None):
            self.kept_while(lambda fusao=fusao: undo_merge(fusao=fusao, motivo="Não é.", by=self.iara, at=NOW))

    @rule(edit=st.sampled_from(EDITS), which=whatever)
    def edit_by_hand(self, edit: str, which: int) -> None:
        one = self.any(Atendimento, which)
        values = {"case": one.pk, "elsewhere": self.cast.outra.pk, "subject": self.subjects[1].pk}
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(edit, values)
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    @rule(which=whatever)
    def change_the_supplier(self, which: int) -> None:
        party = self.any(Reclamado, which)
        if party and not Reclamado.objects.filter(atendimento=party.atendimento, fornecedor=self.cast.banco).exists():
            Reclamado.objects.filter(pk=party.pk).update(fornecedor=self.cast.banco)

    @rule(change=st.sampled_from(CHANGES), which=st.integers(0, 2))
    def change_a_supplier(self, change: str, which: int) -> None:
        values = {"one": self.suppliers[which].pk, "bare": self.suppliers[2].pk}
        groups = {"group": self.groups[0].pk, "other": self.groups[1].pk}
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(change, {**values, **groups})

    @rule(which=st.integers(0, 2))
    def register_a_branch(self, which: int) -> None:
        group = [None, *self.groups][which]
        cnpj = f"12ABC3450{Fornecedor.objects.count():03d}00"
        branch = Fornecedor.objects.create(razao_social="Filial", cnpj=cnpj, grupo=group)
        if which:
            Reclamado.objects.create(atendimento=case(self.cast, MOMENTS[3]), fornecedor=branch)

    @rule()
    def fold_what_was_written(self) -> None:
        fold()

    @rule()
    def count_all_anew(self) -> None:
        refill()

    @invariant()
    def every_total_is_the_recount(self) -> None:
        assert list(wrong_totals()) == []
        for units in (self.units, self.units[:1]):
            assert kept(units) == by_hand(units)

    @invariant()
    def every_ranking_is_the_recount(self) -> None:
        counted = (Medida.RECLAMADOS, Medida.REGISTROS)
        for start, grao, units in (
            (date(2018, 1, 1), Grao.ANO, self.units),
            (date(2023, 3, 1), Grao.MES, self.units[:1]),
        ):
            read: dict[str, dict[str, int]] = {level: {} for level in HOMES}
            for level, key, _, _, total in first(HOMES, counted, [(grao, start)], units, top=100):
                read[level][key] = total
            assert read == ranking_by_hand(start, grao, units)

    @property
    def dora(self) -> dict[str, Any]:
        return {"by": self.cast.dora, "at": NOW + timedelta(minutes=1)}

    def any(self, model: type[Any], which: int) -> Any:
        found = list(model.objects.order_by("pk"))
        return found[which % len(found)] if found else None

    def kept_while(self, act: Callable[[], object]) -> None:
        """A merge moves totals from one supplier to another, and makes or loses none."""
        before = [sum(row.total for row in balance(Periodo(ano)).fornecedores) for ano in (2018, 2023, 2026)]
        with suppress(Refusal):
            act()
        assert [sum(row.total for row in balance(Periodo(ano)).fornecedores) for ano in (2018, 2023, 2026)] == before


def test_whatever_happens_every_total_is_the_recount(db: None) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=6,
            stateful_step_count=16,
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=checks,
            derandomize=True,
        ),
    )
    assert CIP.objects.count() == Audiencia.objects.count() == Classificacao.objects.count() == 0
    assert RegistroNacional.objects.count() == 0
