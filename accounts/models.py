"""People, their papéis and the unidades where they hold them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from listing.order import by_name


class Papel(models.TextChoices):
    """What a person may do here (domain: people and roles)."""

    ATENDENTE = "atendente", "Atendente"
    CONCILIADOR = "conciliador", "Conciliador"
    COORDENADOR = "coordenador", "Coordenador"
    AUTORIDADE = "autoridade", "Autoridade"
    AUDITOR = "auditor", "Auditor"
    ENCARREGADO = "encarregado", "Encarregado de dados"
    ADMINISTRADOR = "administrador", "Administrador"
    INTEGRACAO = "integracao", "Integração"
    SISTEMA = "sistema", "Sistema"


#: The papéis that read case files. An administrador sees no case by that role alone.
CASE_READERS = frozenset(
    {Papel.ATENDENTE, Papel.CONCILIADOR, Papel.COORDENADOR, Papel.AUTORIDADE, Papel.AUDITOR, Papel.SISTEMA}
)

SYSTEM_LOGIN = "sistema"


# As `workflow.models.versioned`, which stands above this package.
@pghistory.track(
    pghistory.UpdateEvent("alterado", row=pghistory.Old),
    pghistory.DeleteEvent("apagado", row=pghistory.Old),
    model_name="UnidadeVersao",
    meta={"verbose_name": "versão de unidade"},
)
class Unidade(models.Model):
    """A service post; its code is the first part of every protocol it gives.

    Where it says nothing of its own, address and telephone are the office's.
    """

    codigo = models.CharField(
        "código",
        max_length=10,
        unique=True,
        validators=[RegexValidator(r"^\d{2}\.\d{3}\.\d{3}$", "Escreva como 35.001.001: UF, Procon e unidade.")],
        help_text="UF IBGE . Procon . unidade, como em 35.001.001",
    )
    nome = models.CharField("nome", max_length=120)
    municipio = models.CharField("município (código IBGE)", max_length=7)
    endereco = models.CharField("endereço", max_length=200, blank=True, db_default="", default="")
    telefone = models.CharField("telefone", max_length=40, blank=True, db_default="", default="")
    email = models.EmailField("e-mail", blank=True, db_default="", default="")
    abre_as = models.TimeField("abre às", default="09:00")
    fecha_as = models.TimeField("fecha às", default="17:00")
    ativa = models.BooleanField("ativa", default=True)

    class Meta:
        verbose_name = "unidade"
        ordering = ["codigo"]
        constraints = [
            models.CheckConstraint(
                name="unidade_codigo_formato", condition=models.Q(codigo__regex=r"^\d{2}\.\d{3}\.\d{3}$")
            ),
            models.CheckConstraint(name="unidade_horario", condition=models.Q(abre_as__lt=models.F("fecha_as"))),
        ]

    def __str__(self) -> str:
        return self.nome

    @property
    def onde(self) -> str:
        """Where people go: its own address, or the office's."""
        return self.endereco or str(settings.PROCON["ENDERECO"])

    @property
    def fone(self) -> str:
        """Whom people ring: its own telephone, or the office's."""
        return self.telefone or str(settings.PROCON["TELEFONE"])


class UserManager(BaseUserManager["User"]):
    """Makes users, and fetches the office's own clock."""

    def create_user(self, usuario: str, password: str | None = None, **fields: Any) -> User:
        """Make a person who can log in; without a password nobody can log in as them."""
        user = self.model(usuario=usuario, **fields)
        user.set_password(password)
        user.save()
        return user

    def system(self) -> User:
        """The office's own clock, who lets terms lapse and sends what is due."""
        return self.get(usuario=SYSTEM_LOGIN)


class User(AbstractBaseUser):
    """A person (or machine) who acts here. What they may do is in Atribuicao."""

    usuario = models.CharField("usuário", max_length=60, unique=True)
    nome = models.CharField("nome", max_length=160)
    email = models.EmailField("e-mail", blank=True)
    is_active = models.BooleanField("ativo", default=True)

    objects = UserManager()

    USERNAME_FIELD = "usuario"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["nome"]

    class Meta:
        verbose_name = "usuário"
        ordering = [by_name("nome")]
        constraints = [models.UniqueConstraint(Lower("usuario"), name="usuario_sem_caixa")]

    def __str__(self) -> str:
        return self.nome

    @cached_property
    def atribuicoes_lidas(self) -> list[Atribuicao]:
        """What is held where, by unidade and papel; read once per object."""
        return list(self.atribuicoes.select_related("unidade").order_by("unidade__codigo", "papel"))

    @cached_property
    def papeis_por_unidade(self) -> dict[int, frozenset[str]]:
        """The papéis held, by unidade id."""
        held: dict[int, set[str]] = {}
        for row in self.atribuicoes_lidas:
            held.setdefault(row.unidade_id, set()).add(row.papel)
        return {unidade_id: frozenset(papeis) for unidade_id, papeis in held.items()}

    @property
    def papeis(self) -> frozenset[str]:
        """Every papel held in any unidade."""
        return frozenset().union(*self.papeis_por_unidade.values())

    def papeis_em(self, unidade_id: int) -> frozenset[str]:
        """The papéis held in one unidade; the system holds its own everywhere."""
        if self.usuario == SYSTEM_LOGIN:
            return frozenset({Papel.SISTEMA})
        return self.papeis_por_unidade.get(unidade_id, frozenset())

    def has_papel(self, *papeis: str) -> bool:
        """Whether any of these papéis is held in any unidade (for menus; acts ask `papeis_em`)."""
        return bool(self.papeis & set(papeis))

    def unidades_com(self, papeis: Collection[str]) -> list[int]:
        """The ids of the unidades where one of these papéis is held."""
        return [unidade_id for unidade_id, held in self.papeis_por_unidade.items() if held & set(papeis)]


class Atribuicao(models.Model):
    """One papel of one person in one unidade."""

    user = models.ForeignKey(User, models.CASCADE, related_name="atribuicoes", verbose_name="usuário")
    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="atribuicoes", verbose_name="unidade")
    papel = models.CharField("papel", max_length=20, choices=Papel.choices)

    class Meta:
        verbose_name = "atribuição"
        verbose_name_plural = "atribuições"
        constraints = [
            models.UniqueConstraint(fields=["user", "unidade", "papel"], name="atribuicao_unica"),
            models.CheckConstraint(name="atribuicao_papel_conhecido", condition=models.Q(papel__in=Papel.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_papel_display()} em {self.unidade}"
