"""The termo: kept while it is written, signed as it reads, closed into letters, replaced with a reason."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from accounts.models import Papel, User
from cases.models import Acordo, Atendimento, PrazoDeGuarda
from cases.services.retention import anonymise
from documents.models import Documento
from documents.services import read_pdf, unreadable
from hearings.models import AssinaturaDoTermo, Audiencia, Presenca, Termo
from hearings.selfcheck import wrong_results, wrong_termos
from hearings.services import (
    CertificateFile,
    Clausula,
    Conteudo,
    begin_version,
    check_in,
    discard_version,
    preview_termo,
    settle_termo,
    termo_of,
)
from notifications.models import Mensagem
from tests.conftest import NOW
from tests.hearings.at_the_table import (
    DRAWN,
    OTHER_PAGE,
    SAID,
    all_sign,
    close,
    content,
    settled,
    sign,
    words,
    write,
)
from tests.hearings.certificates import PASSWORD, authority
from tests.hearings.conftest import Stage, moment
from tests.hearings.test_sessions import ana, preposto
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import GONE, Evento
from workflow.selfcheck import broken_links

# ---- written ----


def test_what_is_typed_is_kept_by_whoever_types(stage: Stage, table: Audiencia) -> None:
    write(stage, table, "A loja")
    write(stage, table, "A loja propôs", edicao=1, by=stage.cast.dora)
    termo = termo_of(table)

    assert termo is not None
    assert (termo.dados, termo.edicao, termo.alterado_por) == ({"relato": ["A loja propôs"]}, 2, stage.cast.dora)


def test_the_same_page_keeps_what_it_kept_before(stage: Stage, table: Audiencia) -> None:
    write(stage, table, "A")
    write(stage, table, "AB")  # the page knows nothing of the edition that its own draft got

    assert Termo.objects.get().dados == {"relato": ["AB"]}


def test_another_page_is_refused_and_told_who_was_faster(stage: Stage, table: Audiencia) -> None:
    write(stage, table, "De Carla")
    with pytest.raises(ActNotAllowed, match="Carla Conciliadora guardou este termo em 16/03/2026 às 10:10"):
        write(stage, table, "De Dora", pagina=OTHER_PAGE, by=stage.cast.dora)
    assert Termo.objects.get().dados == {"relato": ["De Carla"]}


def test_other_words_let_the_signatures_fall(stage: Stage, table: Audiencia) -> None:
    termo = settled(stage, table)
    all_sign(stage, table, termo)
    write(stage, table, SAID)
    assert AssinaturaDoTermo.objects.count() == 3
    write(stage, table, SAID + " E mais.")

    assert (AssinaturaDoTermo.objects.count(), Termo.objects.get().conteudo_sha256) == (0, "")


def test_the_preview_is_a_draft_and_says_so(stage: Stage, table: Audiencia) -> None:
    termo = settled(stage, table)
    pdf = preview_termo(audiencia=table, termo=termo, conteudo=content(stage), at=moment("10:21"))
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())

    assert ("sem código de conferência" in text, SAID in text, Documento.objects.count()) == (True, True, 3)


# ---- closed ----


def test_closing_holds_the_hearing_makes_the_agreement_and_freezes_the_letter(stage: Stage, table: Audiencia) -> None:
    termo = settled(stage, table)
    all_sign(stage, table, termo)
    closed = close(stage, table)

    table.refresh_from_db()
    assert (table.status, table.resultado) == ("realizada", "acordo_parcial")
    assert (closed.status, closed.homologacao, closed.dados, closed.fechado_por) == (
        "fechado", "0001/2026", {}, stage.cast.carla,
    )  # fmt: skip
    acordo = Acordo.objects.get()
    assert (acordo.reclamado, acordo.total, acordo.conferir_em, acordo.origem) == (
        stage.loja, Decimal(200), date(2026, 4, 15), "audiencia",
    )  # fmt: skip
    assert list(acordo.parcelas.values_list("numero", "vencimento", "valor")) == [
        (1, date(2026, 4, 15), Decimal("100.00")),
        (2, date(2026, 5, 15), Decimal("100.00")),
    ]
    assert list(table.resultados.values_list("reclamado", "resultado", "acordo")) == [
        (stage.loja.pk, "acordo", acordo.pk),
        (stage.banco.pk, "sem_acordo", None),
    ]
    assert [row.tracos for row in AssinaturaDoTermo.objects.all()] == [[], [], []]


def test_the_letters_say_what_was_agreed_and_who_signed(stage: Stage, table: Audiencia) -> None:
    all_sign(stage, table, settled(stage, table))
    closed = close(stage, table)
    assert closed.documento is not None
    text = words(closed.documento)

    for told in (
        SAID, "Loja Modelo Ltda: acordo.", "Banco Exemplo S.A.: sem acordo.", "R$ 100,00", "Homologação nº 0001/2026",
        "Assinou na tela em 16/03/2026, às 10h25", "nome digitado e consentimento declarado",
        "Fechado no sistema deste órgão por Carla Conciliadora",
    ):  # fmt: skip
        assert told in text
    agreement = Acordo.objects.get().documento
    assert agreement is not None
    assert ("Homologação nº 0001/2026" in words(agreement), "Bia Banco" in words(agreement)) == (True, False)
    for letter in (closed.documento, agreement):
        assert "título executivo" not in words(letter).lower()
        with pikepdf.open(BytesIO(read_pdf(letter))) as opened:
            xmp = opened.open_metadata()
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("2", "A", "1")


def test_copies_go_out_with_the_letter_attached(stage: Stage, table: Audiencia) -> None:
    all_sign(stage, table, settled(stage, table))
    closed = close(stage, table)
    assert closed.documento is not None

    copies = Mensagem.objects.filter(tipo="copia_do_termo").order_by("pk")
    assert list(copies.values_list("destinatario", "documento")) == [
        ("Ana Souza", closed.documento.arquivo),
        ("Loja Modelo Ltda", closed.documento.arquivo),
        ("Banco Exemplo S.A.", closed.documento.arquivo),
    ]
    assert [row for row in copies if closed.documento.codigo not in row.corpo] == []


def test_two_witnesses_stand_for_who_has_not_signed(stage: Stage, table: Audiencia) -> None:
    settled(stage, table)
    closed = close(stage, table, testemunhas=["Tito Testemunha", "Tina Testemunha"])

    assert closed.documento is not None
    assert ("Tito Testemunha" in words(closed.documento), "Tina Testemunha" in words(closed.documento)) == (True, True)


def test_a_supplier_away_gets_its_certidao_and_no_copy(stage: Stage) -> None:
    audiencia = stage.schedule(reclamados=[stage.loja, stage.banco])
    rows = [ana(), preposto(reclamado=stage.loja)]
    check_in(audiencia=audiencia, presencas=rows, by=stage.cast.carla, at=moment("10:00"))
    agreed = content(stage, clausulas=content(stage).clausulas[:1])
    settled(stage, audiencia, agreed)
    closed = close(stage, audiencia, agreed, testemunhas=["Tito", "Tina"])

    audiencia.refresh_from_db()
    assert audiencia.resultado == "acordo_parcial"
    assert closed.documento is not None
    assert "Banco Exemplo S.A.: ausente, com certidão." in words(closed.documento)
    assert stage.caso.historico.documentos.filter(tipo="certidao_de_ausencia").count() == 1
    told = Mensagem.objects.filter(tipo="copia_do_termo").values_list("destinatario", flat=True)
    assert list(told.order_by("pk")) == ["Ana Souza", "Loja Modelo Ltda"]


def test_without_agreement_there_is_no_homologation(stage: Stage, table: Audiencia) -> None:
    nothing = content(stage, clausulas=(Clausula(stage.loja, "sem_acordo"), Clausula(stage.banco, "sem_acordo")))
    settled(stage, table, nothing)

    assert close(stage, table, nothing, testemunhas=["Tito", "Tina"]).homologacao == ""
    assert Acordo.objects.count() == 0


def test_a_closing_that_fails_gives_the_number_back(stage: Stage, table: Audiencia, another_case: Any) -> None:
    settled(stage, table)
    with pytest.raises(ContentRefused, match="Falta a assinatura de Ana Souza, Pedro Preposto, Bia Banco"):
        close(stage, table)

    assert (Acordo.objects.count(), Audiencia.objects.get().status) == (0, "agendada")
    assert close(stage, table, testemunhas=["Tito", "Tina"]).homologacao == "0001/2026"


# ---- certificates ----


def test_a_certificate_signs_the_frozen_file_and_a_validator_agrees(stage: Stage, table: Audiencia) -> None:
    all_sign(stage, table, settled(stage, table))
    file = CertificateFile(authority().p12("Carla Conciliadora", begins=NOW - timedelta(days=1)), PASSWORD)
    closed = close(stage, table, certificados=[file])

    agreement = Acordo.objects.get().documento
    assert closed.documento is not None
    assert agreement is not None
    for letter in (closed.documento, agreement):
        pdf = read_pdf(letter)
        assert sha256(pdf).hexdigest() == letter.sha256
        (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
        trusted = ValidationContext(
            trust_roots=[asn1.Certificate.load(authority().der)], moment=moment("10:30"), allow_fetching=False
        )
        status = validate_pdf_signature(signature, trusted)
        assert (status.intact, status.valid, status.trusted, status.bottom_line) == (True, True, True, True)
        assert status.coverage.name == "ENTIRE_FILE"
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        assert PASSWORD.encode() not in pdf
        with pikepdf.open(BytesIO(pdf)) as opened:
            xmp = opened.open_metadata()
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("2", "A", "1")
    assert "Assinatura digital de Carla Conciliadora" in words(closed.documento)


def test_an_altered_file_is_no_longer_valid(stage: Stage, table: Audiencia) -> None:
    all_sign(stage, table, settled(stage, table))
    file = CertificateFile(authority().p12("Carla Conciliadora", begins=NOW - timedelta(days=1)), PASSWORD)
    closed = close(stage, table, certificados=[file])
    assert closed.documento is not None
    pdf = bytearray(read_pdf(closed.documento))
    pdf[2000] ^= 1
    (signature,) = PdfFileReader(BytesIO(bytes(pdf)), strict=False).embedded_signatures
    status = validate_pdf_signature(
        signature, ValidationContext(trust_roots=[asn1.Certificate.load(authority().der)], allow_fetching=False)
    )

    assert status.intact is False


def test_a_party_s_certificate_stands_for_its_signature(stage: Stage, table: Audiencia) -> None:
    termo = settled(stage, table)
    one, two, three = table.presencas.all()
    sign(stage, termo, one)
    sign(stage, termo, two)
    file = CertificateFile(authority().p12("Bia Banco", begins=NOW - timedelta(days=1)), PASSWORD, three)

    assert close(stage, table, certificados=[file]).status == "fechado"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda p12: CertificateFile(p12, "outra senha"), "a senha está errada, ou o arquivo não é um .p12"),
        (lambda _: CertificateFile(b"%PDF-1.7 nada", PASSWORD), "o arquivo não é um .p12"),
        (lambda _: CertificateFile(b"", PASSWORD), "vazio ou é grande demais"),
        (lambda _: CertificateFile(b"x" * 70_000, PASSWORD), "vazio ou é grande demais"),
        (
            lambda _: CertificateFile(authority().p12("Velha", begins=NOW - timedelta(days=400), days=30), PASSWORD),
            "O certificado vale de",
        ),
        (
            lambda _: CertificateFile(authority().p12("Cifra", begins=NOW - timedelta(days=1), signs=False), PASSWORD),
            "não é de assinatura",
        ),
    ],
)
def test_refuses_a_certificate_that_cannot_sign(stage: Stage, table: Audiencia, make: Any, sentence: str) -> None:
    all_sign(stage, table, settled(stage, table))
    good = authority().p12("Carla Conciliadora", begins=NOW - timedelta(days=1))
    with pytest.raises(ContentRefused, match=sentence):
        close(stage, table, certificados=[make(good)])
    assert (Documento.objects.filter(tipo__startswith="termo").count(), Acordo.objects.count()) == (0, 0)


# ---- a new version ----


def test_a_new_version_replaces_the_letter_and_leaves_the_agreements(stage: Stage, table: Audiencia) -> None:
    settled(stage, table)
    first = close(stage, table, testemunhas=["Tito", "Tina"])
    begun = begin_version(audiencia=table, motivo="Nome trocado.", by=stage.cast.dora, at=moment("14:00"))
    assert begun.dados == {"relato": [SAID]}
    better = Conteudo("A loja propôs; o banco recusou.")
    write(stage, table, better.relato, at=moment("14:05"))
    settle_termo(audiencia=table, conteudo=better, by=stage.cast.carla, at=moment("14:06"))
    second = close(stage, table, better, testemunhas=["Tito", "Tina"], at=moment("14:10"))

    first.refresh_from_db()
    assert first.documento is not None
    assert second.documento is not None
    assert (first.status, first.documento.substituido_por, second.versao) == ("substituido", second.documento, 2)
    assert (second.homologacao, Acordo.objects.count()) == ("0001/2026", 1)
    text = words(second.documento)
    for told in ("2ª versão", "Motivo: Nome trocado.", "o banco recusou", "Loja Modelo Ltda: acordo.", "R$ 100,00"):
        assert told in text
    acts = Evento.objects.filter(objeto="hearings.termo").order_by("sequencia").values_list("ato", flat=True)
    assert list(acts) == ["FECHAR_TERMO", "ABRIR_NOVA_VERSAO_DO_TERMO", "FECHAR_TERMO", "SUBSTITUIR_TERMO"]
    assert list(wrong_termos()) == []


def test_a_new_version_may_be_thrown_away(stage: Stage, table: Audiencia) -> None:
    settled(stage, table)
    close(stage, table, testemunhas=["Tito", "Tina"])
    begin_version(audiencia=table, motivo="Engano.", by=stage.cast.dora, at=moment("14:00"))
    discard_version(audiencia=table, by=stage.cast.dora, at=moment("14:01"))

    assert list(Termo.objects.values_list("status", flat=True)) == ["fechado"]


def test_the_self_check_finds_a_termo_whose_letter_was_changed(stage: Stage, table: Audiencia) -> None:
    settled(stage, table)
    closed = close(stage, table, testemunhas=["Tito", "Tina"])
    assert list(wrong_termos()) == []
    Termo.objects.filter(pk=closed.pk).update(conteudo_sha256="0" * 64)

    assert list(wrong_termos()) == [
        f"Termo {closed.pk} (audiência {table.pk}): o que foi assinado não é o que está no documento "
        f"{closed.documento and closed.documento.codigo}."
    ]


def test_at_the_end_of_retention_nobody_is_named_and_the_self_check_holds(stage: Stage, table: Audiencia) -> None:
    all_sign(stage, table, settled(stage, table))
    close(stage, table)
    begin_version(audiencia=table, motivo="Ana Souza pediu.", by=stage.cast.dora, at=moment("11:00"))
    again = settle_termo(audiencia=table, conteudo=Conteudo(SAID), by=stage.cast.carla, at=moment("11:10"))
    sign(stage, again, table.presencas.earliest("pk"), tracos=DRAWN, at=moment("11:15"))
    gil = User.objects.create_user("gil", nome="Gil Encarregado")
    gil.atribuicoes.create(unidade=stage.cast.unidade, papel=Papel.ENCARREGADO)
    PrazoDeGuarda.objects.update_or_create(tipo="atendimento_preliminar", defaults={"anos": 5, "fonte": "CDC, art. 27"})
    Atendimento.objects.update(status="encerrado", desfecho="desistencia", encerrado_em=NOW)

    anonymise(consumidor=stage.cast.ana, by=gil, at=NOW + timedelta(days=6 * 366))

    assert list(Termo.objects.order_by("versao").values_list("dados", "motivo")) == [({}, ""), ({}, GONE)]
    assert list(AssinaturaDoTermo.objects.values_list("nome", "tracos")) == [(GONE, [])] * 4
    assert list(Presenca.objects.values_list("nome", flat=True)) == [GONE] * 3
    assert [*wrong_termos(), *wrong_results(), *broken_links(), *unreadable()] == []
