"""What people say about themselves: at sign-up, on their profile, and about their identity document."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.organisations.models import Organisation
from core.organisations.queries import Found, organisations_named
from core.people.actions import create_person, give_consent, name_kept_words
from core.people.fields import MobileField, PersonNameField, WordsField
from core.people.models import Person, ServiceField, User
from core.people.policy import IdType
from core.people.queries import is_name_kept
from core.people.sealed import lookup_hash

PRIVACY_VERSION = "2026-11"
NAME_HELP = _("As on your ID card: it is printed on your certificates.")


def where_to_read() -> str:
    return format_html(
        '<a href="{}" target="_blank">{}</a>',
        reverse("wagtail_serve", args=["privacy/"]),
        gettext("Read the privacy statement"),
    )


class SignupQuestions(forms.Form):
    """What we ask beside allauth's fields: who you are, and that you have read what we keep."""

    name = PersonNameField(label=_("Real name"), max_length=120, help_text=NAME_HELP)
    consent = forms.BooleanField(
        label=_("I have read the privacy statement and agree to it"),
        help_text=lazy(where_to_read, str)(),
        error_messages={"required": _("Without your agreement we may not keep an account for you.")},
    )
    field_order = ["name", "email", "phone", "password1", "password2", "consent"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth when the account exists: make the person, log the consent."""
        person = create_person(user=user, name=self.cleaned_data["name"])
        give_consent(person=person, purpose="account", version=PRIVACY_VERSION)


class DayInput(forms.DateInput):
    """The browser's own picker of days."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """The browser's own picker of times."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class PracticeMixin:
    """The day on which somebody began to practise is one that they can remember."""

    cleaned_data: dict[str, Any]

    def clean_practice_started_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["practice_started_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("This day lies in the future."))
        if day and day.year < 1950:
            raise ValidationError(_("This day is too long ago. Check the year."))
        return day


class ProfileForm(PracticeMixin, forms.ModelForm):
    """One's own profile. The employer is found by part of its name; `found` are the hits to choose from."""

    name = PersonNameField(label=_("Real name"), max_length=120, help_text=NAME_HELP)
    employer_words = forms.CharField(label=_("Find your employer"), max_length=60, required=False)
    employer = forms.ModelChoiceField(
        queryset=Organisation.objects.active(), required=False, label=_("Employer")
    )
    service_fields = forms.ModelMultipleChoiceField(
        label=_("Service fields"),
        queryset=ServiceField.objects.filter(is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    phone = MobileField(
        label=_("Mobile number"),
        required=False,
        help_text=_("You can sign in with it. Empty it to remove the number."),
    )

    class Meta:
        model = Person
        fields = [
            "name",
            "employer",
            "languages",
            "practice_started_on",
            "notice_mail",
            "notice_sms",
            "notice_wechat",
        ]
        labels = {
            "languages": _("Languages for supervision"),
            "practice_started_on": _("In practice since"),
            "notice_mail": _("Letters about notices"),
            "notice_sms": _("Also by text message to my mobile number"),
            "notice_wechat": _("Also by WeChat"),
        }
        field_classes = {"languages": WordsField}
        widgets = {"practice_started_on": DayInput(), "notice_mail": forms.RadioSelect()}
        help_texts = {
            "languages": _(
                "In which you would like to talk with a supervisor, such as Mandarin, Cantonese, sign language. It is "
                "used only to find you one, and shown to the administrators who do and to supervisors whom you ask."
            ),
            "notice_mail": _("All notices stand under “Notices” in any case; urgent ones are always sent."),
        }

    found: list[Found] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        phone = self.fields["phone"]
        assert isinstance(phone, MobileField)
        phone.kept = phone.initial = user.phone or ""
        for name in {"sms", "wechat"} - set(settings.NOTICE_CHANNELS):
            del self.fields[f"notice_{name}"]
        if self.instance.pk:
            self.fields["service_fields"].initial = self.instance.fields.all()
        self.fields["practice_started_on"].error_messages["invalid"] = _(
            "There is no such day. Check it again."
        )
        if self.instance.declared_employer_id:
            self.initial["employer"] = self.instance.declared_employer_id
        if self.instance.pk and is_name_kept(self.instance):
            self.fields["name"].disabled = True
            self.fields["name"].help_text = name_kept_words(self.instance)

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if (
            phone
            and User.objects.filter(phone_hash=lookup_hash("phone", phone)).exclude(pk=self.user.pk).exists()
        ):
            raise ValidationError(
                _(
                    "This number belongs to another account. If it is yours, ask your administrator to look into it."
                )
            )
        return phone

    def clean(self) -> dict[str, Any]:
        """Words without a choice: one hit is taken, of several the person must choose."""
        data = super().clean() or self.cleaned_data
        if data.get("notice_sms") and not data.get("phone") and "phone" not in self.errors:
            self.add_error("notice_sms", _("Enter your mobile number above first."))
        words = data.get("employer_words", "").strip()
        if words and "employer" not in self.changed_data:
            self.found = organisations_named(words)
            exact = [hit for hit in self.found if hit.organisation.name == words] or self.found
            if len(exact) == 1:
                data["employer"], self.found = exact[0].organisation, []
            elif self.found:
                self.add_error(
                    "employer_words", _("Choose one of the organisations below, or empty the words above.")
                )
            else:
                self.add_error(
                    "employer_words",
                    _(
                        "No organisation has these words in its name. Try a shorter part of it, or leave it empty."
                    ),
                )
        return data


class IdForm(forms.Form):
    """The identity document, asked for on its own and with a consent of its own (PIPL article 29)."""

    id_type = forms.ChoiceField(
        label=_("Type of document"), choices=Person.IdType.choices, initial=IdType.RESIDENT_ID.value
    )
    number = forms.CharField(
        label=_("Number of the document"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the number as it stands on the document.")},
    )
    consent = forms.BooleanField(
        label=_("I agree that this number is kept, sealed, to check my qualifications and to pay subsidies"),
        error_messages={"required": _("We may keep the number only if you agree to it.")},
    )
