"""What somebody typed into a form, to be shown by itself where the page has no place for the form any more."""

from __future__ import annotations

from django import forms


def typed_into(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Label and text of every visible field that holds something, in the order of the form."""
    fields = [form[name] for name in form.fields if not form[name].is_hidden]
    told = [(str(field.label), _as_typed(field)) for field in fields]
    return [(label, text) for label, text in told if text]


def _as_typed(field: forms.BoundField) -> str:
    """One field's value as its reader would say it: a choice by its label, a file by its name."""
    value = field.value()
    names = {str(key): name for key, name in getattr(field.field, "choices", ())}
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(str(names.get(str(item), item)) for item in values if item not in (None, ""))
