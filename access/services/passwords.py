"""Changing a password, and the link for who has forgotten it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db.models import Q
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from access.conf import RESET_EVERY
from access.services.journal import NOWHERE, Fato, Place, note, send
from access.services.sessions import end_sessions
from accounts.models import User
from notifications.models import Mensagem
from workflow.integrity import whole


@whole
def change_password(
    *, usuario: User, nova: str, by: User, at: datetime, keep: str | None = None, place: Place = NOWHERE
) -> None:
    """Write the new password, end every session but the one whose key is `keep`, and tell the person."""
    usuario.set_password(nova)
    usuario.save(update_fields=["password"])
    end_sessions(usuario=usuario, by=by, at=at, keep=keep, place=place)
    note(usuario=usuario, fato=Fato.SENHA, by=by, at=at, place=place)


@whole
def ask_for_link(*, quem: str, at: datetime, place: Place = NOWHERE) -> None:
    """Send a link for a new password to whoever has this user name or e-mail; silently nothing for anybody else.

    Two people with one e-mail get one each. Ten minutes lie between two links of one person.
    """
    typed = quem.strip()
    if not typed:
        return
    for user in User.objects.filter(Q(usuario__iexact=typed) | Q(email__iexact=typed), is_active=True)[:5]:
        if user.has_usable_password() and user.email:
            _send_link(user, at, place)


def send_first_link(*, usuario: User, by: User, at: datetime) -> None:
    """Send who was just registered, or let in again, a link to choose a password; by an administrador."""
    way, minutes = link_of(usuario), settings.PASSWORD_RESET_TIMEOUT // 60
    body = (
        f"{usuario.nome},\n\nSua conta no sistema do {settings.PROCON['NOME']} está pronta. O usuário é "
        f"{usuario.usuario}.\n\nPara definir sua senha, abra este endereço em até {minutes} minutos. Ele serve uma vez "
        f"só:\n\n{way}\n\nSe o prazo passar, peça outro link ao administrador.\n\n{settings.PROCON['NOME']}"
    )
    key = f"acesso:{usuario.pk}:{at.timestamp():.6f}"
    send(usuario=usuario, assunto="Defina sua senha", corpo=body, at=at, chave=key, tipo="acesso_senha")
    note(usuario=usuario, fato=Fato.SENHA_PEDIDA, by=by, at=at, detalhe=f"link enviado por {by.nome}")


def link_of(user: User) -> str:
    """The address where this person chooses a password; good once, within the hour."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    way = reverse("senha_nova", args=[uid, default_token_generator.make_token(user)])
    return f"{settings.PROCON['SITE'].rstrip('/')}{way}"


def _send_link(user: User, at: datetime, place: Place) -> None:
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    body = (
        f"{user.nome},\n\nPara definir uma senha nova do usuário {user.usuario}, abra este endereço em até {minutes} "
        f"minutos. Ele serve uma vez só:\n\n{link_of(user)}\n\n"
        "Se não foi você quem pediu, não faça nada: a senha continua a mesma.\n\n"
        f"{settings.PROCON['NOME']}"
    )
    turn = int(at.timestamp() // RESET_EVERY.total_seconds())
    key = f"senha:{user.pk}:{turn}"
    if Mensagem.objects.filter(chave=key).exists():
        return
    send(usuario=user, assunto="Definir uma senha nova", corpo=body, at=at, chave=key, tipo="acesso_senha")
    note(usuario=user, fato=Fato.SENHA_PEDIDA, by=user, at=at, place=place)
