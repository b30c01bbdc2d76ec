"""Opening a bank, and sending a file of questions."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.imports.forms import UploadForm
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from lms.questions.formats import FORMATS, FileRefused, format_of
from lms.questions.models import QuestionBank

ENDINGS = (*(ending for each in FORMATS.values() for ending in each.endings), ".txt")


class BankForm(forms.ModelForm[QuestionBank]):
    class Meta:
        model = QuestionBank
        fields = ["organisation", "code", "title", "title_en"]

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        rows = Organisation.objects.active().filter(scope_of(user).q("", Role.ADMINISTRATOR))
        offer_organisations(field, rows)
        field.initial = rows.order_by("depth", "path").first()


class FileForm(UploadForm):
    """A file of questions; its format by its ending, unless one is chosen."""

    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[
            ("", _("By the ending of the file")),
            *((each.name, each.label) for each in FORMATS.values()),
        ],
    )
    field_order = ["file", "format", "all_or_none"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        field.label, field.help_text = (
            _("File"),
            _(
                "At most 20 MB and 20,000 questions. Nothing is taken over before you have seen what is in it."
            ),
        )
        field.widget.attrs["accept"] = ",".join(ENDINGS)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in ENDINGS:
            raise ValidationError(
                _("Files with this ending are not known. Known are: %(endings)s.")
                % {"endings": " ".join(ENDINGS)}
            )
        if not file.size:
            raise ValidationError(_("This file is empty. Choose it again."))
        if file.size > 20 * 1024 * 1024:
            raise ValidationError(_("This file is larger than 20 MB. Divide it."))
        return file

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        file = data.get("file")
        if file is None:
            return data
        try:
            name = PurePath(file.name or "").name
            data["chosen"] = (
                FORMATS[data["format"]] if data.get("format") else format_of(name, file.read(200_000))
            )
        except FileRefused as refused:
            self.add_error("file", str(refused))
        finally:
            file.seek(0)
        return data
