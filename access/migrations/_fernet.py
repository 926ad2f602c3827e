"""How values were sealed until now: Fernet (AES-128-CBC with HMAC), read once more to seal them as access/sealing.py does."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac


def of_the_door(sealed):
    """The text that the door sealed, or None."""
    return _opened(sealed, lambda key: hmac.new(key.encode(), b"procon.access.sealing", hashlib.sha256).digest())


def of_a_webhook(sealed):
    """The secret of a webhook, or None."""
    return _opened(
        sealed, lambda key: salted_hmac("portal.webhooks", "segredo", secret=key, algorithm="sha256").digest()
    )


def _opened(sealed, key_of):
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return Fernet(base64.urlsafe_b64encode(key_of(str(key)))).decrypt(sealed).decode()
        except InvalidToken:
            continue
    return None


def reseal(apps, label, columns, opened, seal):
    """Seal these columns of a model anew; what no key of ours opens stays as it is, unreadable as before."""
    model = apps.get_model(*label.split("."))
    for row in model.objects.only("pk", *columns).iterator(chunk_size=500):
        changes = {}
        for name in columns:
            held = getattr(row, name)
            text = opened(bytes(held) if isinstance(held, memoryview) else held) if held else None
            if text is not None:
                changes[name] = seal(text)
        if changes:
            model.objects.filter(pk=row.pk).update(**changes)
