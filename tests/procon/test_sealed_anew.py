"""Values sealed until now, or under an earlier SECRET_KEY, are sealed anew and stay readable."""

from __future__ import annotations

import base64
import hashlib
import hmac
from importlib import import_module
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils.crypto import salted_hmac

from access.models import Fator
from access.sealing import seal, unseal
from accounts.models import User
from portal.models import Webhook
from portal.services.webhooks import keys_of, sealed
from tests.conftest import NOW, Cast
from tests.portal.conftest import cidade

__all__ = ["cidade"]

OLD, NEW = "antiga" * 8, "nova" * 10


def factor(whose: User, secret: str) -> Fator:
    return Fator.objects.create(usuario=whose, tipo="aplicativo", nome="celular", segredo=secret, criado_em=NOW)


def webhook(cidade: Any, secret: bytes) -> Webhook:
    values = {"integracao": cidade.integracao, "url": "https://exemplo.org/", "eventos": []}
    return Webhook.objects.create(**values, segredo=secret, criado_em=NOW, ativo_desde=NOW)


def test_what_fernet_sealed_is_opened_once_more_and_sealed_anew(cast: Cast, cidade: Any, settings: Any) -> None:
    door = hmac.new(settings.SECRET_KEY.encode(), b"procon.access.sealing", hashlib.sha256).digest()
    webhooks = salted_hmac("portal.webhooks", "segredo", algorithm="sha256").digest()

    def fernet(key: bytes, text: str) -> bytes:
        return Fernet(base64.urlsafe_b64encode(key)).encrypt(text.encode())

    mine = factor(cast.bruno, fernet(door, "ABC").decode())
    lost = factor(cast.dora, fernet(b"x" * 32, "XYZ").decode())
    hook = webhook(cidade, fernet(webhooks, "whsec_a"))
    for name in ("access.migrations.0003_selos", "portal.migrations.0006_selos"):
        import_module(name).forwards(apps, None)
    for row in (mine, hook):
        row.refresh_from_db()

    assert (unseal(mine.segredo), keys_of(hook, at=NOW)) == ("ABC", ["whsec_a"])
    assert Fator.objects.get(pk=lost.pk).segredo == lost.segredo


def test_a_new_key_takes_over_and_the_old_one_can_go(
    cast: Cast, cidade: Any, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    mine = factor(cast.bruno, seal("ABC"))
    hook = webhook(cidade, sealed("whsec_a"))
    settings.SECRET_KEY = NEW
    with pytest.raises(CommandError, match="2 valores não se abrem"):
        call_command("selar_de_novo")
    settings.SECRET_KEY_FALLBACKS = [OLD]
    call_command("selar_de_novo")
    settings.SECRET_KEY_FALLBACKS = []
    for row in (mine, hook):
        row.refresh_from_db()

    assert (unseal(mine.segredo), keys_of(hook, at=NOW)) == ("ABC", ["whsec_a"])
    assert "webhook, segredo: 1 selados de novo\n" in capsys.readouterr().out
