"""What was bought and how, and who acts for the consumer: each beside the atendimento that it belongs to."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from cases.models.atendimento import Atendimento
from workflow.models import versioned


@versioned()
class Compra(models.Model):
    """The purchase behind a complaint, as told at the counter; the terms of the CDC are counted from its dates."""

    class Forma(models.TextChoices):
        """How it was bought; outside the premises gives the right to withdraw (CDC art. 49)."""

        LOJA = "loja", "Na loja"
        INTERNET = "internet", "Internet"
        TELEFONE = "telefone", "Telefone"
        DOMICILIO = "domicilio", "Em domicílio"
        CATALOGO = "catalogo", "Catálogo"
        OUTRA = "outra", "Outra"

    class Pagamento(models.TextChoices):
        """How it was paid."""

        DINHEIRO = "dinheiro", "Dinheiro"
        PIX = "pix", "Pix"
        DEBITO = "debito", "Cartão de débito"
        CREDITO = "credito", "Cartão de crédito"
        BOLETO = "boleto", "Boleto"
        CREDIARIO = "crediario", "Crediário"
        FINANCIAMENTO = "financiamento", "Financiamento"
        CONSIGNADO = "consignado", "Desconto em folha ou benefício"
        CONTA = "conta", "Conta mensal"
        NAO_PAGOU = "nao_pagou", "Ainda não pagou"
        OUTRO = "outro", "Outro"

    class Natureza(models.TextChoices):
        """What kind of thing it is; the term to complain depends on it (CDC art. 26)."""

        PRODUTO_DURAVEL = "produto_duravel", "Produto durável"
        PRODUTO_NAO_DURAVEL = "produto_nao_duravel", "Produto não durável"
        SERVICO_DURAVEL = "servico_duravel", "Serviço durável"
        SERVICO_NAO_DURAVEL = "servico_nao_duravel", "Serviço não durável"

    atendimento = models.OneToOneField(
        Atendimento, models.PROTECT, related_name="compra", verbose_name="atendimento", primary_key=True
    )
    forma_compra = models.CharField("como comprou", max_length=12, choices=Forma.choices, blank=True)
    forma_pagamento = models.CharField("como pagou", max_length=15, choices=Pagamento.choices, blank=True)
    contrato = models.CharField("nº do contrato ou pedido", max_length=60, blank=True)
    natureza = models.CharField("produto ou serviço", max_length=20, choices=Natureza.choices, blank=True)
    data_entrega = models.DateField("data da entrega", null=True, blank=True)
    data_defeito = models.DateField("data em que o defeito apareceu", null=True, blank=True)
    oculto = models.BooleanField("defeito oculto", default=False)
    contato_em = models.DateField("reclamou ao fornecedor em", null=True, blank=True)
    contato_protocolo = models.CharField("protocolo dado pelo fornecedor", max_length=60, blank=True)
    contato_negado_em = models.DateField("o fornecedor negou em", null=True, blank=True)
    contato_relato = models.TextField("o que o fornecedor disse", blank=True)

    class Meta:
        verbose_name = "compra"
        constraints = [
            models.CheckConstraint(
                name="compra_negada_depois_do_contato",
                condition=models.Q(contato_negado_em__isnull=True)
                | models.Q(contato_em__isnull=False, contato_negado_em__gte=models.F("contato_em")),
                violation_error_message="A negativa do fornecedor vem depois da reclamação a ele. Confira as datas.",
            ),
        ]

    def __str__(self) -> str:
        return f"compra de {self.atendimento_id}"


@versioned()
class Representante(models.Model):
    """Who acts for the consumer in one case, and the papers that were seen."""

    class Qualidade(models.TextChoices):
        """By what right; the papers that each needs are in cases/rules/representation.py."""

        PROCURADOR = "procurador", "Procurador"
        PAI_MAE = "pai_mae", "Pai ou mãe"
        TUTOR = "tutor", "Tutor"
        CURADOR = "curador", "Curador"
        ADVOGADO = "advogado", "Advogado"

    class Papeis(models.TextChoices):
        """The papers that may be seen."""

        IDENTIDADE = "identidade", "Documento de identidade de quem representa"
        PROCURACAO = "procuracao", "Procuração"
        CERTIDAO_NASCIMENTO = "certidao_nascimento", "Certidão de nascimento"
        DOCUMENTO_DO_FILHO = "documento_do_filho", "Documento do filho com o nome dos pais"
        TERMO_TUTELA = "termo_tutela", "Termo de tutela"
        TERMO_CURATELA = "termo_curatela", "Termo de curatela"

    atendimento = models.OneToOneField(
        Atendimento, models.PROTECT, related_name="representante", verbose_name="atendimento", primary_key=True
    )
    qualidade = models.CharField("representa como", max_length=12, choices=Qualidade.choices)
    nome = models.CharField("nome", max_length=160)
    cpf = models.CharField("CPF", max_length=11, blank=True)
    telefone = models.CharField("telefone", max_length=20, blank=True)
    oab = models.CharField("OAB", max_length=20, blank=True)
    documentos = ArrayField(
        models.CharField(max_length=20, choices=Papeis.choices), verbose_name="papéis vistos", default=list
    )

    class Meta:
        verbose_name = "representante"
        constraints = [
            models.CheckConstraint(
                name="representante_cpf_formato", condition=models.Q(cpf="") | models.Q(cpf__regex=r"^[0-9]{11}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nome} ({self.get_qualidade_display().lower()})"

    @property
    def vistos(self) -> str:
        """The papers seen, in words."""
        labels = dict(self.Papeis.choices)
        return ", ".join(str(labels.get(name, name)) for name in self.documentos)
