"""How many wrong passwords and codes shut the door: of a name at an address, of a name, of an address."""

from __future__ import annotations

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt, AccessLog
from django.db.models import Q, Sum
from django.http import HttpRequest

from access.conf import ACCOUNT_LIMIT, ADDRESS_LIMIT, KNOWN_FOR, PAIR_LIMIT


class Lockout(AxesDatabaseHandler):
    """Axes counts in the database; here it is told which counts matter, and for whom.

    Whoever came in from this address within thirty days is locked out there by their own errors alone: neither an
    attack on their name from elsewhere nor strangers behind the same proxy shut the office's door to them.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """The failures of this name at this address, or the limit where the name or the address has used up its own."""
        username, address = get_client_username(request, credentials), request.axes_ip_address
        of_name, of_address = Q(username=username), Q(ip_address=address)
        counted = AccessAttempt.objects.filter(of_name | of_address, attempt_time__gte=get_cool_off_threshold(request))
        found = counted.aggregate(
            pair=Sum("failures_since_start", filter=of_name & of_address, default=0),
            account=Sum("failures_since_start", filter=of_name, default=0),
            address=Sum("failures_since_start", filter=of_address, default=0),
        )
        if found["pair"] >= PAIR_LIMIT:
            request.trancado = "par"
            return found["pair"]
        wide = "conta" if found["account"] >= ACCOUNT_LIMIT else "endereco" if found["address"] >= ADDRESS_LIMIT else ""
        if wide and not self._known(request, username):
            request.trancado = wide
            return PAIR_LIMIT
        return found["pair"]

    @staticmethod
    def _known(request: HttpRequest, username: str | None) -> bool:
        since = request.axes_attempt_time - KNOWN_FOR
        return AccessLog.objects.filter(
            username=username, ip_address=request.axes_ip_address, attempt_time__gte=since
        ).exists()
