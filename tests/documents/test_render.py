"""Every letter, complete, empty and hostile: archivable, accessible, literal, and the same bytes twice."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from documents import render
from documents.data import SHAPES
from documents.models import Documento
from documents.services import freeze
from tests.conftest import NOW
from tests.documents import samples

TIPOS = [str(tipo) for tipo in Documento.Tipo.values]
#: Signed by others, elsewhere and on another day: the place and the day are left blank.
MODELS = ["procuracao", "carta_de_preposicao"]
ADDRESS = "https://procon.example.org/publico/documentos/"


def carta(dados: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {
        "titulo": "Documento de teste",
        "codigo": "7K2M-0PQ1-ZZ9A",
        "emitido_em": NOW.isoformat(),
        "emitido_por": "Bruno Atendente",
        "endereco_conferencia": ADDRESS,
        "conferencia": f"{ADDRESS}?codigo=7K2M-0PQ1-ZZ9A",
        "procon": render.office(),
        "dados": freeze(dados),
    } | changed


def words(pdf: bytes) -> str:
    """The text, with every run of white space as one blank."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def squeezed(text: str) -> str:
    """Without blanks and line-end hyphens, which belong to the page and not to the text."""
    return "".join(text.replace("\u200b", "").split()).replace("-", "")


def test_there_is_a_template_and_a_shape_for_every_kind() -> None:
    assert sorted(path.stem for path in render.LETTERS.glob("[!_]*.typ")) == sorted(TIPOS)
    assert sorted(SHAPES) == sorted(samples.FULL) == sorted(TIPOS)


@pytest.mark.parametrize("tipo", TIPOS)
def test_the_manual_shows_every_kind(tipo: str) -> None:
    manual = Path(__file__).parents[2] / "docs" / "manual" / "documentos.md"
    assert f"](../img/documentos/{tipo}.png)" in manual.read_text(encoding="utf-8")
    assert (manual.parents[1] / "img" / "documentos" / f"{tipo}.png").is_file()


def test_the_pages_of_a_letter_can_be_looked_at() -> None:
    pages = render.pictures("cip", carta(samples.FULL["cip"]), at=NOW, ppi=20)
    assert [page[:4] for page in pages] == [b"\x89PNG"] * 2
    assert render.picture_of_labels([{"nome": "Loja"}], start=1, ppi=20)[:4] == b"\x89PNG"


@pytest.mark.parametrize("tipo", TIPOS)
def test_a_letter_says_that_it_is_archivable_and_accessible(tipo: str) -> None:
    pdf = render.typeset(tipo, carta(samples.FULL[tipo]), at=NOW)

    with pikepdf.open(BytesIO(pdf)) as opened:
        xmp = opened.open_metadata()
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("2", "A", "1")
        assert opened.Root.Lang == "pt-BR"
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in opened.Root
        assert xmp["dc:title"] != ""
        assert str(xmp["xmp:CreateDate"]).startswith("2026-03-04T13:00:00")


@pytest.mark.parametrize("tipo", TIPOS)
def test_a_letter_prints_its_code_its_address_and_its_pages(tipo: str) -> None:
    pdf = render.typeset(tipo, carta(samples.FULL[tipo]), at=NOW)
    text, pages = words(pdf), len(PdfReader(BytesIO(pdf)).pages)

    assert "com o código 7K2M-0PQ1-ZZ9A." in text
    assert ADDRESS in text
    assert f"Página {pages} de {pages}" in text
    assert ("Itaquaquecetuba/SP, 4 de março de 2026." in text) == (tipo not in MODELS)
    assert "título executivo" not in text.lower()


@pytest.mark.parametrize("tipo", TIPOS)
def test_an_empty_letter_still_prints(tipo: str) -> None:
    text = words(render.typeset(tipo, carta({}), at=NOW))
    assert "Procon de Itaquaquecetuba" in text
    assert "none" not in text


@pytest.mark.parametrize("tipo", TIPOS)
def test_what_people_write_comes_out_literally(tipo: str) -> None:
    dados = samples.hostile(freeze(samples.FULL[tipo]), samples.HOSTILE)
    text = words(render.typeset(tipo, carta(dados), at=NOW))
    assert squeezed(samples.HOSTILE) in squeezed(text)


@pytest.mark.parametrize("tipo", TIPOS)
def test_strange_characters_and_endless_words_break_no_letter(tipo: str) -> None:
    dados = samples.hostile(freeze(samples.FULL[tipo]), samples.STRANGE)
    text = words(render.typeset(tipo, carta(dados), at=NOW))
    assert "□ □□" in text
    assert "fim á Ž" in text


@pytest.mark.parametrize("value", [7, 1.5, True, None, [], {}, ["a"], {"b": "c"}, [[1]], [None], "texto"])
@pytest.mark.parametrize("tipo", TIPOS)
def test_values_of_another_type_break_no_letter(tipo: str, value: Any) -> None:
    dados: dict[str, Any] = dict.fromkeys(samples.FULL[tipo], value)
    assert render.typeset(tipo, carta(dados), at=NOW)[:5] == b"%PDF-"


@pytest.mark.parametrize("tipo", TIPOS)
def test_one_value_of_another_type_breaks_no_letter(tipo: str) -> None:
    for key in samples.FULL[tipo]:
        dados = samples.FULL[tipo] | {key: [{"nome": 1}]}
        assert render.typeset(tipo, carta(dados), at=NOW)[:5] == b"%PDF-"


def test_every_character_said_to_be_covered_can_be_printed() -> None:
    points = [chr(point) for first, last in render._COVERED for point in range(first, last + 1)]
    text = " ".join([*points, *sorted(render._COVERED_SINGLY), render.UNPRINTABLE])

    assert "Página 1 de" in words(render.typeset("cip", carta({"relato": text}), at=NOW))
    assert render.printable(text).replace("\n", "") == text.replace("\n", "")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("a\r\nb\rc\td", "a\nb\nc d"),
        ("a\u0301", "á"),
        ("\u202eabc\x00\x07", "abc"),
        ("漢字 e 😀", "□□ e □"),
        ("y" * 50, "y" * 50),
        ("z" * 65, "\u200b".join(["z" * 20, "z" * 20, "z" * 20, "z" * 5])),
    ],
)
def test_what_the_font_cannot_show(written: str, printed: str) -> None:
    assert render.printable({"x": [written, 3]}) == {"x": [printed, 3]}


def test_the_values_are_written_the_brazilian_way() -> None:
    text = words(render.typeset("cip", carta(samples.FULL["cip"]), at=NOW))
    for expected in ["CNPJ 12.ABC.345/01DE-35", "111.444.777-35", "R$ 1.999,90", "15/01/2026", "Página 1 de 2"]:
        assert expected in text
    assert "Prazo para resposta: 10 dias corridos, contados da ciência." in text


def test_the_consumer_is_told_how_to_justify_an_absence() -> None:
    text = words(render.typeset("notificacao_consumidor", carta(samples.FULL["notificacao_consumidor"]), at=NOW))
    assert "em até 5 dias corridos, contados da audiência; sem justificativa, o atendimento será" in text


def test_a_term_may_come_as_a_sentence() -> None:
    dados = {"prazo": "10 dias corridos, contados da ciência", "prazo_fonte": "Lei X"}
    text = words(render.typeset("cip", carta(dados), at=NOW))
    assert "Prazo para resposta: 10 dias corridos, contados da ciência." in text
    assert "Fundamento: Lei X." in text


@pytest.mark.parametrize(
    ("tipo", "sentences"),
    [
        (
            "carta_de_abertura",
            [
                "Prazo para a defesa: 20 dias corridos, contados do recebimento.",
                "Fundamento: Decreto 2.181/1997, art. 42.",
                "A CIP recebida em 06/03/2026 não foi respondida",
                "foi aberta reclamação em 20/03/2026",
            ],
        ),
        (
            "termo_de_acordo",
            [
                "em 24 de março de 2026, perante este órgão",
                "1ª A Loja Modelo devolve",
                "1 10/04/2026 R$ 1.000,00 2 11/05/2026 R$ 999,90 Total R$ 1.999,90",
                "Se uma parcela não for paga, vencem as demais",
                "Paulo Preposto Preposto, por Loja Modelo Ltda",
            ],
        ),
        (
            "manifestacao_tecnica",
            ["À autoridade Edu Autoridade, Diretor", "não fundamentada", "é opinião técnica e não decide"],
        ),
        (
            "decisao",
            [
                "I. quanto a Loja Modelo Ltda (CNPJ 12.ABC.345/01DE-35): classifico a reclamação como",
                "II. quanto a Banco Exemplo S.A. (CNPJ 00.000.000/0001-91): classifico a reclamação como",
                "com fundamento em art. 14, § 3º, II, da Lei 8.078/1990.",
                "cabe recurso a autoridade superior, no prazo de 10 dias corridos, contados da intimação.",
                "Fundamento: Decreto 2.181/1997, art. 49.",
                "Edu Autoridade Diretor",
            ],
        ),
        ("ficha_de_baixa", ["06/03/2026 13/03/2026 18/05/2026 Acordo", "As duas parcelas foram pagas.", "18/05/2026"]),
        ("memorando", ["Memorando nº 7/2026", "De Atendimento Para Fiscalização", "Lei 10.962/2004, art. 2º"]),
        (
            "declaracao_de_comparecimento",
            [
                "Ana Souza, CPF 111.444.777-35, compareceu a este órgão, como consumidora",
                "em 4 de março de 2026, das 9h30 às 11h, para ser atendida pessoalmente.",
            ],
        ),
        ("procuracao", ["Estado civil:", "OAB: OAB/SP 123.456", "firmar acordo.", "Validade: um ano."]),
        ("carta_de_preposicao", ["na audiência de 24 de março de 2026, às 10h", "Nome: Paulo Preposto RG: CPF:"]),
        (
            "memoria_de_calculo",
            [
                "(1 + taxa)⁻ⁿ",
                "2 10/05/2026 346,75 13,47 333,28 339,97",
                "Total 1.040,27 40,27 1.000,00",
                "art. 52, § 2º",
            ],
        ),
        ("comunicacao", ["Comunicação de Decisão", "Prazo para recorrer: 10 dias corridos, contados do recebimento."]),
        (
            "espelho",
            ["Representado por Rui Souza (procurador)", "Defeito oculto em 03/02/2026", "pedido PED-4455"],
        ),
    ],
)
def test_what_a_document_says(tipo: str, sentences: list[str]) -> None:
    text = words(render.typeset(tipo, carta(samples.FULL[tipo]), at=NOW)).replace("- ", "-")
    assert [sentence for sentence in sentences if sentence.replace("- ", "-") not in text] == []


def test_an_appeal_without_a_term_names_the_decree() -> None:
    text = words(render.typeset("decisao", carta({}), at=NOW))
    assert "Desta decisão cabe recurso, no prazo e na forma do Decreto nº 2.181/1997." in text


def test_the_judgement_of_an_appeal_offers_no_other() -> None:
    text = words(render.typeset("decisao", carta({"irrecorrivel": True}), at=NOW))
    assert ("não cabe outro recurso administrativo" in text, "cabe recurso, no prazo" in text) == (True, False)


def test_only_a_founded_complaint_speaks_of_the_cadastro() -> None:
    unfounded = {"reclamados": [{"fornecedor": "Loja", "classificacao": "nao_fundamentada"}]}
    assert "Cadastro" not in words(render.typeset("decisao", carta(unfounded), at=NOW))
    founded = {"reclamados": [{"fornecedor": "Loja", "classificacao": "fundamentada_atendida"}]}
    assert "Cadastro de Reclamações Fundamentadas" in words(render.typeset("decisao", carta(founded), at=NOW))


@pytest.mark.parametrize("tipo", TIPOS)
def test_no_page_holds_only_the_check_box(tipo: str) -> None:
    """However long the text is, whatever signs or dates the letter stands on the page of the check box."""
    lonely = []
    for lines in range(0, 40, 3):
        dados = samples.FULL[tipo] | {
            "observacao": "linha\n" * lines,
            "relato": "linha\n" * lines,
            "fatos": "a\n" * lines,
        }
        last = PdfReader(BytesIO(render.typeset(tipo, carta(dados), at=NOW))).pages[-1].extract_text()
        if last.startswith(("Confira se", "Modelo preparado")):
            lonely.append(lines)
    assert lonely == []


@pytest.mark.parametrize("tipo", ["decisao", "termo_de_acordo", "ficha_de_baixa", "carta_de_abertura"])
def test_thirty_suppliers_are_all_printed(tipo: str) -> None:
    many = [{"razao_social": f"Empresa {number:02}", "cnpj": "12ABC34501DE35"} for number in range(30)]
    rows = [{"fornecedor": supplier, "classificacao": "encerrada", "resultado": "decurso"} for supplier in many]
    dados = samples.FULL[tipo] | {"fornecedores": many, "reclamados": rows, "baixas": rows, "presencas": []}
    text = words(render.typeset(tipo, carta(dados), at=NOW))
    assert [name["razao_social"] for name in many if name["razao_social"] not in text] == []


@pytest.mark.parametrize(
    ("resultado", "sentence", "then"),
    [
        ("ausente_consumidor", "não compareceu o consumidor: Ana Souza", "O consumidor pode justificar"),
        ("ausente_fornecedor", "não compareceu o fornecedor: Ana Souza", "O processo segue"),
        ("ausentes_ambos", "não compareceram o consumidor e o fornecedor: Ana Souza", "O processo segue"),
    ],
)
def test_the_certidao_says_who_was_absent_and_what_follows(resultado: str, sentence: str, then: str) -> None:
    dados = samples.FULL["certidao_de_ausencia"] | {"resultado": resultado, "ausentes": ["Ana Souza"]}
    text = words(render.typeset("certidao_de_ausencia", carta(dados), at=NOW))
    assert sentence in text
    assert then in text


@pytest.mark.parametrize("tipo", TIPOS)
def test_the_same_letter_is_the_same_bytes(tipo: str) -> None:
    first = render.typeset(tipo, carta(samples.FULL[tipo]), at=NOW)
    render.typeset("cip", carta({"relato": "outra"}), at=NOW)
    assert render.typeset(tipo, carta(samples.FULL[tipo]), at=NOW) == first
    assert render.typeset(tipo, carta(samples.FULL[tipo]), at=NOW + timedelta(hours=1)) != first


def test_a_draft_has_no_code_and_says_so() -> None:
    text = words(render.render("balanco", samples.FULL["balanco"]))
    assert "sem código de conferência" in text
    assert "Confira se este documento" not in text
    assert "4,4 mil atendimentos" in text


def test_tables_have_header_cells() -> None:
    pdf = render.typeset("balanco", carta(samples.FULL["balanco"]), at=NOW)
    with pikepdf.open(BytesIO(pdf)) as opened:
        kinds = [str(o.get("/S")) for o in opened.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o]
    assert kinds.count("/TH") == 2 + 2 + 5 + 3
    assert kinds.count("/Table") == 4


@pytest.mark.parametrize("tipo", ["_carta", "bilhete", "../letters/cip", ""])
def test_no_other_file_is_a_template(tipo: str) -> None:
    with pytest.raises(KeyError):
        render.typeset(tipo, carta({}), at=NOW)


def test_a_letter_reads_no_file_outside_its_folder() -> None:
    assert render._compiler().compile(b"#let x = 1", format="pdf") is not None
    with pytest.raises(Exception, match=r"access|denied|outside|escape|root"):
        render._compiler().compile(b'#read("../../manage.py")', format="pdf")


def test_letters_are_printed_by_many_threads_at_once() -> None:
    expected = render.typeset("cip", carta(samples.FULL["cip"]), at=NOW)
    printed: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: printed.append(render.typeset("cip", carta(samples.FULL["cip"]), at=NOW)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert printed == [expected] * 8


def test_a_process_forked_after_printing_is_refused_instead_of_hanging() -> None:
    render.typeset("cip", carta({}), at=NOW)
    child = os.fork()
    if child == 0:
        try:
            render.typeset("cip", carta({}), at=NOW)
        except RuntimeError as refused:
            os._exit(7 if "before this process was forked" in str(refused) else 1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_a_process_forked_before_printing_prints() -> None:
    program = (
        "import os, django; django.setup(); from documents import render\n"
        "child = os.fork()\n"
        "if child == 0: os._exit(0 if render.render('balanco', {}).startswith(b'%PDF-') else 1)\n"
        "raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    done = subprocess.run([sys.executable, "-c", program], timeout=240, check=False)
    assert done.returncode == 0
