"""The cases that fit what was typed into a «consulta de caso»."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.models import User
from cases.models import Atendimento

register = template.Library()

#: How many are shown before more letters are asked for.
SHOWN = 10


@register.inclusion_tag("cases/_casos_consultados.html")
def casos_consultados(form: Any) -> dict[str, Any]:
    """The cases for the text that a form gives back; none on a fresh page."""
    typed = form.data if form.is_bound else {}
    return found_cases(form.user, typed.get("refere_a", ""), typed.get("caso", ""))


def found_cases(user: User, text: str, ticked: str = "") -> dict[str, Any]:
    """What the fragment shows: the cases, whether there are more, and which one is ticked."""
    text = text.strip()[:160]
    rows = list(Atendimento.objects.asked_about(text, user=user)[: SHOWN + 1]) if text else []
    return {"casos": rows[:SHOWN], "ha_mais": len(rows) > SHOWN, "escolhido": ticked, "texto": text}
