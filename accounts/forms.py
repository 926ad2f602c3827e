"""Forms of people and their access."""

from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm


class LoginForm(AuthenticationForm):
    """User name and password; one sentence for every kind of failure, so that nobody learns which names exist."""

    error_messages = {
        "invalid_login": "Usuário ou senha não conferem. Confira os dois; depois de cinco erros o acesso é suspenso.",
        "inactive": "Usuário ou senha não conferem. Confira os dois; depois de cinco erros o acesso é suspenso.",
    }
