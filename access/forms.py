"""Forms of the door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest

from access.services.people import GIVEN, administered
from accounts.models import Unidade, User

NOT_YOURS = "A senha não confere."


class LoginForm(AuthenticationForm):
    """User name and password; one sentence for every kind of failure, so that nobody learns which names exist."""

    error_messages = {
        "invalid_login": "Usuário ou senha não conferem. Confira os dois; depois de cinco erros o acesso é suspenso.",
        "inactive": "Usuário ou senha não conferem. Confira os dois; depois de cinco erros o acesso é suspenso.",
    }


class CodeForm(forms.Form):
    """A code of the application, or a recovery code."""

    codigo = forms.CharField(
        label="Código",
        max_length=40,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "autofocus": True}
        ),
        help_text="Os 6 números que o aplicativo mostra agora, ou um código de recuperação.",
    )


class EnrolForm(forms.Form):
    """The first code of a new application."""

    codigo = forms.CharField(
        label="Código que o aplicativo mostra",
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class KeyForm(forms.Form):
    """A new key: its name, and what it answered."""

    nome = forms.CharField(
        label="Nome da chave", max_length=60, required=False, help_text="Como «chave azul» ou «notebook»."
    )
    resposta = forms.CharField(widget=forms.HiddenInput, max_length=20_000)


class ConfirmForm(forms.Form):
    """One's own password again. A wrong one counts as a wrong log-in."""

    senha = forms.CharField(
        label="Sua senha atual",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_senha(self) -> str:
        """The password is that of whoever is logged in."""
        typed = self.cleaned_data["senha"]
        if authenticate(self.request, username=self.request.user.get_username(), password=typed) is None:
            raise forms.ValidationError(NOT_YOURS)
        return typed


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    nova = forms.CharField(
        label="Senha nova",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="12 caracteres ou mais; espaços e acentos valem. Uma frase é melhor que símbolos. Pode colar.",
    )
    repetida = forms.CharField(
        label="Senha nova, de novo",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Both are the same, and the rules accept it."""
        typed = super().clean() or {}
        if "nova" in typed and "repetida" in typed:
            if typed["nova"] != typed["repetida"]:
                self.add_error("repetida", "As duas senhas são diferentes. Digite a mesma nos dois campos.")
            try:
                password_validation.validate_password(typed["nova"], self.user)
            except forms.ValidationError as refused:
                self.add_error("nova", refused)
        return typed


class ChangePasswordForm(ConfirmForm, NewPasswordForm):
    """The old password and a new one."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, user=request.user, **kwargs)


class ForgottenForm(forms.Form):
    """Who has forgotten the password."""

    quem = forms.CharField(
        label="Usuário ou e-mail", max_length=254, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )


class PersonForm(forms.Form):
    """Somebody's name and e-mail."""

    nome = forms.CharField(label="Nome", max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label="E-mail",
        help_text="Só da pessoa: o link para definir a senha vai para lá.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class PapeisForm(forms.Form):
    """What somebody is in one unidade."""

    papeis = forms.MultipleChoiceField(
        label="Papéis",
        required=False,
        choices=[(papel.value, papel.label) for papel in GIVEN],
        widget=forms.CheckboxSelectMultiple,
    )


class NewPersonForm(PersonForm, PapeisForm):
    """Somebody who will work here."""

    usuario = forms.CharField(
        label="Usuário",
        max_length=60,
        help_text="Uma palavra, como ana.souza: é o que se escreve ao entrar, e não muda depois.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    unidade = forms.ModelChoiceField(label="Unidade", queryset=Unidade.objects.none(), empty_label=None)
    field_order = ["nome", "usuario", "email", "unidade", "papeis"]

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unidade"].queryset = administered(by)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    motivo = forms.CharField(
        label="Motivo", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Como «deixou o Procon» ou «perdeu o celular, conferi o documento».",
    )  # fmt: skip


class PeopleSearchForm(forms.Form):
    """Who is looked for in the list of people."""

    q = forms.CharField(label="Nome ou usuário", required=False, max_length=160)
    papel = forms.ChoiceField(
        label="Papel", required=False, choices=[("", "Qualquer"), *((papel.value, papel.label) for papel in GIVEN)]
    )
    situacao = forms.ChoiceField(
        label="Situação",
        required=False,
        choices=[("", "Ativas"), ("desativadas", "Desativadas"), ("todas", "Todas")],
    )
