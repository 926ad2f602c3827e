"""Forms of the door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest

from accounts.models import User

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
