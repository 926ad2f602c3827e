"""Hearings as a calendar program reads them (iCalendar, RFC 5545 and 5546)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr
from functools import cache

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, vText

from hearings.models import Audiencia

PRODUCT = "-//Procon//Audiencias//PT-BR"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
#: Calendar programs know three states.
STATUS = {"agendada": "TENTATIVE", "notificada": "TENTATIVE", "redesignada": "CANCELLED", "cancelada": "CANCELLED"}


def invitation(audiencia: Audiencia, *, at: datetime, cancelled: bool = False) -> str:
    """One hearing as an attachment for its parties: no name but the office's.

    The UID stays over all dates of the series, and SEQUENCE rises with each, so that a calendar moves what it has.
    """
    return _calendar([audiencia], CANCEL if cancelled else REQUEST, at=at, cancelled=cancelled)


def feed(audiencias: Iterable[Audiencia], *, at: datetime, name: str) -> str:
    """Many hearings as a calendar to subscribe to; the newest date of each series."""
    return _calendar(audiencias, PUBLISH, at=at, name=name)


def uid(audiencia: Audiencia) -> str:
    """The name of the series of dates, the same for ever."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"audiencia-{audiencia.primeira_id or audiencia.pk}@{address.partition('@')[2] or 'localhost'}"


def _calendar(
    audiencias: Iterable[Audiencia], method: str, *, at: datetime, cancelled: bool = False, name: str = ""
) -> str:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", vText(" ".join(name.split())))  # a property the library does not know: unescaped
    calendar.add_component(_timezone(settings.TIME_ZONE))
    for audiencia in audiencias:
        calendar.add_component(_event(audiencia, at=at, cancelled=cancelled))
    return calendar.to_ical().decode()


@cache
def _timezone(name: str) -> Timezone:
    """The rules of a time zone as calendars carry them: found day by day over seventy years, so found once."""
    return Timezone.from_tzid(name)


def _event(audiencia: Audiencia, *, at: datetime, cancelled: bool) -> Event:
    gone = cancelled or audiencia.status in (Audiencia.Status.CANCELADA, Audiencia.Status.REDESIGNADA)
    event, office = Event(), settings.PROCON
    event.add("uid", uid(audiencia))
    event.add("sequence", 2 * audiencia.versao + gone)  # a cancellation comes after its own date, before the next one
    event.add("dtstamp", at)
    event.add("dtstart", timezone.localtime(audiencia.inicio))
    event.add("dtend", timezone.localtime(audiencia.fim))
    event.add("summary", f"Audiência de conciliação – {audiencia.atendimento.protocolo}")
    event.add("status", "CANCELLED" if gone else STATUS.get(audiencia.status, "CONFIRMED"))
    event.add("location", _place(audiencia))
    event.add("description", f"{office['NOME']}\nDúvidas ou impedimento: {office['TELEFONE']}.")
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    event.add("organizer", f"mailto:{address}")
    return event


def _place(audiencia: Audiencia) -> str:
    here = f"{audiencia.sala.nome}, {audiencia.atendimento.unidade.onde}"
    if audiencia.modalidade == Audiencia.Modalidade.PRESENCIAL or not audiencia.sala.link:
        return here
    return (
        audiencia.sala.link
        if audiencia.modalidade == Audiencia.Modalidade.VIRTUAL
        else f"{here} ou {audiencia.sala.link}"
    )
