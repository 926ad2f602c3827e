"""The registration page: one form for the ten tipos. Shape only; what each tipo needs is checked by the service."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.db.models import QuerySet

from accounts.models import Unidade, User
from cases.filters import DateInput
from cases.forms.contingency import TypedForm
from cases.forms.purchase import CityField, ConfirmationForm, PurchaseForm, RepresentativeForm
from cases.models import Assunto, Atendimento, Canal, NumeroExterno, Orgao, Problema, Senha, Tipo
from cases.rules.domicile import cities
from cases.rules.numbers import LONGEST
from cases.services.registration import REGISTRARS
from listing.order import by_name
from parties.identifiers import clean_cep, clean_cnpj, clean_cpf, normalise_name
from parties.models import Fornecedor, Prioridade, Sexo

Named = TypeVar("Named", Assunto, Problema)
_CODE = re.compile(r"\((\d{1,6})\)\s*$|^(\d{1,6})$")
#: The fields that describe the consumer, as `register_consumer` takes them.
CONSUMER = (
    "nome", "nome_social", "cpf", "nascimento", "sexo", "email", "telefone", "cep", "logradouro", "numero",
    "complemento", "bairro", "municipio", "prioridades",
)  # fmt: skip
#: The field of the page at which a refusal about this name is shown.
_SHOWN_AT = {
    "consumidor": "nome",
    "fornecedores": "busca_fornecedor",
    "cnpj": "novo_cnpj",
    "razao_social": "novo_nome",
    "sistema": "outro_sistema",
    "numero": "outro_numero",
}


#: These tipos are complete without any field; a page sent by mistake is not, and its number would stay for ever.
ASKS_NOTHING = ("simples_consulta", "extra_procon")
TELLS = ("nome", "fornecedores", "novo_nome", "orgao", "assunto", "relato", "orientacao")


class SubjectField(forms.CharField):
    """An assunto typed or chosen from the list of suggestions, by its name or its code."""

    #: The assunto that the case has already: it stays valid after it was retired.
    kept: Assunto | None = None

    def to_python(self, value: Any) -> Any:
        """The assunto, or None where nothing was typed. Raises ValidationError in Portuguese."""
        text = super().to_python(value)
        if not text:
            return None
        if self.kept and text == self.prepare_value(self.kept):
            return self.kept
        active = Assunto.objects.filter(ativo=True)
        coded = _CODE.search(text)
        if coded:
            found = list(active.filter(codigo=int(coded[1] or coded[2])))
        else:
            found = _named(list(active), normalise_name(text))
        if len(found) != 1:
            raise forms.ValidationError("Assunto não encontrado. Escolha um da lista que aparece ao digitar.")
        return found[0]

    def run_validators(self, value: Any) -> None:
        """The text was checked on the way in."""

    def prepare_value(self, value: Any) -> Any:
        """What the box shows: the name and the code."""
        return f"{value.descricao} ({value.codigo})" if isinstance(value, Assunto) else value


class ProblemField(forms.CharField):
    """A problema of the assunto, typed by the beginning of its name, with or without accents, or chosen."""

    #: What may be chosen, and the problema that the case has already.
    queryset: QuerySet[Problema] = Problema.objects.none()
    kept: Problema | None = None

    def to_python(self, value: Any) -> Any:
        """The problema, or None where nothing was typed; the number that an older draft holds counts too."""
        text = super().to_python(value)
        if not text:
            return None
        offered = list(self.queryset)
        if self.kept and self.kept not in offered:
            offered.append(self.kept)
        numbered = [item for item in offered if text == str(item.pk)]
        found = numbered or _named(offered, normalise_name(text))
        if not found:
            raise forms.ValidationError("Este problema não existe neste assunto. Escolha um da lista do assunto.")
        if len(found) > 1:
            names = "; ".join(item.descricao for item in found[:3])
            raise forms.ValidationError(f"Mais de um problema começa assim: {names}. Escreva mais letras.")
        return found[0]

    def run_validators(self, value: Any) -> None:
        """The text was checked on the way in."""

    def prepare_value(self, value: Any) -> Any:
        """What the box shows: the name, also where an older draft holds the number."""
        if isinstance(value, str) and value.isascii() and value.isdigit():
            return next((item.descricao for item in self.queryset if str(item.pk) == value), value)
        return value.descricao if isinstance(value, Problema) else value


class SupplierForm(forms.Form):
    """A supplier that is not in the registry yet."""

    novo_nome = forms.CharField(label="Nome do novo fornecedor", max_length=200, required=False)
    novo_cnpj = forms.CharField(
        label="CNPJ", max_length=20, required=False, help_text="Em branco se não souber; alguém completa depois."
    )

    def clean_novo_cnpj(self) -> str | None:
        """Fourteen characters, or None."""
        return _cleaned(clean_cnpj, self.cleaned_data["novo_cnpj"]) or None

    def clean(self) -> dict[str, Any]:
        """A CNPJ alone does not name anybody."""
        data = super().clean() or self.cleaned_data
        if data.get("novo_cnpj") and not data.get("novo_nome"):
            self.add_error("novo_nome", "Escreva o nome do fornecedor deste CNPJ.")
        return data


class IntakeForm(SupplierForm, PurchaseForm, RepresentativeForm, ConfirmationForm, TypedForm):
    """Everything that one may tell at the counter."""

    tipo = forms.ChoiceField(label="Tipo de atendimento", choices=[("", "Escolha"), *Tipo.choices])
    canal = forms.ChoiceField(label="Canal", choices=Canal.choices, initial=Canal.PESSOAL)
    unidade = forms.ModelChoiceField(label="Unidade", queryset=Unidade.objects.none(), empty_label=None)

    cpf = forms.CharField(label="CPF", max_length=18, required=False)
    nome = forms.CharField(label="Nome completo", max_length=160, required=False)
    nome_social = forms.CharField(label="Nome social", max_length=160, required=False)
    nascimento = forms.DateField(label="Nascimento", widget=DateInput(), required=False)
    sexo = forms.ChoiceField(label="Sexo", choices=Sexo.choices, initial=Sexo.NAO_INFORMADO, required=False)
    telefone = forms.CharField(label="Telefone", max_length=20, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    cep = forms.CharField(label="CEP", max_length=10, required=False)
    logradouro = forms.CharField(label="Logradouro", max_length=160, required=False)
    numero = forms.CharField(label="Número", max_length=20, required=False)
    complemento = forms.CharField(label="Complemento", max_length=80, required=False)
    bairro = forms.CharField(label="Bairro", max_length=80, required=False)
    municipio = CityField(label="Cidade onde mora", max_length=80, required=False)
    prioridades = forms.MultipleChoiceField(
        label="Prioridade por lei",
        choices=Prioridade.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="A idade conta sozinha: basta a data de nascimento.",
    )

    fornecedores = forms.ModelMultipleChoiceField(
        label="Fornecedores", queryset=Fornecedor.objects.all(), required=False, widget=forms.MultipleHiddenInput
    )
    busca_fornecedor = forms.CharField(label="Procurar fornecedor por nome ou CNPJ", max_length=120, required=False)

    assunto = SubjectField(label="Assunto", max_length=260, required=False)
    problema = ProblemField(label="Problema", max_length=200, required=False)
    relato = forms.CharField(label="Relato", widget=forms.Textarea(attrs={"rows": 6}), max_length=20000, required=False)
    pedido = forms.CharField(label="Pedido", widget=forms.Textarea(attrs={"rows": 3}), max_length=8000, required=False)
    orientacao = forms.CharField(
        label="Orientação dada", widget=forms.Textarea(attrs={"rows": 3}), max_length=8000, required=False
    )
    valor = forms.DecimalField(
        label="Valor envolvido (R$)", max_digits=12, decimal_places=2, min_value=0, localize=True, required=False
    )
    data_compra = forms.DateField(label="Data da compra", widget=DateInput(), required=False)
    orgao = forms.ModelChoiceField(
        label="Órgão de destino", queryset=Orgao.objects.filter(ativo=True), required=False, empty_label="Escolha"
    )
    nfp_desbloqueada = forms.TypedChoiceField(
        label="A senha da Nota Fiscal Paulista foi desbloqueada?",
        choices=[("sim", "Sim"), ("nao", "Não")],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "sim",
        empty_value=None,
        required=False,
    )
    refere_a = forms.CharField(
        label="Caso consultado: protocolo, CPF ou nome",
        max_length=160,
        required=False,
        help_text="Como 35.001.001.26-0000123, ou quem reclamou.",
    )
    outro_sistema = forms.ChoiceField(
        label="Sistema", choices=[("", "Nenhum"), *NumeroExterno.Sistema.by_hand()], required=False
    )
    outro_numero = forms.CharField(label="Número em outro sistema", max_length=LONGEST, required=False)
    texto = forms.CharField(
        label="Inserir texto-padrão",
        max_length=120,
        required=False,
        help_text="Comece o título e tecle Enter.",
    )
    senha = forms.CharField(widget=forms.HiddenInput, max_length=18, required=False)
    envio = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    pagina = forms.CharField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    vez = forms.CharField(widget=forms.HiddenInput, initial="0", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        units = Unidade.objects.filter(pk__in=user.unidades_com(REGISTRARS), ativa=True)
        self.fields["unidade"].queryset = units
        self.fields["unidade"].initial = home = units.first()
        self.fields["municipio"].near = self.fields["municipio"].initial = home.municipio if home else ""
        self.fields["problema"].queryset = problems_of(self.typed_subject())
        self.fields["valor"].widget.attrs["inputmode"] = "decimal"
        self.fields["cpf"].widget.attrs["inputmode"] = "numeric"
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput | forms.EmailInput | DateInput):
                # The counter types other people's data: the browser must not offer the clerk's own.
                field.widget.attrs["autocomplete"] = "off"
        self.fields["assunto"].widget.attrs["list"] = "assuntos"
        self.fields["problema"].widget.attrs["list"] = "problemas"
        self.fields["municipio"].widget.attrs["list"] = "cidades"
        self.fields["texto"].widget.attrs["list"] = "textos"
        if units.count() == 1:
            self.fields["unidade"].widget = forms.HiddenInput()

    def typed_subject(self) -> Assunto | None:
        """The assunto that was typed, so that its problemas are the ones offered."""
        field = self.fields["assunto"]
        try:
            return field.clean(self.data.get("assunto", "")) if self.is_bound else None
        except forms.ValidationError:
            return None

    def clean_cpf(self) -> str | None:
        """Eleven digits, or None where the person has none."""
        return _cleaned(clean_cpf, self.cleaned_data["cpf"]) or None

    def clean_cep(self) -> str:
        """Eight digits, or nothing."""
        return _cleaned(clean_cep, self.cleaned_data["cep"])

    def clean_senha(self) -> Senha | None:
        """The ticket with which this clerk called the person, unless it was ended meanwhile."""
        return self.ticket()

    def ticket(self) -> Senha | None:
        """The clerk's own called ticket that this page is about."""
        number = str(self["senha"].value() or "")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return None
        return Senha.objects.in_hand(self.user).filter(pk=int(number)).first()

    def clean_refere_a(self) -> Atendimento | None:
        """The case asked about, if the person may see it: the one ticked, or the only one with this number."""
        ticked, text = self.data.get("caso", "").strip(), self.cleaned_data["refere_a"].strip()
        if not (ticked or text):
            return None
        found = list(Atendimento.objects.asked_about(ticked or text, user=self.user)[:2])
        if not found:
            raise forms.ValidationError(
                "Não há caso com este protocolo, CPF ou nome nas suas unidades. Confira o que escreveu."
            )
        if len(found) > 1 or not (ticked or text[0].isdigit()):
            raise forms.ValidationError("Escolha o caso na lista.")
        return found[0]

    def clean(self) -> dict[str, Any]:
        """A consumer needs a name, and a tipo that asks for nothing needs something to count."""
        data = super().clean()
        if data.get("tipo") in ASKS_NOTHING and not any(data.get(name) for name in TELLS):
            self.add_error("relato", "Nada foi escrito. Escreva em poucas palavras o que a pessoa quis saber.")
        if data.get("cpf") and not data.get("nome"):
            self.add_error("nome", "Escreva o nome do consumidor.")
        if bool(data.get("outro_sistema")) != bool(data.get("outro_numero")):
            missing = "outro_numero" if data.get("outro_sistema") else "outro_sistema"
            self.add_error(missing, "Diga o sistema e o número, ou nenhum dos dois.")
        return data

    def consumer(self) -> dict[str, Any]:
        """What was told about the consumer; without a name, nothing."""
        data = self.cleaned_data
        if not data["nome"]:
            return {}
        city = cities().get(data["municipio"])
        return {**{name: data[name] for name in CONSUMER}, "uf": city.uf if city else ""}

    def add_refusal(self, errors: dict[str, str], message: str) -> None:
        """Put a service's refusal at the fields it is about, or above the form."""
        for name, text in errors.items():
            shown_at = _SHOWN_AT.get(name, name)
            self.add_error(shown_at if shown_at in self.fields else None, text)
        if not errors:
            self.add_error(None, message)


def problems_of(subject: Assunto | None) -> QuerySet[Problema]:
    """The problemas of one assunto, the most used first; every active one where the assunto is not known yet."""
    active = Problema.objects.filter(ativo=True)
    if subject is None:
        return active
    chosen = active.filter(assuntos__assunto=subject, assuntos__ativo=True)
    return chosen.order_by("-assuntos__frequencia", by_name("descricao"))


def _named(rows: list[Named], wanted: str) -> list[Named]:
    """Those with exactly this name; or else whose name begins so; or else with words that begin so."""
    plain = [(normalise_name(item.descricao), item) for item in rows]
    exact = [item for name, item in plain if name == wanted]
    begun = [item for name, item in plain if wanted and name.startswith(wanted)]
    return (
        exact
        or begun
        or [item for name, item in plain if wanted and all(f" {word}" in f" {name}" for word in wanted.split())]
    )


def _cleaned(clean: Callable[[str], str], text: str) -> str:
    try:
        return clean(text) if text.strip() else ""
    except ValueError as error:
        raise forms.ValidationError(str(error)) from error
