"""What the data-protection law asks of the office, as numbers with their sources."""

from __future__ import annotations

from datetime import date, timedelta

#: LGPD (Lei 13.709/2018), art. 19, II: a complete declaration within fifteen days of the request.
ANSWER_DAYS = 15
ANSWER_SOURCE = "LGPD, art. 19, II: até 15 dias do requerimento"


def answer_until(received: date) -> date:
    """The last day to answer a request that came on this day."""
    return received + timedelta(days=ANSWER_DAYS)


#: The age brackets that the office publishes (domain, reports: profile); the number is the last age of each.
BRACKETS = (
    (20, "até 20"),
    (30, "21 a 30"),
    (40, "31 a 40"),
    (50, "41 a 50"),
    (60, "51 a 60"),
    (70, "61 a 70"),
)


def age_bracket(born: date | None, on: date) -> str:
    """The bracket of somebody's age on a day."""
    if born is None:
        return "não informada"
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return next((name for last, name in BRACKETS if age <= last), "mais de 70")


def kept_since(today: date, years: int) -> date:
    """Cases closed before this day have been kept for so many years; 29 February counts as 28 where there is none."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28)
