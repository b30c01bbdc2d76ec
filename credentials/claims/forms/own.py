"""What a claimant says in a claim: the facts that no record knows, the account, a paper; and an appeal."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.attachments.actions import kept_file
from core.attachments.forms import AttachmentField, HeldFilesForm
from core.attachments.models import Attachment
from core.organisations.regions import read_regions
from core.people.forms import DayInput
from core.people.models import ServiceField
from core.people.policy import bank_number_ok, normalise_number
from core.ui.fields import LineField
from credentials.policies.policy.facts import Type, type_of
from credentials.policies.queries.labels import LEVELS, VALUES, fact_label

BANK_VERSION = "2026-11"  # of the words in which the consent to keep an account is asked for
ACCOUNT = re.compile(r"[0-9]{8,30}")
DAYS = ["%Y-%m-%d", "%Y/%m/%d"]
RANKS = ("national", "provincial", "city", "county")
CHOICES: Mapping[str, Any] = {
    "title.rank": [(one, VALUES[one]) for one in RANKS],
    "qualification.level": list(LEVELS.items()),
    "year.level": list(LEVELS.items()),
}
YES_OR_NO = [("yes", pgettext_lazy("fact", "Yes")), ("no", pgettext_lazy("fact", "No"))]
CHOOSE = ("", pgettext_lazy("option", "Choose"))


def field_name(path: str) -> str:
    """The name of the field for a fact: work.since is `fact-work-since`."""
    return "fact-" + path.replace(".", "-")


def _regions(jurisdiction: str) -> list[Any]:
    """The cities and counties of the policy's province, and the other provinces as a whole."""
    stem = jurisdiction[:2]
    rows = [row for row in read_regions() if row.level != "street"]
    near = [(row.code, row.name) for row in rows if row.code.startswith(stem) and row.level != "province"]
    far = [(row.code, row.name) for row in rows if row.level == "province"]
    return [CHOOSE, *near, (pgettext_lazy("region", "Elsewhere in China"), far)]


def fact_field(path: str, jurisdiction: str) -> forms.Field:
    """A field for a fact by its type in the catalogue. None is required: a draft may be kept half done."""
    said: dict[str, Any] = {"label": fact_label(path), "required": False}
    kind = type_of(path)
    if kind is Type.DAY:
        invalid = {"invalid": _("There is no such day. Write it like 2026-03-14.")}
        return forms.DateField(widget=DayInput(), input_formats=DAYS, error_messages=invalid, **said)
    if kind is Type.TRUTH:
        return forms.ChoiceField(choices=YES_OR_NO, widget=forms.RadioSelect, **said)
    if kind is Type.NUMBER:
        return forms.IntegerField(
            min_value=0, max_value=9999, widget=forms.NumberInput(attrs={"inputmode": "numeric"}), **said
        )
    if kind is Type.REGION:
        return forms.ChoiceField(choices=lambda: _regions(jurisdiction), **said)
    if kind is Type.TEXTS:
        names = [(one.name, one.name_here) for one in ServiceField.objects.filter(is_active=True)]
        return forms.MultipleChoiceField(choices=names, widget=forms.CheckboxSelectMultiple, **said)
    if path in CHOICES:
        return forms.ChoiceField(choices=[CHOOSE, *CHOICES[path]], **said)
    return LineField(max_length=120, **said)


class ClaimForm(forms.Form):
    """The draft of a claim: whatever is right in it is kept, whatever is not is said at its field."""

    no_consent = _("Without your agreement the account number cannot be kept.")
    unsure = _("No bank card has this number: compare every digit, and confirm it when you go on")

    bank = LineField(
        label=_("Bank, with the full name of the branch"),
        max_length=120,
        required=False,
        help_text=_(
            "As on the contract of the account, down to the branch: the payment comes back otherwise."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    account = forms.CharField(
        label=_("Account number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    checked = forms.BooleanField(label=_("I have compared every digit: the number is right"), required=False)
    agrees = forms.BooleanField(
        label=_("I agree that my bank account is kept for this payment"),
        required=False,
        help_text=_(
            "It is kept encrypted, seen by whoever pays and by nobody else, and used to pay this subsidy alone. You can "
            "take the agreement back until it is paid."
        ),
    )

    def __init__(
        self,
        *args: Any,
        facts: Iterable[str],
        jurisdiction: str,
        masked: str = "",
        pays: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.facts = tuple(facts)
        self.masked = masked
        for path in self.facts:
            self.fields[field_name(path)] = fact_field(path, jurisdiction)
        if not pays:
            for name in ("bank", "account", "checked", "agrees"):
                del self.fields[name]
        elif masked:
            self.fields["account"].help_text = _("Kept: %(masked)s. Leave it empty to keep it so.") % {
                "masked": masked
            }
        if pays and not self._is_doubtful():
            del self.fields["checked"]
        for field in self.fields.values():
            field.needed_later = True  # type: ignore[attr-defined]

    def _is_doubtful(self) -> bool:
        """Whether a number was typed that no bank card has: then it is to be compared digit by digit."""
        typed = normalise_number(str(self.data.get("account", "") or ""))
        return bool(ACCOUNT.fullmatch(typed)) and not bank_number_ok(typed)

    @property
    def fact_fields(self) -> list[Any]:
        return [self[field_name(path)] for path in self.facts]

    @property
    def bank_fields(self) -> list[Any]:
        return [self[name] for name in ("bank", "account", "checked", "agrees") if name in self.fields]

    def clean_account(self) -> str:
        number = normalise_number(self.cleaned_data["account"])
        if number and not ACCOUNT.fullmatch(number):
            raise forms.ValidationError(_("An account number has 8 to 30 digits and nothing else."))
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "account" in self.fields and data.get("account"):
            if not data.get("agrees") and "agrees" not in self.errors:
                self.add_error("agrees", self.no_consent)
            if "checked" in self.fields and not data.get("checked"):
                words = _("No bank card has this number. Compare every digit; if it is right, tick the box.")
                self.add_error("checked", words)
        for path in self.facts:
            self._check_day(path, data.get(field_name(path)))
        return data

    def _check_day(self, path: str, value: Any) -> None:
        if isinstance(value, datetime.date) and value > timezone.localdate() and not path.endswith("until"):
            self.add_error(field_name(path), _("This day lies in the future."))
        elif isinstance(value, datetime.date) and value.year < 1950:
            self.add_error(field_name(path), _("This day is too long ago. Check the year."))

    def declared(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """What is said of each fact, as text; where a field is at fault, what was said before stays."""
        found = {path: value for path, value in before.items() if path not in self.facts}
        for path in self.facts:
            name = field_name(path)
            if name in self.errors:
                found |= {path: before[path]} if path in before else {}
            elif (value := self.cleaned_data.get(name)) not in (None, "", []):
                found[path] = value if isinstance(value, list) else str(value)
        return found

    def left_out(self) -> list[str]:
        """What was typed and cannot be kept, each with its reason."""
        found = []
        for name, faults in self.errors.items():
            field = self.fields["account" if name in ("checked", "agrees") else name]
            why = self.unsure if name == "checked" else faults[0]
            found.append(_("%(field)s (%(why)s)") % {"field": field.label, "why": str(why).rstrip("。.")})
        return found

    @property
    def account_typed(self) -> str | None:
        """The number that was typed and can be kept; None leaves the one of before."""
        faults = {"account", "checked", "agrees"} & set(self.errors)
        return None if faults else self.cleaned_data.get("account") or None


class AccountForm(ClaimForm):
    """Another account, after the bank could not pay into the one of before: all of it is needed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, facts=(), jurisdiction="", **kwargs)
        for name, words in {
            "bank": _("Write the bank with the full name of the branch."),
            "account": _("Write the account number."),
            "agrees": _("Without your agreement the account number cannot be kept."),
        }.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = words


class PaperForm(forms.Form):
    """One paper for one slot."""

    slot = forms.CharField(max_length=60, widget=forms.HiddenInput)
    file = AttachmentField(scan=True, label=_("File"), error_messages={"required": _("Choose a file first.")})


class StartForm(forms.Form):
    """Which offer is claimed."""

    version = forms.IntegerField()
    benefit = forms.CharField(max_length=60)
    key = forms.CharField(max_length=120, required=False)
    year = forms.IntegerField(required=False, min_value=2000, max_value=2100)


class HandInForm(forms.Form):
    """The word of the claimant that all of it is true."""

    declares = forms.BooleanField(
        label=_("What I have said is true, and nothing of what the policy excludes applies to me"),
        error_messages={"required": _("Tick the declaration: without it nothing can be handed in.")},
    )


class AppealForm(HeldFilesForm):
    """Why a refusal should be looked at again, with papers that prove it."""

    words = forms.CharField(
        label=_("Why it should be looked at again"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Say what is wrong in the reason, and what proves it. Somebody else decides."),
        error_messages={"required": _("Say why it should be looked at again.")},
    )
    paper_1 = AttachmentField(
        scan=True,
        required=False,
        label=_("Paper that proves it"),
        help_text=_("PDF or picture, up to 10 MB. Only the officers who decide about your claim see it."),
    )
    paper_2 = AttachmentField(scan=True, required=False, label=_("Second paper"))
    paper_3 = AttachmentField(scan=True, required=False, label=_("Third paper"))

    def kept(self) -> list[Attachment]:
        """The files that were handed in, with this try or with an earlier one; keeps those that are new."""
        given = (self.given(name) for name in self.fields if name.startswith("paper_"))
        return [kept_file(file=one, actor=self.actor) for one in given if one]
