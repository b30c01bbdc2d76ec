"""What officers type in for somebody else: a claim on their behalf, and what was paid before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.attachments.forms import AttachmentField
from core.people.forms import DayInput
from core.ui.fields import LineField
from credentials.claims.forms import ClaimForm
from credentials.policies.policy import Benefit, Policy
from credentials.policies.queries.labels import value_label
from credentials.policies.queries.words import said
from credentials.policies.states import Kind

DAYS = ["%Y-%m-%d", "%Y/%m/%d"]
NO_DAY = {"invalid": _("There is no such day. Write it like 2026-03-14."), "required": _("Write the day.")}


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
        help_text=_(
            "A request with a signature, and the consent that the account number is kept: PDF or picture, up to 10 MB."
        ),
        error_messages={
            "required": _("Hand in the proof: without it nobody enters a claim for somebody else.")
        },
    )

    def __init__(self, *args: Any, offers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["offer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offers


class FillForm(ClaimForm):
    """What a claim needs, typed in by an officer: facts that nobody knows, papers, and where the money goes. What the
    claimant's own form refuses is refused here."""

    no_consent = _("Without the claimant’s written consent the account number cannot be kept.")

    def __init__(
        self, *args: Any, facts: Iterable[str], policy: Policy, benefit: Benefit, key: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, facts=facts, jurisdiction=policy.jurisdiction, **kwargs)
        if "agrees" in self.fields:
            self.fields["agrees"].label = _(
                "The claimant has consented in writing that the account number is kept for this payment"
            )
            self.fields["agrees"].help_text = _(
                "The signed consent lies with the proof. Without it no account number is kept."
            )
        self.slots = [one for one in benefit.documents if one.when in ("", key)]
        for slot in self.slots:
            self.fields[f"paper-{slot.name}"] = AttachmentField(
                label=said(slot.words), scan=True, required=False, help_text=_("PDF or picture, up to 10 MB.")
            )
        last: list[str] = [name for name in ("bank", "account", "checked", "agrees") if name in self.fields]
        self.order_fields([name for name in self.fields if name not in last] + last)

    @property
    def papers(self) -> list[tuple[str, Any]]:
        found = ((slot.name, self.cleaned_data.get(f"paper-{slot.name}")) for slot in self.slots)
        return [(name, upload) for name, upload in found if upload]


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
