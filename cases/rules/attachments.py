"""What may be attached to a case: the type is told by the content, and nothing that acts by itself comes in.

A picture is always decoded and written anew: position, camera and anything hidden behind the pixels stay outside, and a
file that is two things at once comes out as the picture alone. A PDF is kept byte by byte (it may be signed), so one
that runs scripts, starts programs, carries other files or is locked is refused (decision 40).
"""

from __future__ import annotations

import io
import re
import unicodedata
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps

from workflow.errors import ContentRefused

PDF, JPEG, PNG, WEBP = "application/pdf", "image/jpeg", "image/png", "image/webp"
EXTENSIONS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", WEBP: ".webp"}
#: As Pillow names them; MPO is a JPEG with more pictures behind the first, as many telephones write it.
_FORMATS = {"JPEG": JPEG, "MPO": JPEG, "PNG": PNG, "WEBP": WEBP}
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"}
#: A PDF's compressed parts are opened up to this many bytes; more is a bomb.
_PDF_INSIDE = 50_000_000
_ACTIVE = {
    b"/JavaScript": "um programa (JavaScript)",
    b"/Launch": "um comando que abre outro programa",
    b"/EmbeddedFile": "outro arquivo dentro dele",
    b"/RichMedia": "vídeo ou animação",
}
_PACKED = re.compile(rb"/ObjStm\b")
_STREAM = re.compile(rb"stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")

ACCEPTED = "Aceitam-se PDF e imagens JPEG, PNG ou WebP."
_BROKEN = "Tire a foto ou digitalize de novo e anexe o novo arquivo."


@dataclass(frozen=True)
class Checked:
    """What is kept of an attachment: its content and the type that the content shows."""

    content: bytes
    tipo: str


def check(received: bytes, *, megapixels: int) -> Checked:
    """The content as it is kept, or ContentRefused with what to do. Neither name nor declared type is looked at."""
    if not received:
        raise _refused("O arquivo está vazio. Confira o arquivo e anexe de novo.")
    if received.startswith(b"%PDF-"):
        _check_pdf(received)
        return Checked(received, PDF)
    if received[4:8] == b"ftyp" and received[8:12] in _HEIF:
        raise _refused(
            "Esta foto está no formato HEIC (ou AVIF), que nem todo computador abre. No telefone, escolha enviar como "
            "JPEG («mais compatível»), ou tire uma captura de tela dela, e anexe de novo."
        )
    return _rewritten(received, megapixels=megapixels)


def clean_name(name: str, tipo: str) -> str:
    """The name under which a file is shown and downloaded: no folders, no marks that deceive, the type's own ending."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(char for char in last if unicodedata.category(char)[0] not in "CZ" or char == " ")
    plain = re.sub(r'[<>:"|?*]', "", " ".join(kept.split())).strip(". ")
    ending = EXTENSIONS[tipo]
    stem = re.sub(r"\.(pdf|jpe?g|png|webp)$", "", plain, flags=re.IGNORECASE).strip(". ")
    return f"{stem[: 150 - len(ending)] or 'anexo'}{ending}"


def _rewritten(received: bytes, *, megapixels: int) -> Checked:
    try:
        with Image.open(io.BytesIO(received), formats=["JPEG", "PNG", "WEBP"]) as image:
            tipo = _FORMATS[image.format or ""]
            _check_picture(image, tipo, megapixels)
            upright = ImageOps.exif_transpose(image)
            return Checked(_encoded(upright, tipo), tipo)
    except Image.UnidentifiedImageError as unknown:
        raise _refused(
            f"Este tipo de arquivo não é aceito. {ACCEPTED} Converta o arquivo e anexe de novo."
        ) from unknown
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_large(megapixels) from bomb
    except (OSError, SyntaxError, ValueError, EOFError, zlib.error) as broken:
        raise _refused(f"A imagem está incompleta ou danificada. {_BROKEN}") from broken


def _check_picture(image: Image.Image, tipo: str, megapixels: int) -> None:
    """Before anything is decoded: how large it would become, and whether it moves."""
    if image.width * image.height > megapixels * 1_000_000:
        raise _too_large(megapixels)
    if tipo != JPEG and getattr(image, "n_frames", 1) > 1:
        raise _refused("Imagem animada não é aceita: só o primeiro quadro ficaria. Anexe uma captura de tela.")


def _encoded(image: Image.Image, tipo: str) -> bytes:
    """The pixels alone, in the same format."""
    transparent = tipo != JPEG and (image.mode in {"LA", "RGBA", "PA"} or "transparency" in image.info)
    mode = "RGBA" if transparent else "L" if image.mode in {"1", "L"} else "RGB"
    pixels = image.convert(mode)
    clean = Image.frombytes(mode, pixels.size, pixels.tobytes())
    out = io.BytesIO()
    if tipo == PNG:
        clean.save(out, "PNG")
    else:
        clean.save(out, "JPEG" if tipo == JPEG else "WEBP", quality=90)
    return out.getvalue()


def _check_pdf(content: bytes) -> None:
    if not content.rstrip(b"\x00\t\n\x0c\r ").endswith(b"%%EOF"):
        raise _refused(f"O PDF está incompleto, ou tem outra coisa depois do seu fim. {_BROKEN}")
    parts = [content, *_packed(content)]
    plain = [_ESCAPED.sub(lambda hit: bytes([int(hit[1], 16)]), part) for part in parts]
    if any(b"/Encrypt" in part for part in plain):
        raise _refused("O PDF tem senha ou está protegido. Abra-o, imprima para um novo PDF sem senha e anexe o novo.")
    for mark, what in _ACTIVE.items():
        if any(mark in part for part in plain):
            raise _refused(
                f"O PDF contém {what}, e por segurança não é aceito. Abra-o, imprima para um novo PDF e anexe o novo."
            )


def _packed(content: bytes) -> list[bytes]:
    """The objects that a PDF keeps compressed, opened; ContentRefused for what cannot be looked into."""
    found: list[bytes] = []
    budget = _PDF_INSIDE
    for hit in _PACKED.finditer(content):
        start = _STREAM.search(content, hit.end(), hit.end() + 4096)
        if start is None:
            continue
        opener = zlib.decompressobj()
        try:
            inside = opener.decompress(content[start.end() :], budget + 1)
        except zlib.error as closed:
            raise _refused(
                "Não foi possível olhar dentro deste PDF para conferir se é seguro. "
                "Abra-o, imprima para um novo PDF e anexe o novo."
            ) from closed
        budget -= len(inside)
        if budget < 0:
            raise _refused("O PDF, aberto, é grande demais. Imprima para um novo PDF, ou divida-o, e anexe de novo.")
        found.append(inside)
    return found


def _too_large(megapixels: int) -> ContentRefused:
    return _refused(f"A imagem passa de {megapixels} megapixels. Reduza a resolução e anexe de novo.")


def _refused(message: str) -> ContentRefused:
    return ContentRefused(message, errors={"arquivo": message})
