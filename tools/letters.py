"""`python -m tools.letters`: the first page of every document, with fictitious data, as docs/img/documentos/<tipo>.png.

The data are those of the tests (tests/documents/samples.py), so the pictures show what the tests look at.
"""

from __future__ import annotations

import argparse
import os
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOTS_PER_INCH = 76
COLOURS = 32


def main() -> None:
    """Make the pictures; small ones, of few colours, since they are looked at and not read."""
    parser = argparse.ArgumentParser(prog="python -m tools.letters", description="Imagens dos documentos.")
    parser.add_argument("--pasta", default=str(ROOT / "docs" / "img" / "documentos"), help="onde são gravadas")
    target = Path(parser.parse_args().pasta)
    target.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")
    import django

    django.setup()
    for name, picture in _pictures().items():
        (target / f"{name}.png").write_bytes(_small(picture))
    print(f"{len(list(target.glob('*.png')))} imagens em {target}.")


def _pictures() -> dict[str, bytes]:
    from documents import render
    from documents.models import Documento
    from documents.services import freeze
    from tests.conftest import NOW
    from tests.documents.samples import FULL
    from tests.documents.test_render import carta

    made = {
        tipo: render.pictures(tipo, carta(FULL[tipo], titulo=label), at=NOW, ppi=DOTS_PER_INCH)[0]
        for tipo, label in Documento.Tipo.choices
    }
    address = {"nome": "Loja Modelo Ltda", "endereco": "Avenida B, 200", "municipio": "São Paulo", "uf": "SP"}
    labels = [address | {"cep": "01000000", "protocolo": f"35.001.001.26-{number:07d}"} for number in range(1, 12)]
    made["etiquetas"] = render.picture_of_labels(freeze(labels), start=4, ppi=DOTS_PER_INCH)
    return made


def _small(picture: bytes) -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
