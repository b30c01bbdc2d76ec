"""What a finance officer types: what to build, the reason of a return, the bank's table, a result, a budget; and a
claimant's account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.attachments.forms import AttachmentField
from core.people.forms import DayInput
from core.ui.fields import LineField
from credentials.payments.policy import amount_of
from credentials.payments.states import ReversalCause, ReversalEnd
from credentials.policies.models import SubsidyPolicy

MOST_BYTES = 10 * 1024 * 1024
ACCOUNT = RegexValidator(r"^\d{8,32}$", _("An account number has 8 to 32 digits, and nothing else."))


class ReasonForm(forms.Form):
    """Why a batch is returned or cancelled."""

    reason = LineField(label=_("Reason"), max_length=300)


class ReleaseForm(forms.Form):
    """The control total, typed by the second person: it has to be that of the batch."""

    total = forms.CharField(
        label=_("Control total in yuan"),
        max_length=20,
        help_text=_("Reckon it from your own papers and type it here: it has to agree to the cent."),
    )

    def clean_total(self) -> Decimal:
        amount = amount_of(self.cleaned_data["total"])
        if amount is None:
            raise forms.ValidationError(_("This is no amount."))
        return amount


class DayForm(forms.Form):
    """The day on which the bank has paid."""

    on = forms.DateField(
        label=_("The bank has paid on"),
        widget=DayInput(),
        initial=timezone.localdate,
    )


class ResultsForm(DayForm):
    """The bank's table."""

    file = forms.FileField(
        label=_("Table of the bank"),
        help_text=_(
            "XLSX or CSV: the file for the bank with the columns 结果 (成功 or 失败) and 原因 added; or 序号 with 姓名 or 账号后四位 beside it; or 姓名, 账号后四位 and 金额 together. It is read first: nothing is entered yet."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large: at most 10 MB."))
        return file


class ResultForm(DayForm):
    """What became of one line."""

    result = forms.ChoiceField(
        label=pgettext_lazy("payment", "Result"),
        choices=[("paid", _("Paid by the bank")), ("failed", _("Returned by the bank"))],
        widget=forms.RadioSelect,
    )
    reason = LineField(
        label=_("Reason of the bank"),
        max_length=300,
        required=False,
        help_text=_("Needed when it was returned: the claimant reads it and corrects the account."),
    )


class LateForm(DayForm):
    """That a line was paid after the bank had returned it."""

    reference = LineField(
        label=_("Voucher of the bank"),
        max_length=120,
        help_text=_("Its number, or who at the bank has said so and when: the audit keeps it."),
    )


class BudgetForm(forms.Form):
    """What is set aside for a policy in a year."""

    policy = forms.ModelChoiceField(label=_("Subsidy policy"), queryset=SubsidyPolicy.objects.none())
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2099)
    amount = forms.DecimalField(label=_("Budget in yuan"), min_value=0, max_digits=14, decimal_places=2)
    words = LineField(
        label=_("Basis"),
        max_length=300,
        help_text=_("The document that it rests on, and why it was changed."),
    )

    def __init__(self, *args: Any, policies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["policy"]
        field.queryset = policies  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: row.name  # type: ignore[attr-defined]


class ReversalForm(forms.Form):
    """That what was paid came back: why, when, by which voucher, and what becomes of the claim."""

    cause = forms.ChoiceField(
        label=_("What happened"), choices=ReversalCause.choices, widget=forms.RadioSelect
    )
    on = forms.DateField(
        label=_("The money came back on"),
        widget=DayInput(),
        initial=timezone.localdate,
    )
    reason = LineField(
        label=_("Reason"), max_length=300, help_text=_("The claimant reads it. Name no account in it.")
    )
    reference = LineField(
        label=_("Voucher of the bank"),
        max_length=120,
        required=False,
        help_text=_("Its number; or add the proof below."),
    )
    proof = AttachmentField(label=_("Proof"), scan=True, required=False)
    end = forms.ChoiceField(
        label=_("What becomes of the claim"), choices=ReversalEnd.choices, widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("reference") and not data.get("proof") and "proof" not in self.errors:
            self.add_error("reference", _("Name the voucher of the bank, or add the proof."))
        return data
