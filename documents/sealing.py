"""The one module that knows pyHanko: signs a PDF with somebody's certificate (PAdES baseline B), and reads signatures.

A certificate file and its password live in memory for one signature and are stored nowhere. pyHanko is imported where
it is needed: it costs every process more than half a second, and few sign.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

#: A certificate with its chain has a few kilobytes.
LARGEST = 64 * 1024


class CertificateRefusedError(ValueError):
    """This file cannot sign; the message says why, in the reader's Portuguese."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that can sign now: whose it is, who issued it, and until when it is valid."""

    nome: str
    emissor: str
    serie: str
    valido_ate: datetime
    signer: Any = field(repr=False)


def open_certificate(content: bytes, password: str, *, at: datetime) -> Certificate:
    """Open a PKCS#12 file (.p12, .pfx). Raises CertificateRefusedError where it cannot sign at this moment."""
    from cryptography.hazmat.primitives.serialization import pkcs12
    from pyhanko.sign import signers

    if not content or len(content) > LARGEST:
        raise CertificateRefusedError("O arquivo do certificado está vazio ou é grande demais. Escolha o .p12 ou .pfx.")
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(content, password.encode())
    except (ValueError, TypeError) as wrong:
        raise CertificateRefusedError(
            "O certificado não abriu: a senha está errada, ou o arquivo não é um .p12. Confira os dois."
        ) from wrong
    if key is None or certificate is None:
        raise CertificateRefusedError("O arquivo não tem certificado com a chave que assina. Exporte-o com a chave.")
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not first <= at <= last:
        raise CertificateRefusedError(f"O certificado vale de {first:%d/%m/%Y} a {last:%d/%m/%Y}. Use outro.")
    try:
        signer = signers.SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=password.encode())
    except ValueError as wrong:
        raise CertificateRefusedError("A chave deste certificado não é de um tipo que assine. Use outro.") from wrong
    _check_usage(certificate)
    return Certificate(
        nome=_name(certificate.subject),
        emissor=_name(certificate.issuer),
        serie=f"{certificate.serial_number:X}",
        valido_ate=last,
        signer=signer,
    )


def seal(pdf: bytes, certificates: Iterable[Certificate], *, reason: str, location: str) -> bytes:
    """The PDF with one signature of each certificate, each appended to what was there: nothing before it changes."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    for number, certificate in enumerate(certificates, start=1):
        name = f"Assinatura{number}"
        meta = signers.PdfSignatureMetadata(
            field_name=name,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=reason,
            location=location,
            name=certificate.nome,
        )
        spec = fields.SigFieldSpec(name, readable_field_name=f"Assinatura digital de {certificate.nome}")
        out = BytesIO()
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        signers.PdfSigner(meta, signer=certificate.signer, new_field_spec=spec).sign_pdf(writer, output=out)
        pdf = out.getvalue()
    return pdf


def _check_usage(certificate: Any) -> None:
    """A certificate that says what its key is for must say that it signs."""
    from cryptography import x509

    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise CertificateRefusedError("Este certificado não é de assinatura. Use um que assine documentos.")


def _name(name: Any) -> str:
    """The common name; the whole where there is none."""
    from cryptography.x509.oid import NameOID

    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else str(name.rfc4514_string())
