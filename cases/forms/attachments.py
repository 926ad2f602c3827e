"""The form that takes files into a case; what may come in is the service's to say."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.models import Anexo, Reclamado


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, as a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file given; at least one, none without a name."""
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(item, initial) for item in given or [None] if self.required or item]


class AttachForm(forms.Form):
    """What to attach, who brought it, and what it is."""

    arquivo = FilesField(
        label="Arquivos",
        allow_empty_file=True,  # the service says so of each by its name
        widget=FilesInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp", "data-solta": ""}),
        help_text="PDF, JPEG, PNG ou WebP. Pode escolher vários, ou arrastá-los para cá.",
    )
    descricao = forms.CharField(label="O que é", max_length=200, required=False)
    origem = forms.ChoiceField(label="Quem trouxe", choices=Anexo.Origem.choices, initial=Anexo.Origem.BALCAO)
    reclamado = forms.ModelChoiceField(
        Reclamado.objects.none(), label="Diz respeito a", required=False, empty_label="Ao caso todo"
    )

    def __init__(self, *args: Any, reclamados: list[Reclamado], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reclamado"]
        if len(reclamados) < 2:
            del self.fields["reclamado"]
            return
        field.queryset = Reclamado.objects.filter(pk__in=[item.pk for item in reclamados])
        field.choices = [("", field.empty_label), *((item.pk, str(item.fornecedor)) for item in reclamados)]


class RemoveForm(forms.Form):
    """Why an attachment is taken out of sight."""

    motivo = forms.CharField(label="Motivo", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
