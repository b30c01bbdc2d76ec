"""What an applicant fills in, and what an officer answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from core.attachments.forms import AttachmentField, HeldFilesForm
from core.people.fields import WordsField
from core.people.models import ServiceField
from core.ui.fields import LineField
from supervision.appointments.actions import Said
from supervision.supervisors.forms import MOST_PLACES
from supervision.supervisors.models import DEFAULT_CAPACITY
from supervision.supervisors.states import Tier

FILES = ("document_1", "document_2", "document_3")


def _document(label: Any, *, required: bool) -> AttachmentField:
    return AttachmentField(
        label=label,
        required=required,
        help_text=_(
            "A certificate, a letter or a proof of training: PDF, picture or office file, up to 10 MB."
        ),
        error_messages={"required": _("Hand in at least one document on which the appointment can rest.")},
    )


class ApplicationForm(HeldFilesForm):
    """An application; `first_file` says whether a document must come with it."""

    tier = forms.ChoiceField(
        label=_("Tier wanted"),
        choices=Tier.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the tier.")},
    )
    basis = LineField(
        label=_("Qualifications and experience"),
        max_length=300,
        help_text=_("Such as: social worker since 2019, eight years of casework."),
        error_messages={"required": _("Write on what the appointment can rest.")},
    )
    statement = forms.CharField(
        label=_("Why do you want to supervise, and what can you give?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("No names of service users."),
        error_messages={"required": _("Write a few sentences.")},
    )
    fields_known = forms.ModelMultipleChoiceField(
        label=_("Service fields"),
        queryset=ServiceField.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    populations = WordsField(
        label=_("Populations"),
        required=False,
        help_text=_(
            "With whom: such as older people, children, people with disabilities. A comma between them."
        ),
    )
    languages = WordsField(
        label=_("Languages and dialects"),
        required=False,
        help_text=_("Such as Mandarin, Cantonese, sign language. A comma between them."),
    )

    def __init__(self, *args: Any, first_file: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.fields["fields_known"]
        assert isinstance(known, forms.ModelMultipleChoiceField)
        known.queryset = _fields_offered()
        labels = (_("Document"), _("Second document"), _("Third document"))
        for number, (name, label) in enumerate(zip(FILES, labels, strict=True)):
            self.fields[name] = _document(label, required=first_file and not number)
            self.say_held(name)

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        return Said(
            tier=data["tier"],
            statement=data["statement"],
            basis=data["basis"],
            populations=data["populations"],
            languages=data["languages"],
            fields=tuple(data["fields_known"]),
        )

    @property
    def files_given(self) -> list[Any]:
        """The files that came with this try, or else those from before."""
        return [self.given(name) for name in FILES]


def _fields_offered() -> QuerySet[ServiceField]:
    return ServiceField.objects.filter(is_active=True)


class AppointForm(forms.Form):
    """The designation that an appointment gives, and for a new supervisor the places."""

    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices)
    issuer = LineField(
        label=pgettext_lazy("designation", "Issued by"),
        max_length=120,
        help_text=_("The authority or association."),
        error_messages={"required": _("Write who gives the tier.")},
    )
    starts_on = forms.DateField(
        label=_("From"), widget=AdminDateInput, error_messages={"required": _("Write the day.")}
    )
    ends_on = forms.DateField(
        label=_("Until"), widget=AdminDateInput, required=False, help_text=_("Empty: open-ended.")
    )
    capacity = forms.IntegerField(
        label=pgettext_lazy("supervisor", "Places"),
        min_value=0,
        max_value=MOST_PLACES,
        initial=DEFAULT_CAPACITY,
        help_text=_("How many mentees at the same time."),
    )

    exception = forms.CharField(
        label=_("Why is it renewed although own training is missing?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The person reads it."),
        error_messages={
            "required": _("Own training is missing for this renewal. Write why you appoint nevertheless.")
        },
    )

    def __init__(self, *args: Any, is_new: bool, lacks_training: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["capacity"]
        if not lacks_training:
            del self.fields["exception"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        today = timezone.localdate()
        for name, day in (("starts_on", first), ("ends_on", last)):
            if day and abs(day.year - today.year) > 50:
                self.add_error(name, _("This day is too far away. Check the year."))
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return data
