"""What is written on the hearing's day: papers seen, what came of it with each supplier, the proof of its notice."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cases.models import Acordo, Reclamado
from hearings.models.hearing import Audiencia, Presenca
from hearings.queries import NotificacaoQuerySet


class DocumentoVisto(models.Model):
    """One paper that a person showed, and when: at the door, or handed in later on the same day."""

    class Tipo(models.TextChoices):
        """Which paper (domain: hearings)."""

        IDENTIDADE = "identidade", "RG ou CPF"
        ATO_CONSTITUTIVO = "ato_constitutivo", "Ato constitutivo"
        CARTA_DE_PREPOSICAO = "carta_de_preposicao", "Carta de preposição"
        PROCURACAO = "procuracao", "Procuração"

    presenca = models.ForeignKey(Presenca, models.PROTECT, related_name="vistos", verbose_name="presença")
    tipo = models.CharField("documento", max_length=20, choices=Tipo.choices)
    visto_em = models.DateTimeField("visto em")
    visto_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="visto por")

    class Meta:
        verbose_name = "documento visto"
        verbose_name_plural = "documentos vistos"
        ordering = ["visto_em", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["presenca", "tipo"],
                name="documento_visto_uma_vez",
                violation_error_message="Este documento já consta como visto.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_tipo_display()} de {self.presenca}"


class ResultadoDoReclamado(models.Model):
    """What came of the hearing with one of the suppliers called to it; the hearing's own result follows from all."""

    class Resultado(models.TextChoices):
        """With this supplier; `compareceu` where it came and the consumer did not."""

        ACORDO = "acordo", "Acordo"
        ACORDO_PARCIAL = "acordo_parcial", "Acordo sobre parte do pedido"
        SEM_ACORDO = "sem_acordo", "Sem acordo"
        AUSENTE = "ausente", "Ausente"
        COMPARECEU = "compareceu", "Compareceu; não houve audiência"

    audiencia = models.ForeignKey(Audiencia, models.PROTECT, related_name="resultados", verbose_name="audiência")
    reclamado = models.ForeignKey(Reclamado, models.PROTECT, related_name="resultados", verbose_name="reclamado")
    resultado = models.CharField("resultado", max_length=14, choices=Resultado.choices)
    acordo = models.OneToOneField(
        Acordo, models.PROTECT, null=True, blank=True, related_name="resultado", verbose_name="acordo"
    )

    class Meta:
        verbose_name = "resultado do reclamado"
        verbose_name_plural = "resultados dos reclamados"
        ordering = ["reclamado"]
        constraints = [
            models.UniqueConstraint(fields=["audiencia", "reclamado"], name="resultado_um_por_reclamado"),
            models.CheckConstraint(
                name="resultado_com_acordo",
                condition=models.Q(acordo__isnull=True) | models.Q(resultado__in=["acordo", "acordo_parcial"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reclamado}: {self.get_resultado_display()}"


class NotificacaoDaAudiencia(models.Model):
    """One notice of the hearing to one party, how it went, and the proof that it arrived or came back."""

    class Meio(models.TextChoices):
        """How the notice went."""

        AR = "ar", "Carta com AR"
        EMAIL = "email", "E-mail"
        EM_MAOS = "em_maos", "Em mãos"

    audiencia = models.ForeignKey(Audiencia, models.PROTECT, related_name="notificacoes", verbose_name="audiência")
    parte = models.CharField("parte", max_length=40, help_text="consumidor:5 ou fornecedor:9")
    meio = models.CharField("meio", max_length=10, choices=Meio.choices)
    rastreio = models.CharField("código de rastreio do AR", max_length=20, blank=True)
    enviada_em = models.DateField("enviada em")
    recebida_em = models.DateField("recebida em", null=True, blank=True)
    recebida_por = models.CharField("recebida por", max_length=160, blank=True)
    devolvida_em = models.DateField("devolvida em", null=True, blank=True)
    motivo = models.CharField("motivo da devolução", max_length=200, blank=True)
    registrada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="registrada por"
    )

    objects = NotificacaoQuerySet.as_manager()

    class Meta:
        verbose_name = "notificação da audiência"
        verbose_name_plural = "notificações da audiência"
        ordering = ["enviada_em", "id"]
        constraints = [
            models.CheckConstraint(
                name="notificacao_recebida_ou_devolvida",
                condition=models.Q(recebida_em__isnull=True) | models.Q(devolvida_em__isnull=True),
                violation_error_message="A notificação foi recebida ou devolvida, não as duas coisas.",
            ),
            models.CheckConstraint(
                name="notificacao_depois_do_envio",
                condition=(models.Q(recebida_em__isnull=True) | models.Q(recebida_em__gte=models.F("enviada_em")))
                & (models.Q(devolvida_em__isnull=True) | models.Q(devolvida_em__gte=models.F("enviada_em"))),
                violation_error_message="O recebimento e a devolução vêm depois do envio. Confira as datas.",
            ),
            models.UniqueConstraint(
                fields=["rastreio"],
                name="notificacao_rastreio_unico",
                condition=~models.Q(rastreio=""),
                violation_error_message="Este código de rastreio já é de outra notificação. Confira o código.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_meio_display()} a {self.parte}"
