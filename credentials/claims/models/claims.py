"""Claims 申领: what somebody asks of one policy for one level, title or year, with everything its decision rests on."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.attachments.models import Attachment
from core.organisations.models import Organisation
from core.people.models import Consent, Person
from core.people.sealed import SealedTextField
from credentials.claims.policy import CLOSING
from credentials.claims.states import DUE, HANDED_IN, OPEN, SETTLED, STANDING, ClaimState
from credentials.policies.models import PolicyVersion

OFFICERS = (*READERS, Role.FINANCE)
UNDER_REVIEW = models.Q(state=ClaimState.REVIEW)


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: Asker) -> ClaimQuerySet:
        """One's own; what was handed in also for administrators, finance officers and auditors of the employer's tree, and
        of the authority whose policy it is. A draft is its claimant's alone, but for who enters it on their behalf, as long
        as they administer either; so is what they have withdrawn, but not what an officer has closed for them."""
        if not user.is_authenticated:
            return self.none()
        scope = scope_of(user)
        if scope.everything:
            return self.all()
        covered = scope.q("employer", *OFFICERS) | scope.q("authority", *OFFICERS)
        entering = scope.q("employer", Role.ADMINISTRATOR) | scope.q("authority", Role.ADMINISTRATOR)
        mine = models.Q(holder=user) | (models.Q(entered_by=user) & entering)
        proofs = ClaimPaper.objects.filter(claim=models.OuterRef("pk"), slot__startswith=CLOSING)
        closed = models.Q(state=ClaimState.WITHDRAWN) & models.Exists(proofs)
        return self.filter(mine | (covered & (models.Q(state__in=HANDED_IN) | closed)))

    def open(self) -> ClaimQuerySet:
        return self.filter(state__in=OPEN)

    def standing(self) -> ClaimQuerySet:
        return self.filter(state__in=STANDING)

    def due(self) -> ClaimQuerySet:
        """Granted, and not paid yet."""
        return self.filter(state__in=DUE)


class Claim(models.Model):
    """One claim of one person under one version of a policy. No row is deleted: a trigger refuses it (migrations).

    `name` and `id_hash` say who it was handed in for, and are what is paid: a trigger lets them change only while its
    claimant works on it. `facts` and `decision` are frozen when it is handed in and again when it is approved; `claimed_on` is the day on which
    it was first handed in, and the day that the policy is asked for. `family` and `lane` make doubling impossible: of
    what counts against one another only one claim can be open. `holder` is the account of the person, so that the
    database itself can refuse that anybody decides about their own.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="claims", verbose_name=_("person"))
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=60, blank=True)
    id_hash = models.CharField(max_length=64, blank=True)  # keyed, as the person's own
    version = models.ForeignKey(
        PolicyVersion, models.PROTECT, related_name="claims", verbose_name=_("subsidy policy")
    )
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("authority"))
    employer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("employer")
    )
    family = models.CharField(max_length=60)
    benefit = models.CharField(_("benefit"), max_length=60)
    key = models.CharField(pgettext_lazy("claim", "for"), max_length=120, blank=True)
    lane = models.CharField(max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ClaimState.choices, default=ClaimState.DRAFT)
    stage = models.CharField(
        _("stage"), max_length=10, blank=True
    )  # of the review; empty where there is none
    round = models.PositiveSmallIntegerField(default=1)  # reviewed from the first stage so many times
    stage_due_on = models.DateField(_("to be reviewed by"), null=True, blank=True)
    stage_since = models.DateField(
        _("waits at its stage since"), null=True, blank=True
    )  # anew when it comes back; empty in rows of before
    claimed_on = models.DateField(_("handed in"), null=True, blank=True)
    declared = models.JSONField(default=dict)  # what the claimant says and no record knows
    settled = models.JSONField(default=dict)  # what reviewers have found out: facts over those of the records
    facts = models.JSONField(default=dict)
    decision = models.JSONField(default=dict)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, default=0)
    in_kind = models.BooleanField(
        default=False
    )  # the policy gives something else than money: no account, no batch
    bank = models.CharField(_("bank, with the full name of the branch"), max_length=120, blank=True)
    account_sealed = SealedTextField(_("account number"), null=True, blank=True)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    proof = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    created_at = models.DateTimeField(pgettext_lazy("claim", "begun"), auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("subsidy", "claim")
        verbose_name_plural = pgettext_lazy("subsidy", "claims")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "person",
                "family",
                "benefit",
                "lane",
                condition=models.Q(state__in=OPEN),
                name="claim_one_open",
            ),
            models.UniqueConstraint(
                "person",
                "family",
                "benefit",
                "key",
                condition=models.Q(state__in=STANDING),
                name="claim_once",
            ),
            models.UniqueConstraint(
                "id_hash",
                "family",
                "benefit",
                "key",
                condition=models.Q(state__in=STANDING) & ~models.Q(id_hash=""),
                name="claim_once_an_identity",  # also where somebody has a second account
            ),
            models.UniqueConstraint(
                "id_hash",
                "family",
                "benefit",
                "lane",
                condition=models.Q(state__in=OPEN) & ~models.Q(id_hash=""),
                name="claim_one_open_an_identity",  # a trigger adds: nor while another account has been paid
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ClaimState.values), name="claim_state_is_known"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="claim_amount_possible"),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("holder")),
                name="claim_approved_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None)
                | models.Q(entered_by=None)
                | ~models.Q(approved_by=models.F("entered_by")),
                name="claim_approved_by_no_enterer",
            ),
            models.CheckConstraint(
                condition=models.Q(entered_by=None)
                | (models.Q(proof__isnull=False) & ~models.Q(entered_by=models.F("holder"))),
                name="claim_entered_with_proof",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(ClaimState.REFUSED, ClaimState.RETURNED, ClaimState.REVERSED))
                | ~models.Q(reason=""),
                name="claim_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(*DUE, *SETTLED))
                | models.Q(approved_by__isnull=False, amount__gt=0),
                name="claim_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(*DUE, ClaimState.PAID))
                | models.Q(in_kind=False, account_sealed__isnull=False)
                | models.Q(in_kind=True, state=ClaimState.APPROVED),
                name="claim_paid_into_an_account",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state=ClaimState.GIVEN, in_kind=True, given_by__isnull=False)
                    & ~models.Q(given_by=models.F("holder"))
                    & ~models.Q(given_by=models.F("approved_by"))
                )
                | (~models.Q(state=ClaimState.GIVEN) & models.Q(given_by=None)),
                name="claim_given_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=(ClaimState.DRAFT, ClaimState.WITHDRAWN))
                | models.Q(claimed_on__isnull=False),
                name="claim_handed_in_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["state", "stage"], name="claim_by_stage")]

    def __str__(self) -> str:
        return self.serial

    @property
    def serial(self) -> str:
        """The number that people quote: SL, the year and the row."""
        year = (self.claimed_on or self.created_at.date()).year
        return f"SL-{year}-{self.pk:06}"

    def get_absolute_url(self) -> str:
        return reverse("credentials:claim-detail", args=[self.pk])

    @property
    def account_masked(self) -> str:
        """The last four digits of the account; empty where there is none."""
        return f"**** {self.account_sealed[-4:]}" if self.account_sealed else ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_known(self) -> bool:
        """Officers read it: it was handed in, and its claimant has not withdrawn it themselves. Up to one query."""
        if self.state == ClaimState.WITHDRAWN:
            return self.papers.filter(slot__startswith=CLOSING).exists()
        return self.state in HANDED_IN

    def asked_on(self, today: datetime.date) -> datetime.date:
        """The day that the policy is asked for: that of handing in, else today."""
        return self.claimed_on or today


class PaperQuerySet(models.QuerySet["ClaimPaper"]):
    def visible_to(self, user: Asker) -> PaperQuerySet:
        """Those of the claims that this user may read."""
        return self.filter(claim__in=Claim.objects.visible_to(user))

    def current(self) -> PaperQuerySet:
        return self.filter(is_current=True)


class ClaimPaper(models.Model):
    """One paper in one slot of a claim. A newer one takes its place; the older stays, for whoever decided by it."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="papers")
    slot = models.CharField(max_length=60)  # the name of the document in the policy
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    is_current = models.BooleanField(default=True)
    added_at = models.DateTimeField(auto_now_add=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of a claim")
        verbose_name_plural = _("papers of a claim")
        ordering = ["claim", "slot", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "claim", "slot", condition=models.Q(is_current=True), name="claim_paper_one_in_a_slot"
            )
        ]

    def __str__(self) -> str:
        return f"{self.slot} · {self.file}"
