"""What consumidor.gov.br tells of suppliers, invented: for the looks at the comparison and for its picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from opendata.services import import_conduct
from tests.opendata.gov import LEAN, UNANSWERED, UNRATED, complaint

_PLACES = ({}, {"Cidade": "Suzano"}, {"UF": "MG", "Cidade": "Contagem"})
_SEGMENTS = ("Bancos, Financeiras e Administradoras de Cartão", "Energia Elétrica", "Comércio Eletrônico")
_UNSOLVED = {"Avaliação Reclamação": "Não Resolvida", "Nota do Consumidor": "1", "Tempo Resposta": "9"}


def conduct_paths(folder: Path, names: Sequence[str], now: datetime) -> list[str]:
    """Count a file of this month in which these companies have complaints; the addresses of the comparison."""
    lines = [LEAN]
    for number, name in enumerate(names):
        for count in range(24 + 7 * number):
            kind = ({}, _UNSOLVED, UNRATED, {}, UNRATED | UNANSWERED)[(count * (number + 2)) % 5]
            fields = _PLACES[count % 3] | kind | {"Nome Fantasia": name, "Data Finalização": f"{now:%Y-%m}-01"}
            fields["Segmento de Mercado"] = _SEGMENTS[number % len(_SEGMENTS)]
            lines.append(complaint(LEAN, **fields))
    path = folder / f"finalizadas_{now:%Y-%m}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    import_conduct(str(path), at=now, lists=folder)
    asked = f"/relatorios/consumidor-gov/?de={now.year - 1}-01&ate={now:%Y-%m}"
    return [asked, f"{asked}&mostrar=sem"]
