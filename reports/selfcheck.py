"""Recounting every total from the rows themselves."""

from __future__ import annotations

from collections.abc import Iterator

from reports.closing import digest
from reports.measures import Grao, Medida, dims_of
from reports.models import Fechamento
from reports.totals import differences, wrong_homes

_NAMES = {
    Medida.ATENDIMENTOS: "Atendimentos",
    Medida.RECLAMADOS: "Reclamados",
    Medida.CIPS: "CIPs",
    Medida.AUDIENCIAS: "Audiências",
    Medida.RECLAMACOES: "Reclamações",
    Medida.CLASSIFICACOES: "Classificações",
    Medida.REGISTROS: "Registros nacionais",
}
_SHOWN = {Grao.DIA: "%d/%m/%Y", Grao.MES: "%m/%Y", Grao.ANO: "%Y"}


def wrong_totals() -> Iterator[str]:
    """Every total kept that is not what the rows say, in one snapshot of both."""
    for medida, conjunto, grao, inicio, unidade, a, b, kept, more in differences():
        values = ", ".join(f"{name} «{value}»" for name, value in zip(dims_of(conjunto), (a, b), strict=False))
        place = f"unidade {unidade}" if unidade else "sem unidade"
        off = f"{abs(more)} a {'mais' if more > 0 else 'menos'}"
        yield (
            f"{_NAMES[Medida(medida)]} de {inicio.strftime(_SHOWN[Grao(grao)])}, {place}"
            f"{', ' + values if values else ''}: guardado {kept}, {off} do que a recontagem, "
            "com o que ainda não foi somado."
        )
    for key in wrong_homes():
        yield f"Fornecedor {key}: seus totais não contam para a empresa e o grupo que o cadastro diz."


def wrong_closings() -> Iterator[str]:
    """Every closed year whose numbers are not those that were hashed."""
    for closing in Fechamento.objects.select_related("unidade").order_by("ano", "unidade"):
        if digest(closing) != closing.resumo:
            yield f"Fechamento de {closing.ano}, {closing.unidade}: os números não conferem com o resumo SHA-256."
