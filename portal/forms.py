"""The shape of what the public types; the law is in the services."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

LARGEST = 5 * 1024 * 1024


class ConferenciaForm(forms.Form):
    """A check code, and the PDF to compare if one has it."""

    codigo = forms.CharField(
        label="Código de conferência",
        max_length=40,
        help_text="São doze letras e números, ao pé de cada página: XXXX-XXXX-XXXX.",
        error_messages={"required": "Escreva o código que está ao pé do documento."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    arquivo = forms.FileField(
        label="Arquivo PDF (opcional)",
        required=False,
        help_text="Se recebeu o documento como arquivo, envie-o para saber se é igual ao emitido. Ele não é guardado.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_arquivo(self) -> UploadedFile | None:
        """Refuse a file larger than any letter."""
        arquivo: UploadedFile | None = self.cleaned_data["arquivo"]
        if arquivo and arquivo.size and arquivo.size > LARGEST:
            raise forms.ValidationError("O arquivo passa de 5 MB, e nenhum documento do Procon é tão grande.")
        return arquivo
