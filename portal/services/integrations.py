"""The programs that call the API: created, given another secret, changed, revoked. Each act is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import AccessToken

from accounts.models import SYSTEM_LOGIN, Atribuicao, Papel, Unidade, User
from portal.models import Integracao
from portal.scopes import SCOPES
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole
from workflow.services import open_history, record

#: For how long at most an earlier secret may be taken beside the new one.
LONGEST_OVERLAP = timedelta(days=30)
#: More requests a minute than this no integration may be allowed.
HIGHEST_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an integration shows to get a token. The secret exists in clear only here."""

    integracao: Integracao
    client_secret: str


@whole
def create_integration(
    *,
    nome: str,
    escopos: Sequence[str],
    unidades: Sequence[Unidade],
    limite: int | None = None,
    by: User,
    at: datetime,
    client_id: str = "",
) -> Credentials:
    """Create an integration, and the user with papel integracao in whose name it acts in these unidades.

    The `client_id` is drawn unless given. Raises ContentRefused for a blank or taken name,
    an unknown scope, no scope, no unidade and a limit out of bounds.
    """
    _check_may(by)
    nome = " ".join(nome.split())
    _check_name(nome)
    _check_scopes(escopos)
    _check_limit(limite)
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
        limite_por_minuto=limite,
        historico=open_history(),
        **({"client_id": client_id} if client_id else {}),
    )
    record(integracao, "CRIAR_INTEGRACAO", by=by, at=at, escopos=integracao.escopos, limite=limite)
    return Credentials(integracao, secret)


@whole
def rotate_secret(*, integracao: Integracao, overlap: timedelta, by: User, at: datetime) -> Credentials:
    """Give a new secret; the one of now is taken for `overlap` more, and with none it and all tokens die at once.

    A secret before that is dead in any case. Raises ContentRefused for an overlap out of bounds, ActNotAllowed when it
    is revoked.
    """
    _check_may(by)
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise ContentRefused(
            f"O segredo antigo pode valer no máximo {LONGEST_OVERLAP.days} dias ao lado do novo.",
            errors={"horas": f"De 0 a {LONGEST_OVERLAP.days * 24} horas."},
        )
    live = _locked(integracao)
    _check_live(live)
    until = at + overlap if overlap else None
    secret = generate_client_secret()
    live.segredo_anterior, live.segredo_anterior_ate = (live.client_secret if until else ""), until
    live.client_secret = secret
    live.save(update_fields=["client_secret", "segredo_anterior", "segredo_anterior_ate"])
    if until is None:
        _drop_tokens(live)
    record(live, "TROCAR_SEGREDO", by=by, at=at, antigo_ate=until.isoformat() if until else "")
    return Credentials(live, secret)


@whole
def change_integration(
    *, integracao: Integracao, escopos: Sequence[str], limite: int | None, by: User, at: datetime
) -> Integracao:
    """Set what it may do and how often. A scope that is taken away is gone at once: its tokens die.

    Raises ContentRefused for unknown or no scopes and a limit out of bounds, ActNotAllowed when it is revoked.
    """
    _check_may(by)
    _check_scopes(escopos)
    _check_limit(limite)
    live = _locked(integracao)
    _check_live(live)
    given = [name for name in SCOPES if name in escopos]
    if set(live.escopos) - set(given):
        _drop_tokens(live)
    before: dict[str, Any] = {"escopos_antes": live.escopos, "limite_antes": live.limite_por_minuto}
    live.escopos, live.limite_por_minuto = given, limite
    live.save(update_fields=["escopos", "limite_por_minuto"])
    record(live, "ALTERAR_INTEGRACAO", by=by, at=at, escopos=given, limite=limite, **before)
    return live


@whole
def revoke_integration(*, integracao: Integracao, motivo: str, by: User, at: datetime) -> Integracao:
    """End it at once: no token, no secret and no request of it is taken any more. Its cases stay as they are.

    Raises ContentRefused without a reason, ActNotAllowed when it is revoked already.
    """
    _check_may(by)
    if not motivo.strip():
        raise ContentRefused("Escreva por que a integração é revogada.", errors={"motivo": "Escreva o motivo."})
    live = _locked(integracao)
    _check_live(live)
    live.revogada_em, live.segredo_anterior, live.segredo_anterior_ate = at, "", None
    live.save(update_fields=["revogada_em", "segredo_anterior", "segredo_anterior_ate"])
    User.objects.filter(pk=live.user_id).update(is_active=False)
    _drop_tokens(live)
    record(live, "REVOGAR_INTEGRACAO", by=by, at=at, motivo=motivo.strip())
    return live


@whole
def restore_integration(*, integracao: Integracao, by: User, at: datetime) -> Credentials:
    """Take a revocation back, with a secret that nobody knew before; it finds its cases again.

    Raises ActNotAllowed when it is not revoked.
    """
    _check_may(by)
    live = _locked(integracao)
    if live.revogada_em is None:
        raise ActNotAllowed("Esta integração não está revogada. Para outro segredo, use a troca.")
    _drop_tokens(live)  # one may have been given while it was being revoked
    User.objects.filter(pk=live.user_id).update(is_active=True)
    live.revogada_em, live.client_secret = None, generate_client_secret()
    secret = live.client_secret
    live.save(update_fields=["revogada_em", "client_secret"])
    record(live, "REATIVAR_INTEGRACAO", by=by, at=at)
    return Credentials(live, secret)


def _locked(integracao: Integracao) -> Integracao:
    return Integracao.objects.select_for_update().get(pk=integracao.pk)


def _drop_tokens(integracao: Integracao) -> None:
    AccessToken.objects.filter(application=integracao).delete()


def _check_may(by: User) -> None:
    if by.usuario != SYSTEM_LOGIN and not by.has_papel(Papel.ADMINISTRADOR):
        raise ActNotAllowed("Integrações são do administrador. Peça a ele.")


def _check_live(integracao: Integracao) -> None:
    if integracao.revogada_em:
        when = f"{timezone.localtime(integracao.revogada_em):%d/%m/%Y às %H:%M}"
        raise ActNotAllowed(f"Esta integração foi revogada em {when}. Reative-a antes, se for o caso.")


def _check_limit(limite: int | None) -> None:
    if limite is not None and not 0 < limite <= HIGHEST_LIMIT:
        raise ContentRefused(
            f"O limite é de 1 a {HIGHEST_LIMIT} pedidos por minuto; vazio, o comum.",
            errors={"limite": f"De 1 a {HIGHEST_LIMIT}."},
        )


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
