"""Supervisors, with what they offer, and their specialities."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.organisations.models import Organisation
from core.people.models import Person, ServiceField
from core.people.words import BETWEEN
from supervision.supervisors.states import TOOK_PLACE, Form

DEFAULT_CAPACITY = 5  # practice: one supervisor for five social workers; each supervisor's own number is data


def province_of(organisation: Organisation | None) -> str:
    """The tree path of the province; nothing without an organisation."""
    return organisation.path[: Organisation.steplen] if organisation else ""


class SupervisorQuerySet(models.QuerySet["Supervisor"]):
    def visible_to(self, user: Asker) -> SupervisorQuerySet:
        """Oneself, one's own supervisors, and for administrators and auditors those of their tree."""
        if not user.is_authenticated:
            return self.none()
        mine = Supervisor.objects.filter(pairings__mentee__user=user).values("pk")
        own = models.Q(person__user=user) | models.Q(pk__in=mine)
        return self.filter(scope_of(user).q("organisation", *READERS) | own)

    def active(self) -> SupervisorQuerySet:
        return self.filter(is_active=True)

    def serving(self, path: str) -> SupervisorQuerySet:
        """Those who serve the place at this tree path: it lies in a region that they name, or, where they name none,
        in their own province. This is what "regions served" means everywhere."""
        return self._serving(models.Q(organisation__path__in=Organisation.paths_above(path)), [path])

    def serving_in(self, paths: Collection[str]) -> SupervisorQuerySet:
        """Those who serve these trees, or a place in one of them."""
        above = {each for path in paths for each in Organisation.paths_above(path)}
        here = models.Q(organisation__path__in=above)
        for path in paths:
            here |= models.Q(organisation__path__startswith=path)
        return self._serving(here, paths)

    def _serving(self, here: models.Q, paths: Collection[str]) -> SupervisorQuerySet:
        named = Supervisor.regions.through.objects.filter(supervisor=models.OuterRef("pk"))
        at_home = models.Q(pk__in=())
        for path in paths:
            at_home |= models.Q(organisation__path__startswith=path[: Organisation.steplen])
        return self.filter(models.Exists(named.filter(here)) | (~models.Exists(named) & at_home))

    def in_reach_of(self, user: Asker) -> SupervisorQuerySet:
        """Whom an administrator may pair: everybody who serves their trees, or a place in one of them."""
        scope = scope_of(user)
        return self if scope.everything else self.serving_in(scope.paths(Role.ADMINISTRATOR))

    def with_month(self) -> SupervisorQuerySet:
        """With `month_minutes` of each: what is held this month (as it is recorded) and what is still planned in it,
        with one mentee or with a circle. No further query."""
        first = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        last = (first + datetime.timedelta(days=32)).replace(day=1)

        def total(way: str, value: Any, *states: str) -> models.Subquery:
            mine = {
                f"{way}__starts_at__gte": first,
                f"{way}__starts_at__lt": last,
                f"{way}__state__in": states,
            }
            rows = Supervisor.objects.filter(pk=models.OuterRef("pk"), **mine).order_by()
            return models.Subquery(rows.values("pk").annotate(sum=models.Sum(value)).values("sum"))

        meetings = "pairings__meetings"
        span = models.ExpressionWrapper(
            models.F(f"{meetings}__ends_at") - models.F(f"{meetings}__starts_at"), models.DurationField()
        )
        return self.annotate(
            held_this_month=total("pairings__sessions", "pairings__sessions__minutes", *TOOK_PLACE),
            led_this_month=total(
                "person__led_gatherings", "person__led_gatherings__minutes", "planned", "logged"
            ),
            planned_this_month=total(meetings, span, "planned"),
        )

    def full_this_month(self) -> list[int]:
        """The keys of those whose month is full by their own figure. One query."""
        rows = self.exclude(monthly_minutes=None).with_month().order_by()
        return [row.pk for row in rows.select_related(None).prefetch_related(None) if row.is_month_full]

    def with_word(self, column: str, *words: str) -> SupervisorQuerySet:
        """Those in whose list (`languages`, `populations`) one of these very words stands."""
        found = models.Q(pk__in=())
        for word in words:
            found |= models.Q(**{column: word})
            for way, text in (
                ("istartswith", f"{word}{BETWEEN}"),
                ("iendswith", f"{BETWEEN}{word}"),
                ("icontains", f"{BETWEEN}{word}{BETWEEN}"),
            ):
                found |= models.Q(**{f"{column}__{way}": text})
        return self.filter(found)

    def offering(self, form: str) -> SupervisorQuerySet:
        """Those who offer supervision in this form."""
        said = Cast("forms", models.TextField())
        return self.annotate(_forms=said).filter(_forms__contains=f'"{form}"')

    def undesignated(self, on: datetime.date) -> SupervisorQuerySet:
        """Those who hold no designation in force on this day."""
        held = models.Q(designations__starts_on__lte=on)
        held &= models.Q(designations__ends_on=None) | models.Q(designations__ends_on__gte=on)
        return self.exclude(pk__in=Supervisor.objects.filter(held).order_by().values("pk"))

    def named(self, words: str) -> SupervisorQuerySet:
        """Those whose name, pinyin or code contains these words."""
        plain = words.strip().lower()
        return self.filter(
            models.Q(person__name__icontains=plain)
            | models.Q(person__name_search__contains=plain)
            | models.Q(code__icontains=plain)
        )


class Supervisor(models.Model):
    """A person who supervises. The key is the person's own, so the database can see when both sides are the same."""

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, related_name="supervisor", verbose_name=_("person")
    )
    code = models.CharField(
        _("number"),
        max_length=10,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{1,4}\d{1,6}\Z", _("Letters and then digits, such as SV001."))],
        help_text=_("Such as SV001. It stays with the supervisor."),
        error_messages={"unique": _("This number is already given to another supervisor.")},
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="supervisors", verbose_name=_("organisation")
    )
    capacity = models.PositiveSmallIntegerField(
        _("places"), default=DEFAULT_CAPACITY, help_text=_("How many mentees at the same time.")
    )
    load = models.PositiveSmallIntegerField(_("mentees now"), default=0, editable=False)
    fields = models.ManyToManyField(
        ServiceField, blank=True, related_name="supervisors", verbose_name=_("service fields")
    )
    profile = models.TextField(
        _("profile"), blank=True, max_length=1000, help_text=_("A few sentences that mentees read.")
    )
    is_active = models.BooleanField(_("takes new mentees"), default=True)
    is_closed = models.BooleanField(
        _("closed by an administrator"), default=False, editable=False
    )  # then only an officer lets the supervisor take new mentees again
    limit = models.PositiveSmallIntegerField(
        _("most places"),
        null=True,
        blank=True,
        help_text=_(
            "Up to how many places the supervisor may go themself. Empty: only an officer changes them."
        ),
    )
    populations = models.CharField(
        _("populations"),
        max_length=260,
        blank=True,
        help_text=_(
            "With whom: such as older people, children, people with disabilities. A comma between them."
        ),
    )
    languages = models.CharField(
        _("languages and dialects"),
        max_length=260,
        blank=True,
        help_text=_("Such as Mandarin, Cantonese, sign language. A comma between them."),
    )
    regions = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="served_by",
        verbose_name=_("regions served"),
        help_text=_("From where mentees may come. None: from the whole province."),
    )
    forms = models.JSONField(_("forms offered"), default=list, blank=True)
    monthly_minutes = models.PositiveSmallIntegerField(_("minutes per month"), null=True, blank=True)
    availability = models.CharField(
        _("availability"),
        max_length=200,
        blank=True,
        help_text=_("When mentees can reach the supervisor, such as Tuesday and Thursday evenings."),
    )

    objects = SupervisorQuerySet.as_manager()
    held_this_month: int | None = None  # minutes; these three are known of rows `with_month`
    led_this_month: int | None = None
    planned_this_month: datetime.timedelta | None = None

    class Meta:
        verbose_name = _("supervisor")
        verbose_name_plural = _("supervisors")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(load__lte=models.F("capacity")),
                name="supervisor_never_over_capacity",
                violation_error_message=_("There must be a place for every mentee of today."),
            ),
            models.CheckConstraint(
                condition=models.Q(limit=None) | models.Q(capacity__lte=models.F("limit")),
                name="supervisor_within_the_limit",
                violation_error_message=_("There are more places than the most that are allowed."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_closed=False) | models.Q(is_active=False),
                name="supervisor_closed_takes_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.person}"

    @property
    def places_free(self) -> int:
        return max(self.capacity - self.load, 0)

    @property
    def month_minutes(self) -> int:
        """The minutes that are held or planned this month; of rows `with_month`."""
        planned = self.planned_this_month or datetime.timedelta()
        return (self.held_this_month or 0) + (self.led_this_month or 0) + int(planned.total_seconds() // 60)

    @property
    def is_month_full(self) -> bool:
        """Whether this month is full by the supervisor's own figure; of rows `with_month`."""
        return self.monthly_minutes is not None and self.month_minutes >= self.monthly_minutes

    @property
    def form_labels(self) -> list[str]:
        return [str(form.label) for form in Form if form.value in self.forms]


class SpecialityQuerySet(models.QuerySet["Speciality"]):
    def visible_to(self, user: Asker) -> SpecialityQuerySet:
        """Those of the supervisors whom the user may see. (Whoever looks for a supervisor reads them with the public
        profile.)"""
        return self.filter(supervisor__in=Supervisor.objects.visible_to(user).values("pk"))


class Speciality(models.Model):
    """What a supervisor is versed in within a service field, in their own words."""

    supervisor = models.ForeignKey(
        Supervisor, models.CASCADE, related_name="specialities", verbose_name=_("supervisor")
    )
    field = models.ForeignKey(ServiceField, models.PROTECT, related_name="+", verbose_name=_("service field"))
    name = models.CharField(pgettext_lazy("speciality", "name"), max_length=30)

    objects = SpecialityQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("speciality")
        verbose_name_plural = _("specialities")
        ordering = ["field__position", "field__pk", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["supervisor", "field", "name"],
                name="speciality_once",
                violation_error_message=_("This speciality is named already."),
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="speciality_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
