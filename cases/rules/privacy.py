"""What the data-protection law asks of the office, as numbers with their sources."""

from __future__ import annotations

from datetime import date, timedelta

#: LGPD (Lei 13.709/2018), art. 19, II: a complete declaration within fifteen days of the request.
ANSWER_DAYS = 15
ANSWER_SOURCE = "LGPD, art. 19, II: até 15 dias do requerimento"


def answer_until(received: date) -> date:
    """The last day to answer a request that came on this day."""
    return received + timedelta(days=ANSWER_DAYS)
