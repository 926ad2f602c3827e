"""Sessions, second factors, and what happened to an account."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models.functions import Now


class Sessao(AbstractBaseSession):
    """One log-in in one browser. `session_key` is the digest of what the browser has: nobody can use what stands here.

    It lives while `encerrada_em` is empty and `expire_date` lies ahead; an ended one is remembered for a day.
    """

    session_key = models.CharField("resumo da chave", max_length=64, primary_key=True)
    codigo = models.UUIDField("código", default=uuid.uuid4, unique=True, editable=False)
    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="sessoes", verbose_name="usuário"
    )
    entrou_em = models.DateTimeField("entrou em", null=True, blank=True)
    vista_em = models.DateTimeField("vista em", null=True, blank=True)
    encerrada_em = models.DateTimeField("encerrada em", null=True, blank=True)
    navegador = models.CharField("navegador", max_length=80, blank=True)
    endereco = models.GenericIPAddressField("endereço", null=True, blank=True)

    objects = BaseSessionManager()  # type: ignore[misc]

    class Meta:
        verbose_name = "sessão"
        verbose_name_plural = "sessões"

    def __str__(self) -> str:
        return f"{self.usuario or 'sem entrada'}, {self.navegador or 'navegador desconhecido'}"


class Fator(models.Model):
    """A second factor of one person: an application that shows codes, or a key.

    `segredo` is sealed. `ultimo_passo` is the last half minute whose code was used: none is taken twice. `contador` is
    the key's own counter, which only rises.
    """

    class Tipo(models.TextChoices):
        """What it is."""

        APLICATIVO = "aplicativo", "Aplicativo de códigos"
        CHAVE = "chave", "Chave de segurança"

    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="fatores", verbose_name="usuário"
    )
    tipo = models.CharField("tipo", max_length=12, choices=Tipo.choices)
    nome = models.CharField("nome", max_length=60)
    segredo = models.TextField("segredo, selado", blank=True)
    ultimo_passo = models.BigIntegerField("último passo usado", default=0)
    credencial = models.CharField("identificação da chave", max_length=1400, blank=True)
    contador = models.BigIntegerField("contador da chave", default=0)
    criado_em = models.DateTimeField("criado em")
    usado_em = models.DateTimeField("usado em", null=True, blank=True)

    class Meta:
        verbose_name = "fator"
        verbose_name_plural = "fatores"
        ordering = ["criado_em", "id"]
        constraints = [
            models.CheckConstraint(name="fator_tipo_conhecido", condition=models.Q(tipo__in=["aplicativo", "chave"])),
            models.UniqueConstraint(
                fields=["usuario"], name="fator_um_aplicativo", condition=models.Q(tipo="aplicativo"),
                violation_error_message="Já há um aplicativo de códigos. Retire-o antes de incluir outro.",
            ),
            models.UniqueConstraint(
                fields=["credencial"], name="fator_chave_unica", condition=~models.Q(credencial=""),
                violation_error_message="Esta chave de segurança já está cadastrada.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.nome


class CodigoDeRecuperacao(models.Model):
    """One recovery code, hashed as passwords are; used once."""

    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="codigos_de_recuperacao", verbose_name="usuário"
    )
    resumo = models.CharField("resumo", max_length=128)
    usado_em = models.DateTimeField("usado em", null=True, blank=True)

    class Meta:
        verbose_name = "código de recuperação"
        verbose_name_plural = "códigos de recuperação"

    def __str__(self) -> str:
        return f"{self.usuario}: {'usado' if self.usado_em else 'por usar'}"


class RegistroDeAcesso(models.Model):
    """What happened to an account: who came in from where, what of its access was changed, by whom and why.

    Append-only: a trigger refuses UPDATE and DELETE.
    """

    class Fato(models.TextChoices):
        """What happened."""

        ENTRADA = "entrada", "Entrada"
        BLOQUEIO = "bloqueio", "Acesso suspenso por erros seguidos"
        SENHA = "senha", "Senha trocada"
        SENHA_PEDIDA = "senha_pedida", "Senha nova pedida por e-mail"
        FATOR_INCLUIDO = "fator_incluido", "Segundo fator incluído"
        FATOR_RETIRADO = "fator_retirado", "Segundo fator retirado"
        FATOR_REDEFINIDO = "fator_redefinido", "Segundo fator redefinido por um administrador"
        CODIGOS = "codigos", "Códigos de recuperação gerados"
        CODIGO_USADO = "codigo_usado", "Código de recuperação usado"
        SESSOES = "sessoes", "Sessões encerradas"
        CONTA_CRIADA = "conta_criada", "Conta criada"
        CONTA_ALTERADA = "conta_alterada", "Nome ou e-mail mudado"
        CONTA_DESATIVADA = "conta_desativada", "Conta desativada"
        CONTA_REATIVADA = "conta_reativada", "Conta reativada"
        PAPEIS = "papeis", "Papéis mudados"
        RECUSA = "recusa", "Pedido recusado"

    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="usuário")
    fato = models.CharField("fato", max_length=20, choices=Fato.choices)
    quando = models.DateTimeField("quando")
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="por")
    detalhe = models.CharField("detalhe", max_length=300, blank=True)
    navegador = models.CharField("navegador", max_length=80, blank=True)
    endereco = models.GenericIPAddressField("endereço", null=True, blank=True)
    criado_em = models.DateTimeField("criado em", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "registro de acesso"
        verbose_name_plural = "registros de acesso"
        ordering = ["-id"]
        indexes = [models.Index(fields=["usuario", "-id"], name="registro_de_acesso_lista")]

    def __str__(self) -> str:
        return f"{self.quando:%d/%m/%Y %H:%M} {self.usuario}: {self.get_fato_display()}"


class FormularioGuardado(models.Model):
    """What somebody sent after their session had ended: sealed, for that person alone, for two hours."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="usuário")
    caminho = models.TextField("endereço da página")
    campos = models.TextField("campos, selados")
    criado_em = models.DateTimeField("criado em")
    enviado_em = models.DateTimeField("enviado em", null=True, blank=True)

    class Meta:
        verbose_name = "formulário guardado"
        verbose_name_plural = "formulários guardados"
        indexes = [models.Index(fields=["usuario", "criado_em"], name="formulario_guardado_de")]

    def __str__(self) -> str:
        return f"{self.usuario}, {self.criado_em:%d/%m/%Y %H:%M}"
