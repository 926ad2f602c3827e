"""Small files for the tests of attachments, made here and now."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def picture(kind: str = "JPEG", size: tuple[int, int] = (8, 4), **options: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photograph() -> bytes:
    """A JPEG as a telephone takes it: turned, with camera and position."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Camera Modelo"
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (23.0, 29.0, 11.0)
    return picture(size=(32, 16), exif=exif, comment=b"escondido")


def pdf_with(inside: bytes) -> bytes:
    """A PDF with one more object."""
    return PDF.replace(b"trailer", b"2 0 obj\n" + inside + b"\nendobj\ntrailer")


def packed(inside: bytes) -> bytes:
    """An object that a PDF keeps compressed."""
    body = zlib.compress(inside)
    return b"<< /Type /ObjStm /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(body), body)


def bomb() -> bytes:
    """A PNG of a few bytes that would become 400 megapixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body))

    header = struct.pack("!IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def uploaded(content: bytes = PDF, name: str = "nota.pdf", declared: str = "application/pdf") -> SimpleUploadedFile:
    """The file as a browser sends it."""
    return SimpleUploadedFile(name, content, declared)
