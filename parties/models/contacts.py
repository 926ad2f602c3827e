"""How a supplier is reached and served, and what was corrected about it: contacts, enrolments, corrections."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from parties.models.parties import Fornecedor


class ContatoDeFornecedor(models.Model):
    """A person or desk of a supplier, and which notices it receives."""

    fornecedor = models.ForeignKey(
        Fornecedor, models.PROTECT, related_name="contatos_de_aviso", verbose_name="fornecedor"
    )
    nome = models.CharField("nome", max_length=160)
    cargo = models.CharField("cargo ou setor", max_length=120, blank=True)
    email = models.EmailField("e-mail", blank=True)
    telefone = models.CharField("telefone", max_length=20, blank=True)
    recebe_cip = models.BooleanField("recebe CIP", default=False)
    recebe_audiencia = models.BooleanField("recebe avisos de audiência", default=False)

    class Meta:
        verbose_name = "contato de fornecedor"
        verbose_name_plural = "contatos de fornecedores"
        ordering = ["nome", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fornecedor", "nome", "email"],
                name="contato_de_fornecedor_unico",
                violation_error_message="Este contato já está no cadastro, com o mesmo nome e e-mail.",
            ),
            models.CheckConstraint(
                name="contato_de_fornecedor_com_meio",
                condition=~Q(email="") | ~Q(telefone=""),
                violation_error_message="Informe o e-mail ou o telefone do contato.",
            ),
            models.CheckConstraint(
                name="contato_de_fornecedor_aviso_com_email",
                condition=Q(recebe_cip=False, recebe_audiencia=False) | ~Q(email=""),
                violation_error_message="Quem recebe avisos precisa de e-mail.",
            ),
        ]

    def __str__(self) -> str:
        return self.nome


class AdesaoCipEletronica(models.Model):
    """A supplier's signed term by which it receives CIPs electronically; it must look daily.

    While one is open the supplier's `cip_eletronica` is true, and only then: triggers keep it so (migration 0006).
    """

    fornecedor = models.ForeignKey(Fornecedor, models.PROTECT, related_name="adesoes", verbose_name="fornecedor")
    termo = models.CharField("número do termo ou nome do arquivo", max_length=120)
    assinado_por = models.CharField("assinado por", max_length=160)
    assinado_em = models.DateField("assinado em")
    vale_ate = models.DateField("vale até", null=True, blank=True)
    registrada_por = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="registrada por")
    registrada_em = models.DateTimeField("registrada em")
    encerrada_por = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="encerrada por"
    )
    encerrada_em = models.DateTimeField("encerrada em", null=True, blank=True)
    motivo_do_fim = models.TextField("motivo do fim", blank=True)

    class Meta:
        verbose_name = "adesão à CIP eletrônica"
        verbose_name_plural = "adesões à CIP eletrônica"
        ordering = ["-registrada_em", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fornecedor"],
                name="adesao_aberta_unica",
                condition=Q(encerrada_em__isnull=True),
                violation_error_message="Este fornecedor já tem uma adesão em vigor. Encerre-a antes.",
            ),
            models.CheckConstraint(
                name="adesao_encerrada_por_alguem",
                condition=Q(encerrada_em__isnull=True, encerrada_por__isnull=True, motivo_do_fim="")
                | Q(encerrada_em__isnull=False, encerrada_por__isnull=False) & ~Q(motivo_do_fim=""),
            ),
            models.CheckConstraint(
                name="adesao_vale_depois_de_assinada",
                condition=Q(vale_ate__isnull=True) | Q(vale_ate__gte=F("assinado_em")),
                violation_error_message="A validade do termo não pode acabar antes da assinatura.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["vale_ate"],
                name="adesao_a_vencer",
                condition=Q(encerrada_em__isnull=True, vale_ate__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Termo {self.termo}"

    def in_force_on(self, day: date) -> bool:
        """Whether the term bound the supplier to the end of that day."""
        ended = timezone.localdate(self.encerrada_em) if self.encerrada_em else None
        return self.assinado_em <= day and (self.vale_ate or day) >= day and (ended is None or ended > day)


class CorrecaoDeFornecedor(models.Model):
    """One correction of a supplier's data: every changed field with what stood before and after."""

    fornecedor = models.ForeignKey(Fornecedor, models.PROTECT, related_name="correcoes", verbose_name="fornecedor")
    campos = models.JSONField("campos", help_text="nome do campo: [antes, depois]")
    motivo = models.TextField("motivo", blank=True)
    por = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="por")
    em = models.DateTimeField("em")

    class Meta:
        verbose_name = "correção de fornecedor"
        verbose_name_plural = "correções de fornecedores"
        ordering = ["-em", "-id"]
        constraints = [models.CheckConstraint(name="correcao_com_campos", condition=~Q(campos={}))]

    def __str__(self) -> str:
        return f"{self.fornecedor} em {self.em:%d/%m/%Y}"
