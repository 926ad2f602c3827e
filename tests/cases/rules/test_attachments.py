"""The type is told by the content; what acts by itself, hides something or bursts is refused."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from cases.rules.attachments import JPEG, PDF, PNG, WEBP, check, clean_name
from tests.cases import files
from workflow.errors import ContentRefused


def refusal(content: bytes) -> str:
    """What is said to this content."""
    with pytest.raises(ContentRefused) as refused:
        check(content, megapixels=50)
    assert refused.value.errors == {"arquivo": str(refused.value)}
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "tipo"),
    [
        (files.PDF, PDF),
        (files.picture("JPEG"), JPEG),
        (files.picture("PNG"), PNG),
        (files.picture("WEBP"), WEBP),
    ],
)
def test_four_types_are_known_by_their_content(content: bytes, tipo: str) -> None:
    assert check(content, megapixels=50).tipo == tipo


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00 program", b"<html><script>alert(1)</script>", b"PK\x03\x04 docx", files.picture("GIF"), b"<svg/>"],
)
def test_other_types_are_refused(content: bytes) -> None:
    assert refusal(content) == (
        "Este tipo de arquivo não é aceito. Aceitam-se PDF e imagens JPEG, PNG ou WebP. "
        "Converta o arquivo e anexe de novo."
    )


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "O arquivo está vazio. Confira o arquivo e anexe de novo."


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_heic_is_refused_with_advice(brand: bytes) -> None:
    assert "escolha enviar como JPEG" in refusal(b"\0\0\0\x18ftyp" + brand + b"\0" * 40)


def test_a_photograph_loses_its_position_and_stands_upright() -> None:
    kept = check(files.photograph(), megapixels=50).content

    image = Image.open(io.BytesIO(kept))
    assert (dict(image.getexif()), image.size) == ({}, (16, 32))
    assert (b"Camera" in kept, b"escondido" in kept, "comment" in image.info) == (False, False, False)
    red, _, blue = image.getpixel((8, 4))  # what was on the left is on top now
    assert red > 200 > 60 > blue


def test_a_png_keeps_its_transparency_and_loses_its_texts() -> None:
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("autor", "fulano")
    out = io.BytesIO()
    Image.new("RGBA", (3, 3), (10, 20, 30, 40)).save(out, "PNG", pnginfo=texts)

    kept = check(out.getvalue(), megapixels=50).content

    assert Image.open(io.BytesIO(kept)).getpixel((1, 1)) == (10, 20, 30, 40)
    assert b"fulano" not in kept


def test_what_hides_behind_a_picture_is_left_out() -> None:
    kept = check(files.picture("JPEG") + b"<?php system($_GET[0]) ?>PK\x03\x04", megapixels=50).content

    assert (b"php" in kept, b"PK\x03\x04" in kept) == (False, False)


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    assert len(files.bomb()) < 200
    assert refusal(files.bomb()) == "A imagem passa de 50 megapixels. Reduza a resolução e anexe de novo."


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_refused(kind: str) -> None:
    noise = random.Random(1).randbytes(64 * 64 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (64, 64), noise).save(out, kind)
    assert "incompleta ou danificada" in refusal(out.getvalue()[: len(out.getvalue()) // 2])


def test_a_moving_picture_is_refused() -> None:
    moving = files.picture("WEBP", save_all=True, append_images=[Image.new("RGB", (8, 4), "green")])
    assert "só o primeiro quadro ficaria" in refusal(moving)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (files.pdf_with(b"<< /S /JavaScript /JS (app.alert) >>"), "um programa (JavaScript)"),
        (files.pdf_with(b"<< /S /J#61vaScript /JS (app.alert) >>"), "um programa (JavaScript)"),
        (files.pdf_with(files.packed(b"<< /S /JavaScript /JS (x) >>")), "um programa (JavaScript)"),
        (files.pdf_with(b"<< /S /Launch /F (cmd.exe) >>"), "um comando que abre outro programa"),
        (files.pdf_with(b"<< /Type /EmbeddedFile >>"), "outro arquivo dentro dele"),
        (files.pdf_with(b"<< /Subtype /RichMedia >>"), "vídeo ou animação"),
    ],
)
def test_a_pdf_that_acts_by_itself_is_refused(content: bytes, what: str) -> None:
    assert refusal(content) == (
        f"O PDF contém {what}, e por segurança não é aceito. Abra-o, imprima para um novo PDF e anexe o novo."
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (files.PDF.replace(b"/Root", b"/Encrypt 9 0 R /Root"), "O PDF tem senha ou está protegido."),
        (files.PDF[:-7], "O PDF está incompleto, ou tem outra coisa depois do seu fim."),
        (files.PDF + b"PK\x05\x06" + b"\0" * 18 + b"x", "O PDF está incompleto, ou tem outra coisa depois do seu fim."),
        (
            files.pdf_with(b"<< /Type /ObjStm /Filter /LZWDecode >>\nstream\nabcdef\nendstream"),
            "Não foi possível olhar dentro deste PDF",
        ),
        (files.pdf_with(files.packed(b"\0" * 50_000_001)), "O PDF, aberto, é grande demais."),
    ],
)
def test_a_pdf_that_is_locked_cut_or_doubled_is_refused(content: bytes, sentence: str) -> None:
    assert refusal(content).startswith(sentence)


def test_a_good_pdf_is_kept_byte_by_byte() -> None:
    content = files.pdf_with(files.packed(b"<< /Type /Page >>"))
    assert check(content, megapixels=50).content == content


@pytest.mark.parametrize(
    ("name", "tipo", "clean"),
    [
        ("nota fiscal.pdf", PDF, "nota fiscal.pdf"),
        ("C:\\Users\\ana\\nota.PDF", PDF, "nota.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        ("foto.exe", JPEG, "foto.exe.jpg"),
        ("recibo\u202efdp.exe", PDF, "recibofdp.exe.pdf"),
        ('a"b<c>\r\nd.png', PNG, "abcd.png"),
        ("", JPEG, "anexo.jpg"),
        ("...", WEBP, "anexo.webp"),
        ("foto.jpeg", JPEG, "foto.jpg"),
        ("comprovação.pdf", PDF, "comprovação.pdf"),
        ("a" * 300, PDF, "a" * 146 + ".pdf"),
    ],
)
def test_names_are_cleaned(name: str, tipo: str, clean: str) -> None:
    assert clean_name(name, tipo) == clean
