"""What officers type in for somebody else: a claim on their behalf, and what was paid before."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.attachments.actions import kept_file
from core.attachments.forms import AttachmentField, HeldFilesForm
from core.attachments.models import Attachment
from core.people.forms import DayInput
from core.ui.fields import LineField
from credentials.claims.forms.own import ClaimForm
from credentials.policies.policy import ANY, Benefit, Facts, Policy
from credentials.policies.queries.labels import LEVELS, value_label
from credentials.policies.queries.words import said
from credentials.policies.states import Kind

DAYS = ["%Y-%m-%d", "%Y/%m/%d"]
NO_DAY = {"invalid": _("There is no such day. Write it like 2026-03-14."), "required": _("Write the day.")}


ANY_YEAR = "year"  # stands for a key that is the year, in the choices of what was paid


def file_of(form: HeldFilesForm, name: str) -> Attachment | None:
    """The file of this field, chosen now or with an earlier try. Side effect: a new one is kept."""
    file = form.given(name)
    return kept_file(file=file, actor=form.actor) if file else None


class EnterForm(HeldFilesForm):
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


class FillForm(ClaimForm, HeldFilesForm):
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
            self.say_held(f"paper-{slot.name}")
        last: list[str] = [name for name in ("bank", "account", "checked", "agrees") if name in self.fields]
        self.order_fields([name for name in self.fields if name not in last] + last)

    def papers(self) -> list[tuple[str, Attachment]]:
        """The papers that were chosen now or with an earlier try, by their slot; keeps those that are new."""
        found = ((slot.name, file_of(self, f"paper-{slot.name}")) for slot in self.slots)
        return [(name, file) for name, file in found if file is not None]


class EarlierForm(HeldFilesForm):
    """What was paid before the product knew of it, with its proof."""

    what = forms.ChoiceField(
        label=_("What was paid"),
        help_text=_(
            "A title that is not listed is not on record yet: register it first, then enter the payment."
        ),
        error_messages={"required": _("Choose what was paid.")},
    )
    year = forms.RegexField(
        r"^[12][0-9]{3}$",
        label=_("For which year"),
        required=False,
        help_text=_("Only where it is paid by years: such as 2025."),
        error_messages={"invalid": _("Write the year with four digits, such as 2025.")},
    )
    amount = forms.DecimalField(
        label=_("Amount in yuan"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
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

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self._key() == ANY_YEAR and "year" not in self.errors and not data.get("year"):
            self.add_error("year", _("Write the year with four digits, such as 2025."))
        return data

    def kept_proof(self) -> Attachment:
        """The proof of the payment. Side effect: a new file is kept."""
        proof = file_of(self, "proof")
        assert proof is not None
        return proof

    def _key(self) -> str:
        return str(self.cleaned_data.get("what", "")).rpartition("|")[2]

    @property
    def key(self) -> str:
        """What a later claim for the same is called by."""
        key = self._key()
        return str(self.cleaned_data["year"]) if key == ANY_YEAR else key


class CorrectionForm(EarlierForm):
    """The same anew, as its proof says it, and why."""

    reason = LineField(
        label=_("Why it is corrected"),
        max_length=300,
        help_text=_("Such as: the amount was mistyped. It is kept in the audit."),
        error_messages={"required": _("Write why it is corrected.")},
    )

    def __init__(self, *args: Any, proof: Attachment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = proof
        if self.held("proof") is None:
            self.fields["proof"].required = False
            words = _("Kept: %(name)s. Choose a file only if another one proves it.")
            self.fields["proof"].help_text = words % {"name": proof.name}

    def kept_proof(self) -> Attachment:
        return file_of(self, "proof") or self.before


def payable(policy: Policy, facts: Facts) -> list[tuple[str, str, str]]:
    """What a policy can have paid to somebody of whom this is known: benefit, key, and both in words. The key is what a claim
    for the same is called by: the level, or the title on record; ANY_YEAR where the year is still to be said."""
    found = []
    for one in policy.benefits:
        if one.kind is Kind.IN_KIND:
            continue
        words = said(one.words)
        if one.subject == "qualification":
            held = (str(item["level"]) for item in facts.qualifications or () if item.get("level"))
            is_named = one.kind is Kind.HIGHEST_LEVEL and (one.is_one_sum or ANY not in one.amounts)
            # One amount for all says no level.
            levels = one.amounts if is_named else dict.fromkeys((*LEVELS, *held))
            found += [(one.name, key, f"{words} · {value_label(key)}") for key in levels]
        elif one.subject == "title":
            for item in facts.titles or ():
                found.append(
                    (one.name, one.key_of(item), f"{words} · {item.get('name')} · {item.get('year')}")
                )
        elif one.subject == "year":
            found.append((one.name, ANY_YEAR, words))
        else:
            found.append((one.name, "", words))
    return found
