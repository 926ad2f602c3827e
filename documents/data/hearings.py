"""The letters of a hearing."""

from __future__ import annotations

from documents.data.parts import (
    Acordo,
    Certificado,
    ComOReclamado,
    DeAudiencia,
    Fechamento,
    Parte,
    PrazoEmPalavras,
    Presente,
)


class NotificacaoConsumidor(DeAudiencia, total=False):
    """notificacao_consumidor.typ; addressed to `destinatario`, or else to the consumer."""

    destinatario: Parte
    justificativa: PrazoEmPalavras


class NotificacaoFornecedor(DeAudiencia, total=False):
    """notificacao_fornecedor.typ; addressed to `destinatario`, or else to `fornecedor`."""

    destinatario: Parte
    fornecedor: Parte
    antecedencia: PrazoEmPalavras


class TermoDeAudiencia(DeAudiencia, total=False):
    """termo_de_audiencia.typ; `relato` is what was said at the hearing. Says nothing of a título executivo."""

    resultado: str
    presencas: list[Presente]
    acordo: Acordo
    testemunhas: list[str]
    homologacao: str
    observacao: str
    reclamados: list[ComOReclamado]
    fechamento: Fechamento
    certificados: list[Certificado]
    versao: int
    motivo: str


class CertidaoDeAusencia(DeAudiencia, total=False):
    """certidao_de_ausencia.typ; `resultado` is ausente_consumidor, ausente_fornecedor or ausentes_ambos."""

    resultado: str
    ausentes: list[str]
    presencas: list[Presente]
    justificativa: PrazoEmPalavras
    observacao: str
