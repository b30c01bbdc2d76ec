"""The applicant's form as a plan asks for it, and the officer's forms for plans, quotas and codes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput

from core.access.scope import scope_of
from core.access.states import Role
from core.attachments.forms import AttachmentField, HeldFilesForm
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.people.forms import DayInput
from lms.admissions.actions import HandedIn
from lms.admissions.models import AdmissionPlan
from lms.admissions.policy import PAST, Answer, Asked, Question, past_end
from lms.admissions.queries import Admission
from lms.admissions.states import Level
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled, words

FEW = 6  # answers that are shown side by side instead of in a list that opens
PROOF = "level_proof"
STREAMS = ("questions", "conditions", "stages")


class AskedForm(HeldFilesForm):
    """The questions of a plan, and where nobody knows the applicant's level, the level with its certificate."""

    def __init__(self, *args: Any, admission: Admission | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: dict[str, Question] = {}
        if admission is None:
            return
        for question in admission.questions:
            self._ask(f"q-{question.key}", question)
        if admission.levels:
            self._ask_level(admission.levels)
        self.order_fields([*self.asked, "level", PROOF, "statement", "confirmed"])

    def _ask(self, name: str, question: Question) -> None:
        self.asked[name] = question
        field = _field(question)
        field.label = titled(question.label, question.label_en)
        field.help_text = question.help
        field.required = question.required
        self.fields[name] = field
        self.say_held(name)

    def _ask_level(self, wanted: tuple[str, ...]) -> None:
        labels = dict(Level.choices)
        self.fields["level"] = forms.ChoiceField(
            label=_("Which national level do you hold?"),
            help_text=_(
                "No verified certificate of yours is known here. Those who decide see what you declare."
            ),
            choices=[(level, labels.get(level, level)) for level in wanted],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose the level that is on your certificate.")},
        )
        label = _("The certificate of this level")
        self._ask(PROOF, Question(PROOF, Asked.DOCUMENT, str(label), help=gettext("A scan or a photo.")))

    def handed_in(self, code: str) -> HandedIn:
        """What was answered, with the questions as they were asked; the files are kept with the application."""
        return HandedIn(
            answers=tuple(self._answer(name, question) for name, question in self.asked.items()),
            level=self.cleaned_data.get("level", ""),
            code=code,
            uploads={self.asked[name].key: upload for name, upload in self.uploads().items()},
        )

    def _answer(self, name: str, question: Question) -> Answer:
        value = self.cleaned_data.get(name)
        common = (question.key, question.kind, question.label, question.label_en)
        if question.kind is Asked.DOCUMENT:
            file = None if value else self.held(name)
            return Answer(*common, value=file.name if file else None, attachment=file.pk if file else None)
        if question.kind is Asked.SEVERAL:
            return Answer(*common, value=tuple(value or ()))
        if question.kind is Asked.DATE:
            return Answer(*common, value=value.isoformat() if value else None)
        if question.kind is Asked.YES_NO:
            return Answer(*common, value=None if value in (None, "") else value == "yes")
        return Answer(*common, value=str(value) if value not in (None, "") else None)


def _field(question: Question) -> Any:
    """The field in which this kind of question is answered."""
    choices = [(text, text) for text in question.choices]
    if question.kind is Asked.LONG:
        return forms.CharField(max_length=3000, widget=forms.Textarea(attrs={"rows": 5}))
    if question.kind is Asked.NUMBER:
        return forms.DecimalField(max_digits=14, decimal_places=2)
    if question.kind is Asked.DATE:
        return forms.DateField(widget=DayInput)
    if question.kind is Asked.ONE:
        if len(choices) <= FEW:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
        return forms.ChoiceField(choices=[("", "—"), *choices])
    if question.kind is Asked.SEVERAL:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)
    if question.kind is Asked.YES_NO:
        return forms.ChoiceField(
            choices=[("yes", pgettext_lazy("answer", "Yes")), ("no", pgettext_lazy("answer", "No"))],
            widget=forms.RadioSelect,
        )
    if question.kind is Asked.DOCUMENT:
        return AttachmentField()
    return forms.CharField(max_length=300)


class EnterCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Invitation code"),
        max_length=40,
        help_text=_("Ten letters and digits, as in K7QMP-2XW9D. Capital or small makes no difference."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Write the code that you were given.")},
    )


class PlanForm(WagtailAdminModelForm):
    class Meta:
        model = AdmissionPlan
        fields = ["organisation", "name", "name_en", "is_active", "questions", "conditions", "stages"]

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        mine = Organisation.objects.active().filter(scope_of(self.for_user).q("", Role.ADMINISTRATOR))
        rows = mine.exclude(tier="station").order_by("path")
        offer_organisations(field, rows)
        if self.instance.pk:
            field.disabled = True
        elif not self.is_bound:
            field.initial = rows.first()
        self.damaged = [name for name in STREAMS if self.is_bound and not self._arrived(name)]
        for name in self.damaged:
            kept = self.data.copy()
            kept[f"{self.add_prefix(name)}-count"] = "0"  # nothing of it can be read, nor shown
            self.data = kept

    def _arrived(self, name: str) -> bool:
        """Whether the blocks of a field came whole: their counts and kinds are written by the editor's script."""
        widget = self.fields[name].widget
        try:
            widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        except (KeyError, ValueError, OverflowError):
            return False
        return True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.damaged:
            self.add_error(
                name, _("This part did not arrive whole. Load the page again and enter it once more.")
            )
        return data


class QuotaForm(forms.Form):
    """So many places for an organisation below the one that runs the cohort."""

    organisation = forms.ModelChoiceField(label=_("Keep for"), queryset=Organisation.objects.none())
    places = forms.IntegerField(label=_("places"), min_value=1, max_value=100_000)
    until = forms.DateTimeField(
        label=_("kept until"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=_("Empty: until applications close. Then what is left is open to all."),
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closes_at, top = cohort.closes_at, cohort.organisation
        rows = Organisation.objects.active().filter(path__startswith=top.path).exclude(pk=top.pk)
        offer_organisations(self.fields["organisation"], rows)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "until" not in self.errors:
            wrong = past_end(data.get("until"), self.closes_at, now=timezone.now())
            if wrong:
                self.add_error("until", words(wrong))
        return data


class CodeForm(forms.Form):
    """A code with which so many people may apply."""

    uses_allowed = forms.IntegerField(
        label=_("For how many people"), min_value=1, max_value=10_000, initial=1
    )
    expires_at = forms.DateTimeField(label=_("Valid until"), required=False, widget=AdminDateTimeInput)
    note = forms.CharField(
        label=_("Note, for colleagues only"),
        max_length=120,
        required=False,
        help_text=_("Only you and your colleagues see this."),
    )

    def clean_expires_at(self) -> datetime | None:
        end: datetime | None = self.cleaned_data["expires_at"]
        if end is not None and end <= timezone.now():
            raise ValidationError(gettext(PAST))
        return end
