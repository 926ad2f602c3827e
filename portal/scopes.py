"""What an integration may be allowed to do: each scope with a sentence that a lawyer reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oauth2_provider.scopes import BaseScopes

if TYPE_CHECKING:
    from portal.models import Integracao

ATENDIMENTOS_LER = "atendimentos:ler"
ATENDIMENTOS_ESCREVER = "atendimentos:escrever"
AUDIENCIAS_LER = "audiencias:ler"
AUDIENCIAS_ESCREVER = "audiencias:escrever"
ESTATISTICAS_LER = "estatisticas:ler"
WEBHOOKS_GERIR = "webhooks:gerir"

SCOPES: dict[str, str] = {
    ATENDIMENTOS_LER: (
        "Lê os atendimentos que a própria integração registrou, com os dados do consumidor que ela mesma declarou, os "
        "andamentos, as respostas dos fornecedores, o que o consumidor anexou e os documentos que são dele. Não lê os "
        "atendimentos do balcão nem os de outra integração. Não lê o que o Procon sabe da pessoa além do declarado."
    ),
    ATENDIMENTOS_ESCREVER: (
        "Registra atendimentos em nome de consumidores, corrige os dados de contato deles, anexa provas e transmite se "
        "o consumidor aceita a resposta do fornecedor. Fora essa aceitação, não muda o andamento de um caso nem o "
        "encerra."
    ),
    AUDIENCIAS_LER: (
        "Lê os horários livres e as audiências dos atendimentos que a própria integração registrou. Não vê a pauta do "
        "Procon."
    ),
    AUDIENCIAS_ESCREVER: (
        "Confirma a presença do consumidor em audiência e transmite o pedido de nova data. Não marca nem cancela "
        "audiência."
    ),
    ESTATISTICAS_LER: "Lê os totais do balanço de um ano. Não contém dado pessoal.",
    WEBHOOKS_GERIR: (
        "Cadastra, testa e remove os endereços para onde o Procon avisa que algo mudou em um atendimento da própria "
        "integração. O aviso diz qual atendimento mudou, nunca o que nele está."
    ),
}


class IntegrationScopes(BaseScopes):
    """The scopes of the token endpoint: an integration gets at most what it was created with."""

    def get_all_scopes(self) -> dict[str, str]:
        """Every scope with its sentence."""
        return SCOPES

    def get_available_scopes(
        self, application: Integracao | None = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """What this integration may ask for."""
        return list(application.escopos) if application else []

    def get_default_scopes(
        self, application: Integracao | None = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """What it gets when it asks for nothing in particular: all that it may have."""
        return self.get_available_scopes(application)
