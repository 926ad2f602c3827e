"""The totals' own promises: nobody waits, nothing is counted twice, and whoever asks sees what they see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from cases.models import Assunto, Atendimento, Reclamado
from parties.models import Fornecedor, GrupoEconomico
from procon.celery import app
from reports import totals
from reports.balance import balance
from reports.measures import DIMENSIONS, MEASURES, Grao, Medida, dims_of, number, sets
from reports.models import Lancamento, Soma
from reports.period import Periodo
from reports.queries import Wanted, cells
from reports.selfcheck import wrong_totals
from reports.tasks import fold_totals
from reports.totals import fold, refill
from tests.conftest import Cast
from tests.meeting import meet
from tests.reports.conftest import at, case, record

MAY = at(2023, 5, 4)
TOTAL = Wanted(Medida.ATENDIMENTOS, (), Grao.ANO)


def total(ano: int = 2023) -> int:
    return sum(n for *_, n in cells([TOTAL], date(ano, 1, 1), date(ano + 1, 1, 1), None)[TOTAL])


def test_what_i_just_registered_is_in_before_and_after_the_fold(cast: Cast) -> None:
    case(cast, MAY)

    assert (total(), Soma.objects.count()) == (1, 0)
    assert fold_totals() == 1
    assert (total(), Lancamento.objects.count()) == (1, 0)
    assert (fold_totals(), total()) == (0, 1)


def test_a_fact_that_goes_leaves_no_total(cast: Cast) -> None:
    one = case(cast, MAY)
    fold()
    Atendimento.objects.filter(pk=one.pk).delete()
    before = total()
    fold()

    assert (before, total()) == (0, 0)
    assert set(Soma.objects.values_list("n", flat=True)) == {0}
    assert balance(Periodo(2023)).vazio


def test_many_rows_of_one_statement_are_few_in_the_journal(cast: Cast) -> None:
    many = [case(cast, MAY) for _ in range(3)]
    fold()
    Reclamado.objects.bulk_create([Reclamado(atendimento=one, fornecedor=cast.loja) for one in many])

    assert list(Lancamento.objects.values_list("medida", "n")) == [(Medida.RECLAMADOS, 3)]


def test_an_act_that_changes_nothing_that_is_counted_writes_nothing(cast: Cast) -> None:
    one = case(cast, MAY)
    fold()
    Atendimento.objects.filter(pk=one.pk).update(relato="Outro", pedido="Outro", prioridade=1)

    assert not Lancamento.objects.exists()


def test_a_total_of_nothing_that_is_counted_is_found(cast: Cast) -> None:
    by_what = number(["meio"])
    assert ("meio",) not in sets(Medida.RECLAMACOES)
    values = {"grao": Grao.ANO, "inicio": date(2023, 1, 1), "unidade": 1, "a": "email", "b": "", "n": 3}
    Soma.objects.create(medida=Medida.RECLAMACOES, conjunto=by_what, **values)
    (told,) = wrong_totals()
    assert told.startswith("Reclamações de 2023, unidade 1, meio «email»: guardado 3, 3 a mais")


def test_a_wrong_total_is_found_and_told(cast: Cast) -> None:
    case(cast, MAY)
    fold()
    Soma.objects.filter(medida=1, conjunto=0, grao=Grao.ANO).update(n=7)
    Soma.objects.filter(medida=1, conjunto=number(["canal"]), grao=Grao.DIA).delete()

    told = " do que a recontagem, com o que ainda não foi somado."
    assert list(wrong_totals()) == [
        f"Atendimentos de 2023, unidade {cast.unidade.pk}: guardado 7, 6 a mais{told}",
        f"Atendimentos de 04/05/2023, unidade {cast.unidade.pk}, canal «pessoal»: guardado 0, 1 a menos{told}",
    ]


def test_a_row_is_not_written_before_its_case_nor_taken_after_it(cast: Cast) -> None:
    party = Reclamado.objects.create(atendimento=case(cast, MAY), fornecedor=cast.loja)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reclamado.objects.create(atendimento_id=0, fornecedor=cast.loja)
    keys = [party.atendimento_id, party.pk]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_atendimento WHERE id = %s; DELETE FROM cases_reclamado WHERE id = %s", keys)

    assert list(wrong_totals()) == []


def test_a_table_that_is_emptied_has_no_totals(cast: Cast) -> None:
    record(cast.loja, "LOJA", 2018, atendida=True)
    fold()
    record(cast.loja, "LOJA", 2018, atendida=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE cases_registronacional")

    assert not Soma.objects.exists()
    assert not Lancamento.objects.exists()


def test_the_number_of_a_set_is_the_order_of_the_dimensions() -> None:
    """Stored totals are named by these numbers: a new dimension goes to the end."""
    assert DIMENSIONS[:4] == ("fornecedor", "tipo", "canal", "desfecho")
    assert (number(()), number(["canal"]), number(["canal", "tipo"]), number(["grafia"])) == (0, 4, 6, 4096)
    assert all(dims_of(number(dims)) == dims for medida in MEASURES for dims in sets(medida))
    assert all(set(measure.dims) <= set(DIMENSIONS) for measure in MEASURES.values())


def test_the_beat_folds_every_minute() -> None:
    assert app.conf.beat_schedule["totais"]["task"] == "reports.tasks.fold_totals"


def kept() -> set[tuple[object, ...]]:
    return set(Soma.objects.exclude(n=0).values_list("medida", "conjunto", "grao", "inicio", "unidade", "a", "b", "n"))


def test_counting_all_at_once_gives_what_the_folds_gave(history: Cast) -> None:
    record(history.loja, "LOJA", 2018, atendida=True)
    record(history.loja, "LOJA LTDA", 2019, atendida=False, filed=at(2020, 1, 2))
    fold()
    folded = kept()
    Soma.objects.filter(grao=Grao.ANO).update(n=7)
    case(history, MAY).delete()
    refill()

    assert kept() == folded
    assert (Lancamento.objects.count(), {Medida(row[0]) for row in folded}) == (0, set(Medida))


def test_an_office_that_had_no_totals_yet_is_counted_at_once(history: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal is not looked at: what it lacks is counted, too."""
    Lancamento.objects.filter(medida=Medida.CIPS).delete()
    rows = Lancamento.objects.count()
    monkeypatch.setattr(totals, "MANY", rows - 1)

    assert fold() == rows
    assert Lancamento.objects.count() == 0
    assert list(wrong_totals()) == []


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """On real connections that meet at a chosen statement."""

    def party(self, cast: Cast) -> Reclamado:
        one = case(cast, MAY, assunto=Assunto.objects.get_or_create(codigo=1, area="A", descricao="Um")[0])
        return Reclamado.objects.create(atendimento=one, fornecedor=cast.loja)

    def correct(self, one: Atendimento) -> Callable[[], int]:
        other, _ = Assunto.objects.get_or_create(codigo=2, area="A", descricao="Dois")

        def act() -> int:
            with transaction.atomic():
                return Atendimento.objects.filter(pk=one.pk).update(assunto=other)

        return act

    def summon(self, party: Reclamado) -> Callable[[], object]:
        def act() -> object:
            with transaction.atomic():
                return party.cips.create(emitida_em=MAY)

        return act

    def test_a_letter_and_a_correction_of_its_case(self, cast: Cast) -> None:
        party = self.party(cast)

        meet(self.summon(party), self.correct(party.atendimento), after='INSERT INTO "cases_cip"')

        assert list(wrong_totals()) == []
        assert party.cips.count() == 1

    def test_a_correction_of_a_case_and_a_letter_of_it(self, cast: Cast) -> None:
        party = self.party(cast)

        meet(self.correct(party.atendimento), self.summon(party), after='UPDATE "cases_atendimento"')

        assert list(wrong_totals()) == []
        assert party.cips.count() == 1

    def of_the_shop(self, cast: Cast, **fields: object) -> Callable[[], object]:
        def act() -> object:
            with transaction.atomic():
                return Fornecedor.objects.filter(pk=cast.loja.pk).update(**fields)

        return act

    def test_a_fold_and_a_merge(self, cast: Cast) -> None:
        self.party(cast)

        meet(fold, self.of_the_shop(cast, fundido_em=cast.banco), after="SELECT pg_try_advisory_xact_lock")

        assert list(wrong_totals()) == []

    def test_a_merge_and_a_fold(self, cast: Cast) -> None:
        self.party(cast)

        meet(self.of_the_shop(cast, fundido_em=cast.banco), fold, after='UPDATE "parties_fornecedor"')
        fold()

        assert list(wrong_totals()) == []

    def test_a_group_that_is_named_and_a_branch_that_is_registered(self, cast: Cast) -> None:
        group = GrupoEconomico.objects.create(nome="Grupo Modelo")

        def register() -> object:
            return Fornecedor.objects.create(razao_social="Filial", cnpj="12ABC34500ZZ99")

        meet(self.of_the_shop(cast, grupo=group), register, after='UPDATE "parties_fornecedor"')

        assert list(wrong_totals()) == []

    def test_two_folds_count_once(self, cast: Cast) -> None:
        self.party(cast)

        said = meet(fold, fold, after="SELECT pg_try_advisory_xact_lock")

        assert said == [2, 0]
        assert list(wrong_totals()) == []

    def test_a_fold_waits_for_no_writer_and_leaves_what_is_being_written(self, cast: Cast) -> None:
        def write() -> None:
            with transaction.atomic():
                case(cast, MAY)

        self.party(cast)
        said = meet(write, fold, after='INSERT INTO "cases_atendimento"')

        assert said == [None, 2]
        assert (total(), Lancamento.objects.count()) == (2, 1)
        assert list(wrong_totals()) == []

    def test_a_refill_waits_for_no_writer_and_leaves_what_is_being_written(self, cast: Cast) -> None:
        def write() -> None:
            with transaction.atomic():
                case(cast, MAY)

        self.party(cast)
        said = meet(write, refill, after='INSERT INTO "cases_atendimento"')

        assert said == [None, None]
        assert (total(), Lancamento.objects.count(), Soma.objects.exists()) == (2, 1, True)
        assert list(wrong_totals()) == []

    def test_what_is_written_during_a_refill_is_counted_once(self, cast: Cast) -> None:
        """The case is there once the facts were read; the correction meets facts that were."""
        party = self.party(cast)

        def write() -> None:
            case(cast, MAY)
            self.correct(party.atendimento)()

        said = meet(refill, write, after="\nWITH vistos AS (DELETE FROM reports_lancamento")

        assert said == [None, None]
        assert list(wrong_totals()) == []
        assert total() == 2

    def test_whoever_reads_in_one_snapshot_reads_the_same_after_a_refill(self, cast: Cast) -> None:
        self.party(cast)
        fold()

        def read_twice() -> list[int]:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                before = total()
                cursor.execute("SELECT 'between'")
                return [before, total()]

        assert meet(read_twice, refill, after="SELECT 'between'") == [[1, 1], None]
        assert list(wrong_totals()) == []

    def test_a_recount_and_a_fold(self, cast: Cast) -> None:
        """What is folded while it counts it has seen in the journal; both stand in its one snapshot."""
        self.party(cast)
        recount = lambda: list(wrong_totals())  # noqa: E731

        assert meet(recount, fold, after="CREATE INDEX ON reports_contados")[0] == []
        assert (Lancamento.objects.count(), list(wrong_totals())) == (0, [])

    def test_a_refill_and_a_merge(self, cast: Cast) -> None:
        self.party(cast)
        fold()

        meet(refill, self.of_the_shop(cast, fundido_em=cast.banco), after="SELECT pg_advisory_xact_lock")

        assert list(wrong_totals()) == []
