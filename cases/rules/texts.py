"""Ready texts with placeholders: which are known, and how they are filled. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_HOLE = re.compile(r"\{([^{}\n]{0,40})\}")
#: What a ready text may ask for, and what stands there.
PLACEHOLDERS: dict[str, str] = {
    "consumidor": "nome do consumidor",
    "fornecedor": "nome do fornecedor, ou dos fornecedores",
    "assunto": "assunto",
    "problema": "problema",
    "valor": "valor envolvido, como R$ 199,90",
    "data_compra": "data da compra",
    "contrato": "número do contrato ou do pedido",
    "data": "o dia de hoje",
    "protocolo": "protocolo do atendimento",
    "atendente": "nome de quem atende",
    "unidade": "nome da unidade",
    "orgao": "órgão de destino",
}
#: Before a case is registered it has no protocol.
AFTER_REGISTRATION = frozenset({"protocolo"})
#: What stands where nothing is known yet; one sees it, and one can search for it.
BLANK = "________"


def unknown(text: str) -> list[str]:
    """The placeholders of `text` that nothing fills, as they are written, each once."""
    return list(dict.fromkeys(name for name in _HOLE.findall(text) if name not in PLACEHOLDERS))


def used(text: str) -> set[str]:
    """The known placeholders of `text`."""
    return set(_HOLE.findall(text)) & set(PLACEHOLDERS)


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with its known placeholders filled; a known one without a value leaves a line to write on."""
    return _HOLE.sub(lambda hole: (values.get(hole[1]) or BLANK) if hole[1] in PLACEHOLDERS else hole[0], text)
