"""The outbox: a message is a row written in the transaction of the act that causes it; Celery only delivers."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from accounts.models import Unidade
from notifications.queries import MensagemQuerySet
from workflow.models import Historico


class Mensagem(models.Model):
    """One message to one person over one channel, with its due time and its cut-off.

    `situacao` is the delivery's, not a case's: it is moved by the claim query and by `cancel`, and every try is a row
    of Tentativa. `chave` is unique, so that writing the same notice twice gives one message. What several parties are
    told of one thing (a hearing: `referencia` and `versao`) names the `parte` as well, and which of its contacts where
    it has several, and is unique by what it is.
    """

    class Canal(models.TextChoices):
        """How it goes out; the last two through the gateway of PROCON_GATEWAY_URL."""

        EMAIL = "email", "E-mail"
        SMS = "sms", "SMS"
        WHATSAPP = "whatsapp", "WhatsApp"

    class Situacao(models.TextChoices):
        """Where the delivery stands; all but the first two are terminal."""

        PENDENTE = "pendente", "A enviar"
        EM_ENVIO = "em_envio", "Em envio"
        ENVIADA = "enviada", "Enviada"
        FALHOU = "falhou", "Falhou"
        DEVOLVIDA = "devolvida", "Devolvida"
        CANCELADA = "cancelada", "Cancelada"
        PULADA = "pulada", "Pulada"

    chave = models.CharField("chave", max_length=160, unique=True)
    tipo = models.CharField("tipo", max_length=60)
    canal = models.CharField("canal", max_length=10, choices=Canal.choices, default=Canal.EMAIL)
    unidade = models.ForeignKey(Unidade, models.PROTECT, related_name="+", verbose_name="unidade")
    historico = models.ForeignKey(
        Historico, models.PROTECT, null=True, blank=True, related_name="mensagens", verbose_name="histórico"
    )
    referencia = models.CharField("referência", max_length=80, blank=True, help_text="o que anuncia, como audiencia:12")
    versao = models.PositiveSmallIntegerField("versão do que anuncia", default=0)
    parte = models.CharField("parte", max_length=40, blank=True, help_text="a quem, como consumidor:5")
    contato = models.CharField("a qual contato da parte", max_length=30, blank=True, help_text="como contato:7")
    vez = models.CharField("vez", max_length=10, blank=True, help_text="qual dos lembretes, como 7d")
    destinatario = models.CharField("destinatário", max_length=160)
    endereco = models.CharField("endereço", max_length=254)
    assunto = models.CharField("assunto", max_length=200)
    corpo = models.TextField("corpo")
    convite = models.TextField("convite de calendário", blank=True, help_text="iCalendar, anexado à mensagem")
    documento = models.CharField(
        "documento anexado", max_length=120, blank=True, help_text="nome sob DATA_DIR/documentos, como o da carta"
    )
    devida_em = models.DateTimeField("devida em")
    vale_ate = models.DateTimeField("não enviar a partir de", null=True, blank=True)
    fora_do_silencio = models.BooleanField("só fora das horas de silêncio", default=False)
    situacao = models.CharField("situação", max_length=10, choices=Situacao.choices, default=Situacao.PENDENTE)
    motivo = models.CharField("motivo", max_length=300, blank=True)
    tentativas_feitas = models.PositiveSmallIntegerField("tentativas", default=0)
    remessa = models.PositiveSmallIntegerField("remessa", default=0, help_text="quantas vezes alguém a reenviou")
    proxima_tentativa_em = models.DateTimeField("próxima tentativa em")
    reservada_ate = models.DateTimeField("reservada até", null=True, blank=True)
    enviada_em = models.DateTimeField("enviada em", null=True, blank=True)
    criada_em = models.DateTimeField("criada em", db_default=Now(), editable=False)

    objects = MensagemQuerySet.as_manager()

    class Meta:
        verbose_name = "mensagem"
        verbose_name_plural = "mensagens"
        ordering = ["devida_em", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["referencia", "versao", "parte", "contato", "tipo", "vez", "canal"],
                name="mensagem_uma_por_parte",
                condition=~models.Q(parte=""),
                violation_error_message="Esta parte já tem esta mensagem, por este canal, neste contato.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["canal", "proxima_tentativa_em", "id"],
                name="mensagem_a_enviar",
                condition=models.Q(situacao="pendente"),
            ),
            models.Index(fields=["unidade", "-id"], name="mensagem_lista"),
            # By key, not by lease: a lease that is renewed at every message then touches no index. The rows are few.
            models.Index(fields=["id"], name="mensagem_em_envio", condition=models.Q(situacao="em_envio")),
            models.Index(fields=["referencia"], name="mensagem_referencia"),
            models.Index(
                fields=["parte", "canal"],
                name="mensagem_da_parte",
                condition=models.Q(situacao__in=["pendente", "em_envio"]) & ~models.Q(parte=""),
            ),
            models.Index(
                fields=["unidade", "-id"],
                name="mensagem_nao_entregue",
                condition=models.Q(situacao__in=["falhou", "devolvida"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tipo} a {self.destinatario} ({self.get_situacao_display()})"


class Tentativa(models.Model):
    """One try to deliver a message, with the server's answer; without one yet while the try is under way.

    What comes back afterwards (a bounce) is a row, too.
    """

    mensagem = models.ForeignKey(Mensagem, models.PROTECT, related_name="tentativas", verbose_name="mensagem")
    quando = models.DateTimeField("quando")
    enviada = models.BooleanField("enviada")
    resposta = models.TextField("resposta", blank=True)
    remessa = models.PositiveSmallIntegerField("remessa", default=0)

    class Meta:
        verbose_name = "tentativa"
        ordering = ["quando", "id"]

    def __str__(self) -> str:
        outcome = "enviada" if self.enviada else "não enviada"
        return f"{self.quando:%d/%m/%Y %H:%M} {outcome}"
