"""Creating the programs that call the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from oauth2_provider.generators import generate_client_secret

from accounts.models import Atribuicao, Papel, Unidade, User
from portal.models import Integracao
from portal.scopes import SCOPES
from workflow.errors import ContentRefused


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an integration shows to get a token. The secret exists in clear only here."""

    integracao: Integracao
    client_secret: str


@transaction.atomic
def create_integration(*, nome: str, escopos: Sequence[str], unidades: Sequence[Unidade]) -> Credentials:
    """Create an integration, and the user with papel integracao in whose name it acts in these unidades.

    Raises ContentRefused for a blank or taken name, an unknown scope, no scope and no unidade.
    """
    nome = " ".join(nome.split())
    _check_name(nome)
    _check_scopes(escopos)
    if not unidades:
        raise ContentRefused(
            "Não há unidade ativa onde esta integração registre. Cadastre a unidade antes.",
            errors={"unidades": "Informe ao menos uma unidade."},
        )
    user = User.objects.create_user(_login(nome), None, nome=nome)
    Atribuicao.objects.bulk_create(
        Atribuicao(user=user, unidade=unidade, papel=Papel.INTEGRACAO) for unidade in unidades
    )
    secret = generate_client_secret()
    integracao = Integracao.objects.create(
        name=nome,
        user=user,
        client_type=Integracao.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Integracao.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
        escopos=list(dict.fromkeys(escopos)),
    )
    return Credentials(integracao, secret)


def _login(nome: str) -> str:
    return f"integracao:{nome}"


def _check_name(nome: str) -> None:
    limit = 60 - len(_login(""))
    if not nome or len(nome) > limit or not nome.isprintable():
        raise ContentRefused(
            f"O nome da integração deve ter de 1 a {limit} caracteres visíveis. Escolha um que diga de quem ela é.",
            errors={"nome": f"Escreva de 1 a {limit} caracteres."},
        )
    if User.objects.filter(usuario__iexact=_login(nome)).exists():
        raise ContentRefused(
            f"Já há uma integração chamada «{nome}». Escolha outro nome.", errors={"nome": "Escolha outro nome."}
        )


def _check_scopes(escopos: Sequence[str]) -> None:
    unknown = [name for name in escopos if name not in SCOPES]
    if unknown or not escopos:
        problem = f"Escopo desconhecido: {', '.join(unknown)}." if unknown else "Informe ao menos um escopo."
        listed = "\n".join(f"  {name}: {sentence}" for name, sentence in SCOPES.items())
        raise ContentRefused(f"{problem} Os escopos são:\n{listed}", errors={"escopos": problem})
