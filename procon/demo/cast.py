"""The named cast of the demonstration: two unidades, the people who work there, their log-ins, and the rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Atribuicao, Papel, Unidade, User
from hearings.models import Sala

PASSWORD = "procon-demo-2023"  # noqa: S105  printed at the start: the demonstration holds nobody's data
CODE, NEIGHBOUR = "35.001.001", "35.002.001"

#: (log-in, name, papel); everybody works in the office's own unidade, Eva in the neighbour's.
PEOPLE = (
    ("bruno", "Bruno Atendente", Papel.ATENDENTE),
    ("bianca", "Bianca Atendente", Papel.ATENDENTE),
    ("carla", "Carla Conciliadora", Papel.CONCILIADOR),
    ("caio", "Caio Conciliador", Papel.CONCILIADOR),
    ("celina", "Celina Conciliadora", Papel.CONCILIADOR),
    ("dora", "Dora Coordenadora", Papel.COORDENADOR),
    ("edu", "Edu Autoridade", Papel.AUTORIDADE),
    ("auditor", "Alice Auditora", Papel.AUDITOR),
    ("encarregado", "Otto Encarregado", Papel.ENCARREGADO),
    ("admin", "Rui Administrador", Papel.ADMINISTRADOR),
)
ROOMS = (("Sala 1", ""), ("Sala 2", ""), ("Sala virtual", "https://video.example.org/procon"))


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts in the demonstration."""

    unidade: Unidade
    users: dict[str, User]
    salas: list[Sala]
    sistema: User

    @property
    def conciliadores(self) -> list[User]:
        """Those who conduct hearings."""
        return [self.users[login] for login, _, papel in PEOPLE if papel == Papel.CONCILIADOR]


def make_cast() -> Cast:
    """Write the cast; people and rooms that exist already stay as they are."""
    here = _unidade(CODE, settings.PROCON["NOME"], settings.PROCON["MUNICIPIO"])
    elsewhere = _unidade(NEIGHBOUR, "Procon Vizinho", "3518800")
    places = [(*person, here) for person in PEOPLE] + [("eva", "Eva de Fora", Papel.ATENDENTE, elsewhere)]
    password = cache(partial(make_password, PASSWORD))  # one for all, and made on purpose to take long
    users = {login: _user(login, name, papel, unidade, password) for login, name, papel, unidade in places}
    for name, link in ROOMS:
        Sala.objects.get_or_create(unidade=here, nome=name, defaults={"link": link})
    rooms = [Sala.objects.get(unidade=here, nome=name) for name, _ in ROOMS]
    return Cast(here, users, rooms, User.objects.system())


def logins() -> list[tuple[str, str]]:
    """(log-in, who it is) of everybody, for the screen."""
    return [*((login, name) for login, name, _ in PEOPLE), ("eva", "Eva de Fora (outra unidade)")]


def _unidade(codigo: str, nome: str, municipio: str) -> Unidade:
    Unidade.objects.get_or_create(codigo=codigo, defaults={"nome": nome, "municipio": municipio})
    return Unidade.objects.get(codigo=codigo)


def _user(login: str, nome: str, papel: str, unidade: Unidade, password: Callable[[], str]) -> User:
    user = User.objects.filter(usuario=login).first()
    if user is None:
        user = User.objects.create(usuario=login, password=password(), nome=nome, email=f"{login}@example.org")
    Atribuicao.objects.get_or_create(user=user, unidade=unidade, papel=papel)
    return user
