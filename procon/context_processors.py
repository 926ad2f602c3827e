"""What every page shows: the office's name, the menu of this person, and where they work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import CASE_READERS, Papel, User


@dataclass(frozen=True)
class Entry:
    """One line of the menu: the address by name, its label, its icon, who sees it, and the path that it heads."""

    rota: str
    nome: str
    icone: str
    papeis: frozenset[str]
    secao: str = ""


EVERYBODY = frozenset(Papel.values)
MENU = (
    Entry("inicio", "Meu dia", "fa-sun", EVERYBODY),
    Entry("atendimentos", "Atendimentos", "fa-folder-open", CASE_READERS, "/atendimentos/"),
    Entry("audiencias", "Audiências", "fa-handshake", CASE_READERS, "/audiencias/"),
    Entry("triagem", "Triagem", "fa-bullhorn", frozenset({Papel.ATENDENTE, Papel.COORDENADOR}), "/triagem/"),
    Entry("prazos", "Prazos", "fa-calendar-alt", EVERYBODY, "/prazos/"),
    Entry("consumidores", "Consumidores", "fa-user-friends", CASE_READERS, "/cadastros/consumidores/"),
    Entry("fornecedores", "Fornecedores", "fa-store", CASE_READERS, "/cadastros/fornecedores/"),
    Entry("textos", "Textos-padrão", "fa-paragraph", frozenset({Papel.ADMINISTRADOR}), "/atendimentos/textos/"),
    Entry("integracoes", "Integrações", "fa-plug", frozenset({Papel.ADMINISTRADOR}), "/cadastros/integracoes/"),
    Entry("usuarios", "Usuários", "fa-users-cog", frozenset({Papel.ADMINISTRADOR}), "/cadastros/usuarios/"),
    Entry("unidades", "Unidades", "fa-building", frozenset({Papel.ADMINISTRADOR}), "/cadastros/unidades/"),
    Entry("mensagens", "Mensagens", "fa-envelope", CASE_READERS | {Papel.ADMINISTRADOR}, "/mensagens/"),
    Entry("relatorios", "Relatórios", "fa-chart-bar", CASE_READERS | {Papel.ENCARREGADO}, "/relatorios/"),
    Entry("copias", "Cópias", "fa-hdd", frozenset({Papel.ADMINISTRADOR}), "/copias/"),
    Entry("privacidade", "Privacidade", "fa-user-shield", frozenset({Papel.ENCARREGADO}), "/privacidade/"),
)


def office(request: HttpRequest) -> dict[str, Any]:
    """The office's own data, for every page; the menu and the papéis of whoever is logged in."""
    context: dict[str, Any] = {"PROCON": settings.PROCON}
    user = getattr(request, "user", None)
    if isinstance(user, User):
        context["menu"] = [entry for entry in MENU if entry.papeis & user.papeis]
        context["secao_atual"] = _section(request.path, context["menu"])
        context["atribuicoes"] = _assignments(user)
    return context


def _section(path: str, menu: list[Entry]) -> str:
    """The one entry whose section the path is deepest in: /atendimentos/triagem/ belongs to Triagem."""
    within = {path.find(entry.secao) + len(entry.secao): entry.rota for entry in menu if entry.secao in path}
    within.pop(0, None)
    return within[max(within)] if within else ""


def _assignments(user: User) -> list[dict[str, Any]]:
    held: dict[str, list[str]] = {}
    for row in user.atribuicoes_lidas:
        held.setdefault(row.unidade.nome, []).append(row.get_papel_display())
    return [{"unidade": unidade, "papeis": papeis} for unidade, papeis in held.items()]
