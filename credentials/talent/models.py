"""The talent pool 人才资源库: one row for each person with what they are searched by, and searches that officers keep."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import EVERYTHING, NOTHING, Asker, Scope, scope_of
from core.access.states import READERS
from core.people.models import Person
from credentials.posts.models import Sector
from credentials.posts.states import Route
from credentials.qualifications.models import QualificationLevel
from credentials.talent.states import Part

LONGEST_SEARCH = 1000  # characters of an address that are kept


def in_tree(scope: Scope) -> Q:
    """Whoever is employed in the tree of an administrator or auditor."""
    if scope.everything:
        return EVERYTHING
    asked = NOTHING
    for path in scope.paths(*READERS):
        asked |= Q(path__startswith=path)
    return asked


def listed_for(scope: Scope) -> Q:
    """Of the people in scope, whom this reader may have in a list: those who agree, and those employed at the very
    organisation that the reader's role is held at, which keeps them on its books anyway (docs/adr/0029)."""
    if scope.everything:
        return EVERYTHING
    own = sorted({path for role, path in scope.grants if role in READERS})
    return Q(is_listed=True) | Q(path__in=own)


class ProfileQuerySet(models.QuerySet["TalentProfile"]):
    def in_scope(self, user: Asker) -> ProfileQuerySet:
        """Everybody in the reader's tree: to be counted, not all of them to be listed."""
        return self.filter(in_tree(scope_of(user)))

    def visible_to(self, user: Asker) -> ProfileQuerySet:
        """One's own row, and of the people in scope those whom the reader may have in a list."""
        if not user.is_authenticated:
            return self.none()
        scope = scope_of(user)
        return self.filter((in_tree(scope) & listed_for(scope)) | Q(person__user=user))


class TalentProfile(models.Model):
    """What somebody is found by, worked out from rows elsewhere and repaired by the reconciler: nothing is decided here.

    `path` is the employer's place in the tree ("" without one); `fields` holds the service fields as “,3,17,”; `words` is
    what free text is looked for in: name, pinyin, employer and post; `kind` says the small facets in one text, so that
    they are counted together (policy.kind_of).
    """

    person = models.OneToOneField(
        Person, models.CASCADE, primary_key=True, related_name="talent_profile", verbose_name=_("person")
    )
    path = models.CharField(max_length=255, blank=True)
    name = models.CharField(_("name"), max_length=60)
    pinyin = models.CharField(max_length=200)
    words = models.TextField()
    level = models.ForeignKey(
        QualificationLevel, models.PROTECT, null=True, related_name="+", verbose_name=_("qualification level")
    )
    rank = models.PositiveSmallIntegerField(default=0)  # of the level: what the list is sorted by
    fields = models.CharField(max_length=200, blank=True)
    practice_started_on = models.DateField(_("in practice since"), null=True)
    minutes = models.PositiveIntegerField(_("minutes held"), default=0)
    span = models.PositiveSmallIntegerField(default=0)  # of the hours held (states.HOURS)
    part = models.CharField(_("supervision"), max_length=10, choices=Part.choices, default=Part.NEITHER)
    awards = models.PositiveSmallIntegerField(_("commendations"), default=0)
    sector = models.ForeignKey(Sector, models.PROTECT, null=True, related_name="+", verbose_name=_("sector"))
    post = models.CharField(pgettext_lazy("talent", "post"), max_length=60, blank=True)
    route = models.CharField(_("route"), max_length=10, choices=Route.choices, blank=True)
    is_listed = models.BooleanField(_("agrees to be listed"), default=False)
    kind = models.CharField(max_length=80)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("talent profile")
        verbose_name_plural = _("talent pool")
        ordering = ["pinyin", "person"]
        indexes = [
            # Everything that a search without words counts: a place is read from the index alone.
            models.Index(
                fields=["path", "is_listed", "kind", "practice_started_on", "fields"],
                name="talent_by_path",
                opclasses=["varchar_pattern_ops", "bool_ops", "varchar_ops", "date_ops", "varchar_ops"],
            ),
            models.Index(fields=["pinyin", "person"], name="talent_by_pinyin"),
            models.Index(fields=["-minutes", "pinyin", "person"], name="talent_by_hours"),
            models.Index(fields=["practice_started_on", "pinyin", "person"], name="talent_by_practice"),
            models.Index(fields=["-rank", "pinyin", "person"], name="talent_by_rank"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> int:
        """Full hours of sixty minutes: what the pool is sorted and searched by, whatever rule they count by elsewhere."""
        return self.minutes // 60

    @property
    def field_ids(self) -> list[int]:
        return [int(each) for each in self.fields.split(",") if each]


class SearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, user: Asker) -> SearchQuerySet:
        """One's own only: what an officer looks for is their own affair."""
        return self.filter(owner=user.pk) if user.is_authenticated else self.none()


class SavedSearch(models.Model):
    """A search that an officer keeps under a name; `query` is the part of the address behind the question mark."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=LONGEST_SEARCH)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint("owner", "name", name="saved_search_name_once")]

    def __str__(self) -> str:
        return self.name
