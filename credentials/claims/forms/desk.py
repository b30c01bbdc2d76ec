"""What officers type about claims: filters, verdicts, answers, and what ends them. Entries for others: `entering`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.attachments.forms import AttachmentField
from core.people.forms import DayInput
from core.ui.fields import LineField
from credentials.claims.policy import lines_of
from credentials.claims.queries.desk import SHOWN, Asked, districts_for, policies_for
from credentials.claims.states import Verdict
from credentials.policies.policy import Finding
from credentials.policies.queries.reading import STAGES

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


LEFT_OPEN = pgettext_lazy("open point", "Leave it open")


class ReviewForm(forms.Form):
    """The decision at a stage: what is found of each open point, and the reason of a return or a refusal."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to return or to refuse a claim. The claimant reads it."),
    )

    def __init__(
        self, *args: Any, points: tuple[tuple[Finding, str], ...], found: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.points = points
        for finding, title in points:
            self.fields[f"judge-{finding.name}"] = forms.ChoiceField(
                label=title,
                required=False,
                help_text=escape(  # somebody typed it, and help texts are markup
                    " · ".join(filter(None, [*lines_of(finding), found.get(finding.name, "")]))
                ),
                choices=[
                    ("", _("Leave it as it is") if finding.name in found else LEFT_OPEN),
                    ("yes", pgettext_lazy("open point", "Fulfilled")),
                    ("no", pgettext_lazy("open point", "Not fulfilled")),
                ],
            )
            self.fields[f"words-{finding.name}"] = LineField(
                label=_("By what you know it"), required=False, max_length=300
            )
        self.order_fields([name for name in self.fields if name != "reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for finding, _title in self.points:
            words = f"words-{finding.name}"
            if data.get(f"judge-{finding.name}") and not data.get(words, "").strip():
                self.add_error(words, _("Write by what you know it: it stays with the decision."))
        return data

    @property
    def verdict(self) -> Verdict | None:
        said_ = self.data.get("verdict", "")
        return Verdict(said_) if said_ in Verdict.values else None

    @property
    def judged(self) -> dict[str, dict[str, Any]]:
        """What was found, by the name of the condition."""
        return {
            finding.name: {"passes": found == "yes", "words": self.cleaned_data[f"words-{finding.name}"]}
            for finding, _title in self.points
            if (found := self.cleaned_data.get(f"judge-{finding.name}"))
        }


class ConflictForm(forms.Form):
    words = LineField(
        label=_("How you are connected"),
        max_length=300,
        help_text=_("Such as: relative, classmate, my own supervisee. From then on somebody else decides."),
    )


class AnswerForm(forms.Form):
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


class NoticeForm(forms.Form):
    """How a public notice of claims is headed, and how the office is reached."""

    title = LineField(label=_("Title"), max_length=120)
    contact = LineField(
        label=pgettext_lazy("public notice", "contact"),
        max_length=200,
        help_text=_("Name of the office, its landline or e-mail. No mobile number."),
    )


class GiveForm(forms.Form):
    """What was handed over, and on which day."""

    on = forms.DateField(
        label=_("Handed over on"),
        widget=DayInput(),
        initial=timezone.localdate,
    )
    words = LineField(
        label=_("What was handed over"),
        max_length=300,
        help_text=_("Such as: course voucher No. 12, receipt signed. The claimant reads it."),
    )


class CloseForm(forms.Form):
    """Why the claimant cannot sign in, and by what the officer knows who they are."""

    close_reason = LineField(
        label=_("Why they cannot sign in, and how you know who it is"),
        max_length=1000,
        help_text=_("The audit keeps it, and the claimant reads it."),
    )
    close_proof = AttachmentField(
        label=_("Proof"),
        scan=True,
        help_text=_("Such as the signed statement of the person, with whom you have compared the ID card."),
    )
