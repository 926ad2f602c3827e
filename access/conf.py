"""The numbers of the door, in one place; the office's own are PROCON_SEGUNDO_FATOR, PROCON_SESSAO_*, PROCON_PROXIES."""

from __future__ import annotations

from datetime import timedelta

#: Who cannot work without a second factor where PROCON_SEGUNDO_FATOR says so.
MANDATORY = frozenset({"administrador", "autoridade", "encarregado"})
#: Wrong passwords or codes within the cool-off: of one name at one address; of one name; of one address.
PAIR_LIMIT, ACCOUNT_LIMIT, ADDRESS_LIMIT = 5, 20, 100
#: An address from which a person came in within this time is known: strangers' errors do not lock them out there.
KNOWN_FOR = timedelta(days=30)
#: Between the password and the second factor.
PENDING_FOR = timedelta(minutes=10)
#: A password given so long ago is still good for changing passwords and second factors.
CONFIRMED_FOR = timedelta(minutes=10)
#: How often a session writes down that it was used.
SEEN_EVERY = timedelta(minutes=1)
#: An ended session is remembered so long: whoever still has its cookie is told so, and gets back what was typed.
REMEMBERED_FOR = timedelta(days=1)
#: What was typed into a form whose session had ended: how long it is kept, how many of one person, how long it may be.
TYPED_FOR, TYPED_AT_MOST, TYPED_LONGEST = timedelta(hours=2), 5, 500_000
#: How many recovery codes, and of how many characters (5 bits each).
RECOVERY_CODES, RECOVERY_LENGTH = 10, 12
#: Between two messages with a link for a new password.
RESET_EVERY = timedelta(minutes=10)
#: How long the link for a new password is good.
RESET_FOR = timedelta(hours=1)
