"""The payment ledger 发放台账: what was paid to whom, by which policy, for what. Rows are only added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.attachments.models import Attachment
from core.organisations.models import Organisation
from core.people.models import Person
from credentials.claims.models.claims import OFFICERS, Claim
from credentials.claims.states import EntryKind

# How the source of a line begins, before what it stands for: triggers ask for some of them, too (migrations).
PAYMENT, REVERSAL, GIVEN = "payment", "reversal", "given"
EARLIER = "earlier"  # paid before this product, or elsewhere
CORRECTION = "correction"  # entered in the place of another one


def source_of(what: str, key: object) -> str:
    """The source of a line: what kind of event it stands for, and the key of that event."""
    return f"{what}:{key}"


def payment_of(reversal: str) -> str:
    """The source of the line that was taken back by the line of this source."""
    return source_of(PAYMENT, reversal.removeprefix(source_of(REVERSAL, "")))


class LedgerQuerySet(models.QuerySet["PaymentEntry"]):
    def visible_to(self, user: Asker) -> LedgerQuerySet:
        """One's own; those of the people employed in their tree, and what their authority paid, for administrators, finance
        officers and auditors."""
        if not user.is_authenticated:
            return self.none()
        scope = scope_of(user)
        covered = scope.q("person__employer", *OFFICERS) | scope.q("authority", *OFFICERS)
        return self.filter(covered | models.Q(person__user=user))

    def standing(self) -> LedgerQuerySet:
        """The lines that count: those in whose place no other one was entered."""
        return self.filter(~_has_correction())

    def corrected(self) -> LedgerQuerySet:
        """The lines in whose place another one was entered: they count no more."""
        return self.filter(_has_correction())


def _has_correction() -> models.Exists:
    key = Cast(models.OuterRef("pk"), models.CharField())
    others = PaymentEntry.objects.order_by().filter(
        source=Concat(models.Value(source_of(CORRECTION, "")), key)
    )
    return models.Exists(others)


class PaymentEntry(models.Model):
    """One line: positive where money went to the person, negative where it came back. Append-only (migrations).

    `source` is unique, so that one event is one line: `payment:<line>`, `reversal:<line>`, `given:<claim>`,
    `earlier:<what the officer named>`, `correction:<the line that it stands for>`. An earlier payment that was made before
    this product, or elsewhere, is entered with its proof; what was handed over in kind says what it was. `id_hash` says to
    whom it went, whatever becomes of the account. A line that takes back needs a reversal that two people stand for, by a
    trigger (migrations).
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="payment_entries")
    id_hash = models.CharField(max_length=64, blank=True)  # keyed; empty where no number was kept
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="entries")
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    policy = models.CharField(_("subsidy policy"), max_length=60, blank=True)
    benefit = models.CharField(_("benefit"), max_length=60)
    key = models.CharField(max_length=120, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    on = models.DateField(_("day"))
    source = models.CharField(max_length=120, unique=True)
    words = models.CharField(_("remark"), max_length=300, blank=True)
    proof = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the payment ledger")
        verbose_name_plural = _("lines of the payment ledger")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=EntryKind.values), name="payment_entry_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=EntryKind.REVERSED, amount__lt=0)
                | models.Q(kind__in=(EntryKind.PAID, EntryKind.EARLIER, EntryKind.GIVEN), amount__gt=0),
                name="payment_entry_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=EntryKind.EARLIER, claim=None) | models.Q(claim__isnull=False),
                name="payment_entry_of_a_claim",
            ),
            models.CheckConstraint(
                condition=~models.Q(entered_by=models.F("holder")), name="payment_entry_by_another"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=EntryKind.EARLIER) | models.Q(proof__isnull=False),
                name="payment_entry_earlier_proved",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=(EntryKind.REVERSED, EntryKind.GIVEN)) | ~models.Q(words=""),
                name="payment_entry_with_words",
            ),
        ]
        indexes = [models.Index(fields=["id_hash"], name="payment_entry_by_identity")]

    def __str__(self) -> str:
        return f"{self.person} · {self.amount}"
