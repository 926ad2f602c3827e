"""What is attached to a case: papers and photographs that somebody brought."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from cases.models.atendimento import Atendimento, Reclamado
from cases.queries import AnexoQuerySet
from workflow.models import versioned


@versioned()
class Anexo(models.Model):
    """One file of a case. The file lies under DATA_DIR/anexos by its hash and stays until retention ends.

    `situacao` is the antivirus's word, not the case's: nothing is served while in quarantine or infected.
    """

    class Situacao(models.TextChoices):
        """What the antivirus said."""

        QUARENTENA = "quarentena", "Em quarentena"
        LIMPO = "limpo", "Verificado, sem vírus"
        INFECTADO = "infectado", "Com vírus: bloqueado"
        SEM_VERIFICACAO = "sem_verificacao", "Não verificado por antivírus"

    class Origem(models.TextChoices):
        """Who brought it."""

        BALCAO = "balcao", "Balcão"
        CONSUMIDOR = "consumidor", "Consumidor"
        FORNECEDOR = "fornecedor", "Fornecedor"

    atendimento = models.ForeignKey(Atendimento, models.PROTECT, related_name="anexos", verbose_name="atendimento")
    reclamado = models.ForeignKey(
        Reclamado, models.PROTECT, null=True, blank=True, related_name="anexos", verbose_name="reclamado"
    )
    origem = models.CharField("origem", max_length=12, choices=Origem.choices)
    nome = models.CharField("nome do arquivo", max_length=160)
    descricao = models.CharField("descrição", max_length=200, blank=True)
    tipo = models.CharField("tipo detectado", max_length=40)
    tamanho = models.PositiveIntegerField("tamanho em bytes")
    sha256 = models.CharField("SHA-256 do arquivo guardado", max_length=64, db_index=True)
    sha256_recebido = models.CharField("SHA-256 do arquivo recebido", max_length=64)
    arquivo = models.CharField("arquivo", max_length=120, blank=True, help_text="nome sob DATA_DIR/anexos")
    situacao = models.CharField("situação", max_length=15, choices=Situacao.choices)
    achado = models.CharField("o que o antivírus achou", max_length=120, blank=True)
    verificado_em = models.DateTimeField("verificado em", null=True, blank=True)
    enviado_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="enviado por"
    )
    quando = models.DateTimeField("quando")
    removido_em = models.DateTimeField("removido em", null=True, blank=True)
    removido_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="removido por"
    )
    motivo_da_remocao = models.CharField("motivo da remoção", max_length=400, blank=True)
    criado_em = models.DateTimeField("criado em", db_default=Now(), editable=False)

    objects = AnexoQuerySet.as_manager()

    class Meta:
        verbose_name = "anexo"
        ordering = ["quando", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["atendimento", "sha256_recebido"],
                name="anexo_uma_vez_por_caso",
                condition=models.Q(removido_em__isnull=True),
                violation_error_message="Este mesmo arquivo já está anexado a este caso. Use o que já está lá.",
            ),
            models.CheckConstraint(
                name="anexo_remocao_tem_motivo",
                condition=models.Q(removido_em__isnull=True, removido_por__isnull=True, motivo_da_remocao="")
                | models.Q(removido_em__isnull=False, removido_por__isnull=False) & ~models.Q(motivo_da_remocao=""),
            ),
            models.CheckConstraint(
                name="anexo_verificado_tem_quando",
                condition=~models.Q(situacao__in=["limpo", "infectado"]) | models.Q(verificado_em__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="anexo_a_verificar",
                condition=models.Q(situacao__in=["quarentena", "sem_verificacao"]),
            )
        ]

    def __str__(self) -> str:
        return self.nome

    @property
    def unidade_id(self) -> int:
        """The case's unidade."""
        return self.atendimento.unidade_id

    @property
    def historico_id(self) -> int:
        """The case's history."""
        return self.atendimento.historico_id

    @property
    def imagem(self) -> bool:
        """Whether it is a picture, which may be shown within the browser: it was written anew here."""
        return self.tipo.startswith("image/")
