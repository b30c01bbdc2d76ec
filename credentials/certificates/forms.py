"""What a visitor types to verify a certificate, and the reasons that officers give."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from credentials.certificates.policy import CODE_LENGTH, split_typed
from credentials.certificates.states import REPLACED_FOR, REVOKED_FOR

MAX_FILE = 10 * 2**20


class CodeForm(forms.Form):
    """The code under the QR picture; the serial number may stand beside it, and is then compared too."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=200,
        help_text=_("20 letters and digits, printed beside the QR code. Spaces and hyphens do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        self.serial, code = split_typed(self.cleaned_data["code"])
        if self.serial and not code:
            raise ValidationError(
                _(
                    "This is the serial number. To protect the holder it is not enough: "
                    "enter the verification code, which stands below it."
                )
            )
        if len(code) != CODE_LENGTH:
            raise ValidationError(
                _("A verification code has 20 letters and digits. Compare it with the certificate again.")
            )
        return code


class CompareForm(forms.Form):
    """A name to compare with the printed one, and a file to compare with the issued one."""

    name = forms.CharField(
        label=_("Full name on the certificate"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("The PDF file you were given"),
        required=False,
        help_text=_("PDF, up to 10 MB. It is compared and not kept."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return None
        if (file.size or 0) > MAX_FILE:
            raise ValidationError(_("The file is larger than 10 MB. A certificate is much smaller."))
        if file.read(5) != b"%PDF-":
            raise ValidationError(_("This is not a PDF file. Choose the file that you were given."))
        file.seek(0)
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values.get("name") and not values.get("file"):
            raise ValidationError(_("Type the full name or choose the file that you want to compare."))
        return values


KINDS = {"revoke": REVOKED_FOR, "replace": REPLACED_FOR}


class ReasonForm(forms.Form):
    """Why a certificate is revoked, replaced, renewed or drawn anew. The reason is shown to the holder."""

    kind = forms.ChoiceField(
        label=_("kind of reason"), error_messages={"required": _("Choose the kind of reason.")}
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: the holder will read it.")},
    )

    def __init__(self, *args: Any, verb: str = "revoke", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if verb in KINDS:
            chosen = [(kind.value, kind.label) for kind in KINDS[verb]]
            self.fields["kind"].choices = [("", "---------"), *chosen]  # type: ignore[attr-defined]
        else:
            del self.fields["kind"]
