"""What each tipo of atendimento asks for and how it begins (domain: the ten tipos). Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TipoRule:
    """One tipo: which parties and data it needs, and the status (and desfecho) with which it is registered."""

    min_suppliers: int = 0
    max_suppliers: int | None = None
    needs_consumer: bool = False
    needs_subject: bool = False
    needs_account: bool = False
    needs_body: bool = False
    needs_case: bool = False
    needs_nfp_result: bool = False
    needs_resident: bool = False
    status: str = "encerrado"
    desfecho: str = "orientado"

    @property
    def opens_complaint(self) -> bool:
        """Whether registering it opens a reclamação at once."""
        return self.status == "em_reclamacao"


RULES: dict[str, TipoRule] = {
    "simples_consulta": TipoRule(),
    "atendimento_preliminar": TipoRule(
        min_suppliers=1,
        needs_consumer=True,
        needs_subject=True,
        needs_account=True,
        status="aberto",
        desfecho="",
        needs_resident=True,
    ),
    "extra_procon": TipoRule(max_suppliers=0),
    "calculo": TipoRule(needs_consumer=True, needs_resident=True, status="aberto", desfecho=""),
    "abertura_direta": TipoRule(
        min_suppliers=1,
        needs_consumer=True,
        needs_subject=True,
        needs_account=True,
        needs_resident=True,
        status="em_reclamacao",
        desfecho="",
    ),
    "de_oficio": TipoRule(min_suppliers=1, needs_subject=True, needs_account=True, status="em_reclamacao", desfecho=""),
    "encaminhamento": TipoRule(needs_body=True, desfecho="encaminhado"),
    "inicial_jec": TipoRule(
        min_suppliers=1,
        needs_consumer=True,
        needs_subject=True,
        needs_account=True,
        desfecho="encaminhado",
        needs_resident=True,
    ),
    "nota_fiscal_paulista": TipoRule(max_suppliers=0, needs_consumer=True, needs_nfp_result=True),
    "consulta_de_caso": TipoRule(max_suppliers=0, needs_case=True),
}

#: The tipos from which a CIP may be issued.
CIP_TIPOS = frozenset({"atendimento_preliminar", "calculo"})

#: How a case may be closed by hand, by the status it is in.
DESFECHOS_BY_STATUS: dict[str, tuple[str, ...]] = {
    "aberto": (
        "orientado",
        "encaminhado",
        "sem_resolucao",
        "desistencia",
        "duplicidade",
        "litispendencia",
        "domicilio_inconsistente",
        "improcedencia",
    ),
    "aguarda_fornecedor": ("desistencia", "duplicidade", "litispendencia"),
    "aguarda_consumidor": (
        "acordo",
        "resolvido_cip",
        "resolvido_parcial",
        "sem_resolucao",
        "desistencia",
        "duplicidade",
        "litispendencia",
        "improcedencia",
    ),
    "em_reclamacao": (
        "acordo",
        "resolvido_parcial",
        "sem_resolucao",
        "desistencia",
        "duplicidade",
        "litispendencia",
        "improcedencia",
    ),
    "encerrado": (),
}

#: The resultado that closing a case writes into its CIPs still without one.
CIP_RESULTADO_BY_DESFECHO: dict[str, str] = {
    "acordo": "acordo",
    "resolvido_cip": "resolucao_total",
    "resolvido_parcial": "resolucao_parcial",
    "sem_resolucao": "sem_resolucao",
    "desistencia": "desistencia",
    "duplicidade": "cancelada",
    "litispendencia": "litispendencia",
    "improcedencia": "improcedencia",
}
