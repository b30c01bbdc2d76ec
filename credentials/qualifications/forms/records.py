"""What a trainee declares of a certificate, what they note of an examination, and what an officer answers."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.attachments.forms import AttachmentField, HeldFilesForm
from core.people.forms import DayInput
from core.ui.fields import LineField
from credentials.qualifications.models import QualificationLevel
from credentials.qualifications.policy import EARLIEST_YEAR, Said, Terms, plain_number

DAYS = ["%Y-%m-%d", "%Y/%m/%d"]
WORDS = {"required": _("Write the day."), "invalid": _("There is no such day. Write it like 2026-03-14.")}


def _year(label: Any, **options: Any) -> forms.IntegerField:
    this_year = timezone.localdate().year
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=EARLIEST_YEAR,
        max_value=this_year,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **options,
    )


class QualificationForm(HeldFilesForm):
    """One certificate of a level whose terms are known: which subjects there are follows from them."""

    number = LineField(
        label=_("Certificate number"),
        max_length=40,
        help_text=_("As it stands on the certificate; spaces do not count."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the number.")},
    )
    issued_on = forms.DateField(
        label=_("Issue date"),
        widget=DayInput(),
        input_formats=DAYS,
        error_messages=WORDS,
        help_text=_("The day that the certificate names. The first registration is due within a year of it."),
    )
    scan = AttachmentField(
        scan=True,
        label=_("Scan of the certificate"),
        help_text=_("The page with your name and the number: PDF or picture, up to 10 MB."),
        error_messages={"required": _("Hand in the scan: an officer compares it.")},
    )

    def __init__(self, *args: Any, terms: Terms, noted: dict[int, int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms = terms
        self.fields["issued_on"].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"
        subjects = range(1, len(terms.subjects) + 1)
        known = noted if noted and all(number in noted for number in subjects) else {}  # all years or none
        if terms.window_years > 1:
            for number, subject in enumerate(terms.subjects, start=1):
                words = _("Year in which you passed “%(subject)s”") % {"subject": subject}
                self.fields[f"subject_{number}"] = _year(words, initial=known.get(number))
        else:
            self.fields["exam_year"] = _year(
                _("Year of the examination"), initial=max(known.values(), default=None)
            )
        if terms.slip_years:
            self.fields["slip_on"] = forms.DateField(
                label=_("Day of the pass slip"),
                required=False,
                widget=DayInput(),
                input_formats=DAYS,
                error_messages=WORDS,
                help_text=_("The review follows while the slip is valid: %(years)s years.")
                % {"years": terms.slip_years},
            )
        self.order_fields([name for name in self.fields if "scan" not in name])

    def clean_number(self) -> str:
        number = plain_number(self.cleaned_data["number"])
        if not number:
            raise forms.ValidationError(_("Write the number."))
        if len(number) > 40:
            raise forms.ValidationError(_("A certificate number has 4 to 40 signs."))
        return number

    def clean_issued_on(self) -> datetime.date:
        return sane(self.cleaned_data["issued_on"])

    def clean_slip_on(self) -> datetime.date | None:
        day = self.cleaned_data["slip_on"]
        return sane(day) if day else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        years = [name for name in self.fields if name.startswith("subject_")]
        said = [name for name in years if data.get(name)]
        if said and len(said) != len(years):
            for name in set(years) - set(said) - set(self.errors):
                self.add_error(name, _("Write the year of every subject, or of none."))
        return data

    @property
    def said(self) -> Said:
        """What was typed, once the form is valid."""
        data = self.cleaned_data
        subjects = enumerate(self.terms.subjects, start=1)
        passes = tuple(
            (number, data[f"subject_{number}"]) for number, _s in subjects if data.get(f"subject_{number}")
        )
        year = data.get("exam_year") or max((year for _number, year in passes), default=None)
        return Said(data["number"], data["issued_on"], year, passes, data.get("slip_on"))

    def refuse(self, refusal: Any) -> None:
        """Say at its field what the action refused."""
        field = refusal.field if refusal.field in self.fields else None
        if refusal.field == "exam_year" and field is None:
            field = next((name for name in self.fields if name.startswith("subject_")), None)
        self.add_error(field, str(refusal))


def sane(day: datetime.date) -> datetime.date:
    """A day that calendars can count on from: not in the last years that there are."""
    if day.year > 9000:
        raise forms.ValidationError(WORDS["invalid"])
    return day


class LevelChoice(forms.Form):
    """Which level is declared or noted; the page of it asks the rest."""

    level = forms.ModelChoiceField(queryset=QualificationLevel.objects.none(), to_field_name="code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = QualificationLevel.objects.active()


class ExamForm(forms.Form):
    """A subject of one level that was passed in a year."""

    subject = forms.TypedChoiceField(label=_("Examination subject"), coerce=int, widget=forms.RadioSelect)
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, *args: Any, terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = timezone.localdate().year
        subject, year = self.fields["subject"], self.fields["year"]
        assert isinstance(subject, forms.ChoiceField) and isinstance(year, forms.ChoiceField)
        subject.choices = list(enumerate(terms.subjects, start=1))
        year.choices = [(each, str(each)) for each in range(this_year, EARLIEST_YEAR - 1, -1)]
        if terms.slip_years:
            self.fields["slip_on"] = forms.DateField(
                label=_("Day of the pass slip"),
                required=False,
                widget=DayInput(),
                input_formats=DAYS,
                error_messages=WORDS,
            )

    def clean_slip_on(self) -> datetime.date | None:
        day = self.cleaned_data["slip_on"]
        return sane(day) if day else None
