"""Writing down what happened to an account, and telling its person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.timezone import localtime

from access.models import RegistroDeAcesso
from accounts.models import Unidade, User
from notifications.services import enqueue

Fato = RegistroDeAcesso.Fato
#: Nobody is told of a log-in from a browser that they used at that address within this time.
USED_WITHIN = timedelta(days=90)
#: A request that is refused again within this time is not written down again: a page may ask by itself.
NOTED_ONCE_IN = timedelta(hours=1)
#: What a notice calls the fact; a fact that is not here is written down and told to nobody.
TOLD = {
    Fato.BLOQUEIO: "O acesso à sua conta foi suspenso por erros seguidos",
    Fato.SENHA: "Sua senha foi trocada",
    Fato.FATOR_INCLUIDO: "Um segundo fator foi incluído na sua conta",
    Fato.FATOR_RETIRADO: "Um segundo fator foi retirado da sua conta",
    Fato.FATOR_REDEFINIDO: "O segundo fator da sua conta foi redefinido por um administrador",
    Fato.CODIGOS: "Novos códigos de recuperação foram gerados",
    Fato.CONTA_ALTERADA: "O nome ou o e-mail da sua conta foi mudado",
    Fato.PAPEIS: "Seus papéis no sistema mudaram",
    Fato.CODIGO_USADO: "Um código de recuperação da sua conta foi usado",
}


@dataclass(frozen=True)
class Place:
    """Where somebody sits: the browser in words, the address."""

    navegador: str = ""
    endereco: str | None = None

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.navegador, self.endereco and f"endereço {self.endereco}")))


NOWHERE = Place()


def note(
    *, usuario: User, fato: Fato, by: User, at: datetime, place: Place = NOWHERE, detalhe: str = ""
) -> RegistroDeAcesso:
    """Write one fact down, in the caller's transaction; their safety is told to the person by e-mail."""
    row = RegistroDeAcesso.objects.create(
        usuario=usuario, fato=fato, por=by, quando=at, detalhe=detalhe[:300], navegador=place.navegador,
        endereco=place.endereco,
    )  # fmt: skip
    if fato in TOLD:
        tell(usuario=usuario, assunto=TOLD[fato], detalhe=detalhe, at=at, place=place, chave=f"acesso:{row.pk}")
    return row


def note_entry(*, usuario: User, at: datetime, place: Place, como: str) -> None:
    """Write a log-in down; one from a new browser or address, after others, is told to the person."""
    earlier = RegistroDeAcesso.objects.filter(usuario=usuario, fato=Fato.ENTRADA)
    here = {"navegador": place.navegador, "endereco": place.endereco, "quando__gte": at - USED_WITHIN}
    unusual = not earlier.filter(**here).exists() and earlier.exists()
    row = note(usuario=usuario, fato=Fato.ENTRADA, by=usuario, at=at, place=place, detalhe=como)
    if unusual:
        said = "Houve uma entrada na sua conta de outro navegador ou endereço"
        tell(usuario=usuario, assunto=said, at=at, place=place, chave=f"acesso:{row.pk}")


def note_lockout(*, nome: str, at: datetime, place: Place) -> None:
    """Write down, once within the cool-off, that errors shut somebody's door, and tell them."""
    usuario = User.objects.filter(usuario__iexact=nome, is_active=True).first()
    if usuario is None:
        return
    lately = at - timedelta(hours=settings.AXES_COOLOFF_TIME)
    if not RegistroDeAcesso.objects.filter(usuario=usuario, fato=Fato.BLOQUEIO, quando__gt=lately).exists():
        note(usuario=usuario, fato=Fato.BLOQUEIO, by=usuario, at=at, place=place)


def note_refused(*, usuario: User, at: datetime, place: Place, pedido: str) -> None:
    """Write down that somebody was refused what they asked for; the same request once an hour (ASVS 5.0, V16.3.2)."""
    alike = RegistroDeAcesso.objects.filter(usuario=usuario, fato=Fato.RECUSA, detalhe=pedido)
    if not alike.filter(quando__gt=at - NOTED_ONCE_IN).exists():
        note(usuario=usuario, fato=Fato.RECUSA, by=usuario, at=at, place=place, detalhe=pedido)


def tell(*, usuario: User, assunto: str, at: datetime, chave: str, place: Place = NOWHERE, detalhe: str = "") -> None:
    """One notice to the person, through the outbox; nothing for who has no e-mail."""
    lines = [f"{usuario.nome},", f"{assunto}, em {localtime(at):%d/%m/%Y às %H:%M}."]
    lines += [f"{label}: {text}." for label, text in (("De onde", str(place)), ("Detalhe", detalhe)) if text]
    lines += [
        "Se foi você, não é preciso fazer nada.",
        "Se não foi, troque a senha, encerre as outras sessões em Minha conta e avise o administrador.",
        f"{settings.PROCON['NOME']}",
    ]
    send(usuario=usuario, assunto=assunto, corpo="\n\n".join(lines), at=at, chave=chave, tipo="acesso_aviso")


def send(*, usuario: User, assunto: str, corpo: str, at: datetime, chave: str, tipo: str) -> bool:
    """An e-mail to the person's own address; whether there is an address and an office to send from."""
    unidade = (
        next((row.unidade for row in usuario.atribuicoes_lidas), None) or Unidade.objects.order_by("codigo").first()
    )
    if not usuario.email or unidade is None:
        return False
    enqueue(
        chave=chave, tipo=tipo, unidade=unidade, destinatario=usuario.nome, endereco=usuario.email, assunto=assunto,
        corpo=corpo, devida_em=at, vale_ate=at + timedelta(days=1),
    )  # fmt: skip
    return True
