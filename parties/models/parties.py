"""Consumers and suppliers, each once, with the spellings under which others know them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Collate, Left, Now

from parties.priority import BLOOD_DONOR
from parties.queries import PERSON, PREFIX, ConsumidorQuerySet, FornecedorQuerySet
from workflow.models import versioned


class Sexo(models.TextChoices):
    """As the national register writes it."""

    FEMININO = "F", "Feminino"
    MASCULINO = "M", "Masculino"
    NAO_INFORMADO = "N", "Não informado"


class Prioridade(models.TextChoices):
    """The grounds of priority; age is not stored here, it is computed from the birth date."""

    PCD = "pcd", "Pessoa com deficiência"
    TEA = "tea", "Pessoa com transtorno do espectro autista"
    GESTANTE = "gestante", "Gestante"
    LACTANTE = "lactante", "Lactante"
    CRIANCA_DE_COLO = "crianca_de_colo", "Com criança de colo"
    OBESO = "obeso", "Pessoa obesa"
    MOBILIDADE_REDUZIDA = "mobilidade_reduzida", "Mobilidade reduzida"
    DOADOR_DE_SANGUE = BLOOD_DONOR, "Doador de sangue (até 120 dias)"


class Endereco(models.Model):
    """An address, stored in the row of whoever lives there."""

    cep = models.CharField("CEP", max_length=8, blank=True)
    logradouro = models.CharField("logradouro", max_length=160, blank=True)
    numero = models.CharField("número", max_length=20, blank=True)
    complemento = models.CharField("complemento", max_length=80, blank=True)
    bairro = models.CharField("bairro", max_length=80, blank=True)
    municipio = models.CharField("município (código IBGE)", max_length=7, blank=True)
    uf = models.CharField("UF", max_length=2, blank=True)

    class Meta:
        abstract = True

    @property
    def endereco(self) -> str:
        """The address on one line, empty where nothing is known."""
        street = ", ".join(part for part in (self.logradouro, self.numero, self.complemento) if part)
        cep = f"CEP {self.cep[:5]}-{self.cep[5:]}" if self.cep else ""
        return " – ".join(part for part in (street, self.bairro, self.uf, cep) if part)


@versioned("nome_busca")
class Consumidor(Endereco):
    """A person who complains. CPF may be missing: a foreigner, a walk-in question."""

    nome = models.CharField("nome", max_length=160)
    nome_social = models.CharField("nome social", max_length=160, blank=True)
    cpf = models.CharField("CPF", max_length=11, null=True, blank=True, unique=True)
    nascimento = models.DateField("data de nascimento", null=True, blank=True)
    sexo = models.CharField("sexo", max_length=1, choices=Sexo.choices, default=Sexo.NAO_INFORMADO)
    email = models.EmailField("e-mail", blank=True)
    telefone = models.CharField("telefone", max_length=20, blank=True)
    prioridades = ArrayField(
        models.CharField(max_length=30, choices=Prioridade.choices),
        verbose_name="prioridades",
        default=list,
        blank=True,
    )
    #: The registration that stands for this one since a merge (FusaoDeConsumidores). Never a chain (0008).
    fundido_em = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="absorvidos",
        verbose_name="fundido em",
    )
    #: Kept by triggers (migrations 0002, 0008): normalise_name of the names, and of those merged into this one.
    nome_busca = models.TextField("nomes para busca", editable=False, default="")
    criado_em = models.DateTimeField("criado em", db_default=Now(), editable=False)

    objects = ConsumidorQuerySet.as_manager()

    class Meta:
        verbose_name = "consumidor"
        verbose_name_plural = "consumidores"
        ordering = ["nome", "id"]
        constraints = [
            models.CheckConstraint(name="consumidor_cpf_formato", condition=models.Q(cpf__regex=r"^[0-9]{11}$")),
            models.CheckConstraint(
                name="consumidor_cep_formato", condition=models.Q(cep="") | models.Q(cep__regex=r"^[0-9]{8}$")
            ),
            models.CheckConstraint(name="consumidor_nao_fundido_em_si", condition=~models.Q(fundido_em=models.F("id"))),
        ]
        indexes = [
            GinIndex(name="consumidor_nome_busca", fields=["nome_busca"], opclasses=["gin_trgm_ops"]),
            models.Index(Collate(Left("nome_busca", PREFIX), "C"), name="consumidor_nome_inicio"),
            models.Index(fields=["nome", "id"], name="consumidor_lista"),
            models.Index(
                fields=["fundido_em"], name="consumidor_fundidos", condition=models.Q(fundido_em__isnull=False)
            ),
            models.Index(PERSON, name="consumidor_pessoa"),
        ]

    def __str__(self) -> str:
        return self.nome_social or self.nome

    @property
    def registrado_como(self) -> str:
        """The name on the papers."""
        return self.nome

    @property
    def aviso_email(self) -> str:
        """Where this person is written to: by the registration that stands for them, else by this one."""
        return (self.fundido_em or self).email or self.email


@versioned()
class GrupoEconomico(models.Model):
    """Companies that are ranked together."""

    nome = models.CharField("nome", max_length=160, unique=True)

    class Meta:
        verbose_name = "grupo econômico"
        verbose_name_plural = "grupos econômicos"
        ordering = ["nome"]

    def __str__(self) -> str:
        return self.nome


@versioned("nome_busca", "radical")
class Fornecedor(Endereco):
    """Whom people complain against: one row per valid CNPJ (or CPF), or a bare name still to be completed."""

    cnpj = models.CharField("CNPJ", max_length=14, null=True, blank=True, unique=True)
    cpf = models.CharField("CPF", max_length=11, null=True, blank=True, unique=True)
    radical = models.GeneratedField(
        expression=Left("cnpj", 8), output_field=models.CharField(max_length=8, null=True), db_persist=True
    )
    razao_social = models.CharField("razão social", max_length=200)
    nome_fantasia = models.CharField("nome fantasia", max_length=200, blank=True)
    grupo = models.ForeignKey(
        GrupoEconomico, models.PROTECT, null=True, blank=True, related_name="fornecedores", verbose_name="grupo"
    )
    cnae = models.CharField("CNAE principal", max_length=7, blank=True)
    email = models.EmailField("e-mail", blank=True)
    telefone = models.CharField("telefone", max_length=20, blank=True)
    cip_eletronica = models.BooleanField("recebe CIP eletrônica", default=False)
    a_completar = models.BooleanField("cadastro a completar", default=False)
    #: The registration that stands for this one since a merge (Fusao). Never a chain: a trigger refuses it (0003).
    fundido_em = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="absorvidos",
        verbose_name="fundido em",
    )
    #: Kept by triggers (migrations 0002, 0003): normalise_name of the names, the spellings, and of the names and CNPJs
    #: of those merged into this one.
    nome_busca = models.TextField("nomes para busca", editable=False, default="")
    criado_em = models.DateTimeField("criado em", db_default=Now(), editable=False)

    objects = FornecedorQuerySet.as_manager()

    class Meta:
        verbose_name = "fornecedor"
        verbose_name_plural = "fornecedores"
        ordering = ["razao_social", "id"]
        constraints = [
            models.CheckConstraint(
                name="fornecedor_cnpj_formato", condition=models.Q(cnpj__regex=r"^[0-9A-Z]{12}[0-9]{2}$")
            ),
            models.CheckConstraint(name="fornecedor_cpf_formato", condition=models.Q(cpf__regex=r"^[0-9]{11}$")),
            models.CheckConstraint(
                name="fornecedor_cnpj_ou_cpf", condition=models.Q(cnpj__isnull=True) | models.Q(cpf__isnull=True)
            ),
            models.CheckConstraint(name="fornecedor_nao_fundido_em_si", condition=~models.Q(fundido_em=models.F("id"))),
        ]
        indexes = [
            models.Index(fields=["radical"], name="fornecedor_radical"),
            GinIndex(name="fornecedor_nome_busca", fields=["nome_busca"], opclasses=["gin_trgm_ops"]),
            models.Index(Collate(Left("nome_busca", PREFIX), "C"), name="fornecedor_nome_inicio"),
            models.Index(fields=["razao_social", "id"], name="fornecedor_lista"),
            models.Index(
                fields=["fundido_em"], name="fornecedor_fundidos", condition=models.Q(fundido_em__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.nome_fantasia or self.razao_social

    @property
    def registrado_como(self) -> str:
        """The name on the papers."""
        return self.razao_social

    def notice_emails(self, aviso: str) -> dict[str, str]:
        """Everywhere a notice («cip», «audiencia») goes: each contact who receives it, else the supplier's own address.

        By contact, as an ending for the message's key, the supplier's own under ""; one address once, however it is
        capitalised. What was merged is reached as the supplier that stands for it. Empty where no address is known.
        """
        stands = self.fundido_em or self
        found: dict[str, str] = {}
        for item in stands.contatos_de_aviso.all():  # narrowed here, so that a batch may fetch them beforehand
            known = {address.lower() for address in found.values()}
            if getattr(item, f"recebe_{aviso}") and item.email and item.email.lower() not in known:
                found[f":contato:{item.pk}"] = item.email
        own = stands.email or self.email
        return found or ({"": own} if own else {})


class Grafia(models.Model):
    """A spelling under which a supplier appeared somewhere."""

    fornecedor = models.ForeignKey(Fornecedor, models.CASCADE, related_name="grafias", verbose_name="fornecedor")
    nome = models.CharField("grafia", max_length=200)

    class Meta:
        verbose_name = "grafia"
        ordering = ["nome"]
        constraints = [models.UniqueConstraint(fields=["fornecedor", "nome"], name="grafia_unica")]

    def __str__(self) -> str:
        return self.nome
