"""Subsidy policies as they are kept: a draft that an authority works on, and published versions that nobody changes."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, holds, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from credentials.policies.policy import Policy, read_policy
from credentials.policies.states import Standing


class SubsidyPolicyQuerySet(models.QuerySet["SubsidyPolicy"]):
    def visible_to(self, user: Asker) -> SubsidyPolicyQuerySet:
        """For administrators and auditors: what is published anywhere, and the drafts of their tree. The text of a policy is
        public; what an authority is still thinking about is not."""
        if not holds(user, *READERS):
            return self.none()
        mine = scope_of(user).q("organisation", *READERS)
        return self.filter(mine | models.Q(pk__in=PolicyVersion.objects.order_by().values("subsidy")))


class SubsidyPolicy(models.Model):
    """One policy of one authority. `draft` and `answers` are what is worked on; decisions rest on versions only.

    `text_code` is the code that its text names: each authority has its own, so that nobody takes another's. `code` is what
    the ledger and the claims know it by, one over all trees: the same, or with a number where somebody else had it first.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("authority")
    )
    code = models.SlugField(_("code"), max_length=60, unique=True)
    text_code = models.CharField(_("code in the text"), max_length=60)
    name = models.CharField(
        pgettext_lazy("policy", "name"), max_length=120
    )  # the Chinese one, to be found by
    draft = models.TextField(pgettext_lazy("policy", "text"))
    answers = models.JSONField(default=dict)  # to the switches of the draft, where they differ from the text
    cases = models.TextField(pgettext_lazy("policy", "cases"), blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = SubsidyPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("subsidy policy")
        verbose_name_plural = _("subsidy policies")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "text_code"], name="policy_code_of_its_authority"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code

    def policy(self) -> Policy:
        """The draft, read with its answers."""
        return parsed(self.draft, tuple(sorted(self.answers.items())))

    def mark(self) -> str:
        """Tells one state of the draft from another: pages send it along, so that nobody acts on what they have not read."""
        return fingerprint_of(f"{self.draft}\n{self.cases}", self.answers)

    def latest(self) -> PolicyVersion | None:
        """The version that decisions rest on from now on; None while nothing is published."""
        return next(iter(self.versions.all()), None)

    def shown(self) -> Policy:
        """What everybody else reads: the latest version, or the draft where there is none."""
        latest = self.latest()
        return latest.policy() if latest else self.policy()

    def is_published(self) -> bool:
        """Whether the draft is what the latest version says."""
        latest = self.latest()
        return latest is not None and (latest.text, latest.answers) == (self.draft, self.answers)


class PolicyVersion(models.Model):
    """A policy as it was published, with the answers to its open points; rows are only added (a trigger guards them)."""

    subsidy = models.ForeignKey(SubsidyPolicy, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    answers = models.JSONField(default=dict)
    ledger_codes = models.JSONField(default=dict)  # codes of the text that the ledger knows by another
    sha256 = models.CharField(max_length=64)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("version of a subsidy policy")
        verbose_name_plural = _("versions of subsidy policies")
        ordering = ["subsidy", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["subsidy", "number"], name="policy_version_numbered"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="policy_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subsidy} {self.number}"

    def policy(self) -> Policy:
        """The policy that this version says. The same for ever."""
        return self.policy_with({})

    def policy_with(self, answers: Mapping[str, str]) -> Policy:
        """The same with other answers to its open points, to see what they would change. Raises SourceFault."""
        said = {**self.answers, **answers}
        return parsed(self.text, tuple(sorted(said.items()))).known_as(self.ledger_codes)

    def standing(self, on: datetime.date) -> Standing:
        return self.policy().standing(on)


@lru_cache(maxsize=256)
def parsed(text: str, answers: tuple[tuple[str, str], ...] = ()) -> Policy:
    """A text as a policy, kept in the process: versions never change. Raises SourceFault."""
    return read_policy(text, dict(answers))


def fingerprint_of(text: str, answers: dict[str, str]) -> str:
    """SHA-256 of what a version says, its answers included."""
    said = "\n".join([text, *(f"{name}={value}" for name, value in sorted(answers.items()))])
    return hashlib.sha256(said.encode()).hexdigest()
