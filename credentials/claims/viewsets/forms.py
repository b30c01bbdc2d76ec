"""What officers type about claims: filters, verdicts, answers, entries on behalf, and earlier payments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.attachments.forms import AttachmentField
from core.people.forms import DayInput
from core.ui.fields import LineField
from credentials.claims.queries.desk import SHOWN, Asked, districts_for, policies_for
from credentials.claims.states import Verdict
from credentials.policies.policy import Benefit, Finding, Policy
from credentials.policies.policy.facts import Type, type_of
from credentials.policies.queries.labels import fact_label, value_label
from credentials.policies.queries.reading import STAGES
from credentials.policies.queries.words import said
from credentials.policies.states import Kind

DAYS = ["%Y-%m-%d", "%Y/%m/%d"]
NO_DAY = {"invalid": _("There is no such day. Write it like 2026-03-14."), "required": _("Write the day.")}
ANY = [("", _("All"))]


class ClaimFilter(forms.Form):
    """What the list shows. Nonsense asks for nothing."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=60)
    stage = forms.ChoiceField(label=_("stage"), required=False, choices=[*ANY, *STAGES.items()])
    policy = forms.ChoiceField(label=_("subsidy policy"), required=False)
    district = forms.ChoiceField(label=pgettext_lazy("claim", "District"), required=False)
    state = forms.ChoiceField(required=False, choices=[("", ""), *((one.value, one.label) for one in SHOWN)])
    waiting = forms.ChoiceField(required=False, choices=[("", ""), ("on", "on")])
    overdue = forms.ChoiceField(required=False, choices=[("", ""), ("on", "on")])

    shown = ("q", "stage", "policy", "district")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("policy", policies_for(user))
        self._choose("district", districts_for(user))

    def _choose(self, name: str, found: list[tuple[int, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*ANY, *((str(pk), label) for pk, label in found)]

    @property
    def asked(self) -> Asked:
        self.is_valid()
        data = self.cleaned_data
        return Asked(
            waiting=bool(data.get("waiting")),
            overdue=bool(data.get("overdue")),
            state=data.get("state", ""),
            stage=data.get("stage", ""),
            policy=int(data["policy"]) if data.get("policy") else None,
            district=int(data["district"]) if data.get("district") else None,
            q=data.get("q", "").strip(),
        )


class ReviewForm(forms.Form):
    """The decision at a stage: what is found of each open point, and the reason of a return or a refusal."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to return or to refuse a claim. The claimant reads it."),
    )

    def __init__(self, *args: Any, points: tuple[tuple[Finding, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = points
        for number, (_finding, title) in enumerate(points):
            self.fields[f"judge-{number}"] = forms.ChoiceField(
                label=title,
                required=False,
                choices=[
                    ("", pgettext_lazy("open point", "Leave it open")),
                    ("yes", pgettext_lazy("open point", "Fulfilled")),
                    ("no", pgettext_lazy("open point", "Not fulfilled")),
                ],
            )
            self.fields[f"words-{number}"] = LineField(
                label=_("By what you know it"), required=False, max_length=300
            )
        self.order_fields([name for name in self.fields if name != "reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in range(len(self.points)):
            if data.get(f"judge-{number}") and not data.get(f"words-{number}", "").strip():
                self.add_error(f"words-{number}", _("Write by what you know it: it stays with the decision."))
        return data

    @property
    def verdict(self) -> Verdict | None:
        said_ = self.data.get("verdict", "")
        return Verdict(said_) if said_ in Verdict.values else None

    @property
    def judged(self) -> dict[str, dict[str, Any]]:
        """What was found, by the name of the condition."""
        return {
            finding.name: {"passes": found == "yes", "words": self.cleaned_data[f"words-{number}"]}
            for number, (finding, _title) in enumerate(self.points)
            if (found := self.cleaned_data.get(f"judge-{number}"))
        }


class ConflictForm(forms.Form):
    words = LineField(
        label=_("How you are connected"),
        max_length=300,
        help_text=_("Such as: relative, classmate, my own supervisee. From then on somebody else decides."),
    )


class AppealForm(forms.Form):
    upheld = forms.ChoiceField(
        label=pgettext_lazy("claim", "decision"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", _("Uphold it: the claim is reviewed again from its first stage")),
            ("no", _("Dismiss it: the refusal stands")),
        ],
        error_messages={"required": _("Choose one.")},
    )
    answer = forms.CharField(
        label=pgettext_lazy("claim", "Answer"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The claimant reads it."),
        error_messages={"required": _("Write the answer.")},
    )


class EnterForm(forms.Form):
    """For what somebody claims, and the proof that the officer was asked to enter it."""

    offer = forms.ChoiceField(
        label=_("What is claimed"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is claimed.")},
    )
    proof = AttachmentField(
        label=_("Proof that you were asked to"),
        scan=True,
        help_text=_("Such as a request with a signature: PDF or picture, up to 10 MB."),
        error_messages={
            "required": _("Hand in the proof: without it nobody enters a claim for somebody else.")
        },
    )

    def __init__(self, *args: Any, offers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["offer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offers


class FillForm(forms.Form):
    """What a claim needs, typed in by an officer: facts that nobody knows, papers, and where the money goes."""

    bank = LineField(label=_("Bank with the full name of the branch"), max_length=120, required=False)
    account = LineField(
        label=_("Account number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    agrees = forms.BooleanField(
        label=_("The claimant has consented in writing that the account number is kept for this payment"),
        required=False,
    )

    def __init__(
        self, *args: Any, facts: tuple[str, ...], policy: Policy, benefit: Benefit, key: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.facts = tuple(path for path in facts if type_of(path) in FIELDS)
        for number, path in enumerate(self.facts):
            self.fields[f"fact-{number}"] = FIELDS[type_of(path)](path)  # type: ignore[index]
        self.slots = [one for one in benefit.documents if one.when in ("", key)]
        for number, slot in enumerate(self.slots):
            self.fields[f"paper-{number}"] = AttachmentField(
                label=said(slot.words), scan=True, required=False, help_text=_("PDF or picture, up to 10 MB.")
            )
        if policy.channel == "none":
            for name in ("bank", "account", "agrees"):
                del self.fields[name]
        last = [name for name in ("bank", "account", "agrees") if name in self.fields]
        self.order_fields([name for name in self.fields if name not in last] + last)

    def clean_account(self) -> str:
        account = "".join(self.cleaned_data["account"].split())
        if account and not (account.isdecimal() and account.isascii() and 8 <= len(account) <= 30):
            raise forms.ValidationError(_("An account number has 8 to 30 digits."))
        return account

    @property
    def declared(self) -> dict[str, str]:
        """What was typed of the facts, as text."""
        found = {}
        for number, path in enumerate(self.facts):
            value = self.cleaned_data.get(f"fact-{number}")
            if value not in (None, ""):
                found[path] = value.isoformat() if hasattr(value, "isoformat") else str(value)
        return found

    @property
    def papers(self) -> list[tuple[str, Any]]:
        found = ((slot.name, self.cleaned_data.get(f"paper-{n}")) for n, slot in enumerate(self.slots))
        return [(name, upload) for name, upload in found if upload]


def _day(path: str) -> forms.Field:
    return forms.DateField(
        label=fact_label(path),
        required=False,
        widget=DayInput,
        input_formats=DAYS,
        error_messages=NO_DAY,
    )


def _truth(path: str) -> forms.Field:
    choices = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]
    return forms.ChoiceField(label=fact_label(path), required=False, choices=choices)


def _number(path: str) -> forms.Field:
    return forms.IntegerField(label=fact_label(path), required=False, min_value=0, max_value=9999)


def _text(path: str) -> forms.Field:
    return LineField(label=fact_label(path), required=False, max_length=120)


def _region(path: str) -> forms.Field:
    return forms.RegexField(
        r"^[0-9]{6}$",
        label=fact_label(path),
        required=False,
        help_text=_("The code of the region, six digits."),
    )


FIELDS = {Type.DAY: _day, Type.TRUTH: _truth, Type.NUMBER: _number, Type.TEXT: _text, Type.REGION: _region}


class EarlierForm(forms.Form):
    """What was paid before the product knew of it, with its proof."""

    what = forms.ChoiceField(
        label=_("What was paid"), error_messages={"required": _("Choose what was paid.")}
    )
    key = LineField(
        label=_("For which title or year"),
        required=False,
        max_length=120,
        help_text=_("Only where it is no level: such as 2025, or the name of the title."),
    )
    amount = forms.DecimalField(label=_("Amount in yuan"), min_value=0.01, max_digits=12, decimal_places=2)
    on = forms.DateField(
        label=_("Day of the payment"), widget=DayInput, input_formats=DAYS, error_messages=NO_DAY
    )
    words = LineField(
        label=_("Where it comes from"),
        max_length=300,
        help_text=_("Such as: payment list of 2023, line 12."),
    )
    proof = AttachmentField(
        label=_("Proof"), scan=True, error_messages={"required": _("Hand in the proof of the payment.")}
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *choices]


def payable(policy: Policy) -> list[tuple[str, str, str]]:
    """What a policy pays: benefit, level where it is paid by levels, and both in words."""
    found = []
    for one in policy.benefits:
        if one.kind is Kind.IN_KIND:
            continue
        if one.kind is Kind.HIGHEST_LEVEL:
            found += [(one.name, key, f"{said(one.words)} · {value_label(key)}") for key in one.amounts]
        else:
            found.append((one.name, "", said(one.words)))
    return found


class NoticeForm(forms.Form):
    """How a public notice of claims is headed, and how the office is reached."""

    title = LineField(label=_("Title"), max_length=120)
    contact = LineField(
        label=pgettext_lazy("public notice", "contact"),
        max_length=200,
        help_text=_("Name of the office, its landline or e-mail. No mobile number."),
    )
