"""Attaching, removing, and what the antivirus says, with a clamd on a real socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from cases import storage
from cases.models import Anexo, Atendimento
from cases.selfcheck import wrong_attachments
from cases.services import attach, close_case, read_attachment, remove_attachment, scan_attachments
from notifications.models import Mensagem
from tests.cases import files
from tests.cases.clamd import FakeClamd
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

Make = Callable[..., Atendimento]
DANGER = files.pdf_with(b"(PERIGO)")


@pytest.fixture
def clamd(settings) -> Iterator[FakeClamd]:
    """An antivirus that the office is told of."""
    server = FakeClamd()
    settings.PROCON = {**settings.PROCON, "CLAMD": server.address}
    yield server
    server.stop()


def put(case: Atendimento, by: User, content: bytes = files.PDF, **more: object) -> Anexo:
    """One file attached at the counter."""
    given = {"nome": "nota.pdf", "origem": "balcao", **more}
    return attach(atendimento=case, arquivo=files.uploaded(content), by=by, at=NOW, **given)


def test_what_is_written_down(cast: Cast, ap: Make) -> None:
    case = ap()
    anexo = put(case, cast.bruno, descricao=" Nota  fiscal ", reclamado=case.reclamados.get())

    anexo.refresh_from_db()
    assert (anexo.nome, anexo.tipo, anexo.tamanho, anexo.descricao) == (
        "nota.pdf",
        "application/pdf",
        len(files.PDF),
        "Nota fiscal",
    )
    assert anexo.arquivo == f"{anexo.sha256[:2]}/{anexo.sha256}.pdf"
    assert (anexo.situacao, anexo.enviado_por, anexo.quando) == ("sem_verificacao", cast.bruno, NOW)
    event = Evento.objects.filter(historico=case.historico).last()
    assert (event.ato, event.objeto, event.dados["anexo"]) == ("ANEXAR", "cases.anexo", f"anexo nº {anexo.pk}")
    assert read_attachment(anexo) == files.PDF


def test_the_name_and_the_declared_type_are_not_believed(cast: Cast, ap: Make) -> None:
    anexo = put(ap(), cast.bruno, files.picture("PNG"), nome="contrato.pdf")
    assert (anexo.nome, anexo.tipo) == ("contrato.png", "image/png")


def test_a_closed_case_still_takes_papers(cast: Cast, ap: Make) -> None:
    case = ap()
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)
    assert put(case, cast.bruno).atendimento == case


def test_the_office_attaches_what_a_supplier_sends(cast: Cast, ap: Make) -> None:
    anexo = put(ap(), cast.sistema, origem="fornecedor")
    assert (anexo.origem, anexo.enviado_por) == ("fornecedor", cast.sistema)


def test_somebody_from_elsewhere_attaches_nothing(cast: Cast, ap: Make) -> None:
    with pytest.raises(ActNotAllowed, match="Você não pode «Anexar arquivo»"):
        put(ap(), cast.eva)


def test_the_same_file_twice_is_told(cast: Cast, ap: Make) -> None:
    case = ap()
    put(case, cast.bruno, files.photograph(), nome="foto.jpg")
    with pytest.raises(ContentRefused) as refused:
        put(case, cast.bruno, files.photograph(), nome="outra.jpg")
    assert str(refused.value) == (
        "Este mesmo arquivo já está neste caso como «foto.jpg», desde 04/03/2026 10:00. Use aquele."
    )


def test_the_same_file_in_two_cases_lies_on_disk_once(cast: Cast, ap: Make) -> None:
    one, two = put(ap(), cast.bruno), put(ap(), cast.bruno)
    assert (one.arquivo == two.arquivo, list(storage.names())) == (True, [one.arquivo])


def test_a_file_over_the_limit_is_refused(cast: Cast, ap: Make, settings) -> None:
    settings.PROCON = {**settings.PROCON, "ANEXO_MB": 1}
    with pytest.raises(ContentRefused, match="O arquivo passa de 1 MB"):
        put(ap(), cast.bruno, files.pdf_with(b"0" * 1_000_000))


def test_a_case_over_its_limit_is_refused(cast: Cast, ap: Make, settings) -> None:
    settings.PROCON = {**settings.PROCON, "ANEXOS_DO_CASO_MB": 1}
    case = ap()
    put(case, cast.bruno, files.pdf_with(b"0" * 700_000))
    with pytest.raises(ContentRefused, match="Os anexos deste caso passariam de 1 MB"):
        put(case, cast.bruno, files.pdf_with(b"1" * 700_000))


def test_an_unknown_origin_is_refused(cast: Cast, ap: Make) -> None:
    with pytest.raises(ContentRefused, match="Diga quem trouxe o arquivo"):
        put(ap(), cast.bruno, origem="marte")


def test_a_supplier_of_another_case_is_refused(cast: Cast, ap: Make) -> None:
    with pytest.raises(ContentRefused, match="Este fornecedor não é parte deste caso"):
        put(ap(), cast.bruno, reclamado=ap(cast.banco).reclamados.get())


def test_the_database_holds_a_file_once_per_case(cast: Cast, ap: Make) -> None:
    anexo = put(ap(), cast.bruno)
    anexo.pk = None
    with pytest.raises(IntegrityError, match="anexo_uma_vez_por_caso"), transaction.atomic():
        anexo.save(force_insert=True)


def test_removing_keeps_the_file_and_the_reason(cast: Cast, ap: Make) -> None:
    case = ap()
    anexo = remove_attachment(anexo=put(case, cast.bruno), motivo="É de outra pessoa.", by=cast.dora, at=NOW)

    anexo.refresh_from_db()
    assert (anexo.removido_por, anexo.motivo_da_remocao) == (cast.dora, "É de outra pessoa.")
    assert list(storage.names()) == [anexo.arquivo]
    assert Evento.objects.filter(historico=case.historico).last().motivo == "É de outra pessoa."
    with pytest.raises(ActNotAllowed, match="Este anexo foi removido"):
        read_attachment(anexo)
    assert put(case, cast.bruno).pk != anexo.pk  # the same file may come again


def test_only_a_coordenador_removes(cast: Cast, ap: Make) -> None:
    anexo = put(ap(), cast.bruno)
    with pytest.raises(ActNotAllowed, match="Você não pode «Remover anexo»"):
        remove_attachment(anexo=anexo, motivo="Engano.", by=cast.bruno, at=NOW)


def test_removing_needs_a_reason(cast: Cast, ap: Make) -> None:
    anexo = put(ap(), cast.bruno)
    with pytest.raises(ContentRefused, match="Escreva por que o anexo é removido"):
        remove_attachment(anexo=anexo, motivo="  ", by=cast.dora, at=NOW)


def test_removing_twice_is_refused(cast: Cast, ap: Make) -> None:
    anexo = put(ap(), cast.bruno)
    stale = Anexo.objects.get(pk=anexo.pk)
    remove_attachment(anexo=anexo, motivo="Engano.", by=cast.dora, at=NOW)
    with pytest.raises(ActNotAllowed, match="já foi removido"):
        remove_attachment(anexo=stale, motivo="Engano.", by=cast.dora, at=NOW)


def test_nothing_is_served_before_the_antivirus_has_spoken(cast: Cast, ap: Make, clamd: FakeClamd) -> None:
    anexo = put(ap(), cast.bruno)
    with pytest.raises(ActNotAllowed, match="O antivírus ainda não verificou este anexo"):
        read_attachment(anexo)


def test_a_clean_file_leaves_quarantine(cast: Cast, ap: Make, clamd: FakeClamd) -> None:
    anexo = put(ap(), cast.bruno)

    spoken = [scan_attachments(at=NOW, by=cast.sistema) for _ in range(2)]

    anexo.refresh_from_db()
    assert (spoken, anexo.situacao, anexo.verificado_em, clamd.seen) == ([1, 0], "limpo", NOW, [files.PDF])
    assert read_attachment(anexo) == files.PDF


def test_an_infected_file_is_blocked_and_told_once(cast: Cast, ap: Make, clamd: FakeClamd) -> None:
    case = ap()
    anexo = put(case, cast.bruno, DANGER)

    for _ in range(2):
        scan_attachments(at=NOW, by=cast.sistema)

    anexo.refresh_from_db()
    assert (anexo.situacao, anexo.achado) == ("infectado", "Teste.Perigoso")
    assert [m.endereco for m in Mensagem.objects.filter(tipo="anexo_infectado")] == ["dora@example.org"]
    acts = Evento.objects.filter(historico=case.historico, ato="BLOQUEAR_ANEXO")
    assert [event.dados for event in acts] == [{"anexo": f"anexo nº {anexo.pk}", "achado": "Teste.Perigoso"}]
    with pytest.raises(ActNotAllowed, match="achou «Teste"):
        read_attachment(anexo)


def test_while_the_antivirus_is_away_the_file_waits(cast: Cast, ap: Make, clamd: FakeClamd) -> None:
    anexo = put(ap(), cast.bruno)
    clamd.stop()

    assert scan_attachments(at=NOW, by=cast.sistema) == 0
    anexo.refresh_from_db()
    assert anexo.situacao == "quarentena"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"o que?"])
def test_an_antivirus_that_will_not_say_changes_nothing(cast: Cast, ap: Make, settings, answer: bytes) -> None:
    server = FakeClamd(answer=answer)
    settings.PROCON = {**settings.PROCON, "CLAMD": server.address}
    anexo = put(ap(), cast.bruno)

    assert scan_attachments(at=NOW, by=cast.sistema) == 0
    server.stop()
    anexo.refresh_from_db()
    assert anexo.situacao == "quarentena"


def test_what_came_before_the_antivirus_is_scanned_when_it_comes(cast: Cast, ap: Make, settings) -> None:
    anexo = put(ap(), cast.bruno)
    server = FakeClamd()
    settings.PROCON = {**settings.PROCON, "CLAMD": server.address}
    scan_attachments(at=NOW, by=cast.sistema)
    server.stop()
    anexo.refresh_from_db()
    assert anexo.situacao == "limpo"


def test_without_an_antivirus_nothing_stays_in_quarantine(cast: Cast, ap: Make, clamd: FakeClamd, settings) -> None:
    anexo = put(ap(), cast.bruno)
    settings.PROCON = {**settings.PROCON, "CLAMD": ""}
    scan_attachments(at=NOW, by=cast.sistema)
    anexo.refresh_from_db()
    assert anexo.situacao == "sem_verificacao"


def test_a_file_that_is_not_there_keeps_no_other_waiting(cast: Cast, ap: Make, clamd: FakeClamd) -> None:
    lost, other = put(ap(), cast.bruno), put(ap(), cast.bruno, files.picture())
    storage.path_of(lost.arquivo).unlink()
    assert scan_attachments(at=NOW, by=cast.sistema) == 1
    other.refresh_from_db()
    assert other.situacao == "limpo"


def test_the_self_check_names_what_is_missing_altered_or_nobodys(cast: Cast, ap: Make) -> None:
    case = ap()
    gone, changed = put(case, cast.bruno), put(case, cast.bruno, files.picture())
    storage.path_of(gone.arquivo).unlink()
    storage.path_of(changed.arquivo).write_bytes(b"outra coisa")
    orphan = storage.write(b"desfeito", ".pdf")

    assert list(wrong_attachments()) == [
        f"O arquivo do anexo {gone.pk} não está no armazenamento.",
        f"O arquivo do anexo {changed.pk} foi alterado depois de guardado.",
        f"O arquivo anexos/{orphan} não pertence a nenhum anexo: o envio dele foi desfeito. Se ninguém está anexando "
        "agora, mova-o para fora da pasta.",
    ]
    with pytest.raises(ActNotAllowed, match="Avise o administrador"):
        read_attachment(gone)


def test_a_socket_in_a_file_is_an_address_too(cast: Cast, ap: Make, settings, tmp_path: Path) -> None:
    settings.PROCON = {**settings.PROCON, "CLAMD": str(tmp_path / "clamd.ctl")}
    put(ap(), cast.bruno)
    assert scan_attachments(at=NOW, by=cast.sistema) == 0


def test_a_rolled_back_attachment_leaves_no_row(cast: Cast, ap: Make) -> None:
    case = ap()
    with transaction.atomic():
        put(case, cast.bruno)
        transaction.set_rollback(True)
    assert (Anexo.objects.count(), len(list(wrong_attachments()))) == (0, 1)
