"""The one list of what waits for an officer: gathered from all apps, each kind with its number and its list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.access.states import Role
from core.people.queries import declared_for
from credentials.public import work_for as credentials_work
from lms.public import CohortWork
from lms.public import work_for as lms_work
from supervision.public import work_for as supervision_work

PLACES_SHOWN = 5  # cohorts named below one kind


@dataclass(frozen=True)
class Place:
    """So many of a kind in one cohort."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Work:
    """One kind of thing that waits: how many, and the list behind it. Where each cohort has its own list: `places`."""

    label: str
    count: int
    url: str = ""
    note: str = ""
    places: list[Place] = field(default_factory=list)
    more: int = 0  # in how many further cohorts


def work_of(user: Asker, roles: Iterable[str]) -> list[Work]:
    """What waits for the word of this user in these roles, what a person waits for first. Up to five queries."""
    held = set(roles)
    found: dict[str, list[CohortWork]] = {}
    if held & {Role.ADMINISTRATOR, Role.INSTRUCTOR}:
        for kind, works in groupby(lms_work(user), key=lambda work: work.kind):
            found[kind] = list(works)
    administers = Role.ADMINISTRATOR in held
    employers = declared_for(user).count() if administers else 0
    hours = credentials_work(user) if administers else {}
    entries, periods = reverse("manual-entries:index"), reverse("periods:index")
    listed = [
        _everywhere(
            _("Applications to decide on"), found.get("applications", []), reverse("approvals:index")
        ),
        Work(_("Employers to confirm"), employers, reverse("people:declared")),
        _by_cohort(_("Wishes to change the cohort"), found.get("transfers", [])),
        _by_cohort(_("Leave and make-up classes"), found.get("absences", [])),
        _everywhere(_("To mark"), found.get("marking", []), reverse("teaching:marking", query={"mine": 1})),
        _by_cohort(_("Questions to answer"), found.get("questions", [])),
        _by_cohort(_("Posts to look at"), found.get("posts", [])),
        _by_cohort(_("Classes without attendance"), found.get("registers", [])),
        Work(_("Manual hours to check"), hours.get("requested", 0), f"{entries}?waiting=on&state=requested"),
        Work(
            _("Manual hours to confirm as the second person"),
            hours.get("proposed", 0),
            f"{entries}?waiting=on&state=proposed",
        ),
        Work(
            _("Qualifications to verify"),
            hours.get("qualifications", 0),
            f"{reverse('qualifications:index')}?waiting=on",
        ),
        Work(_("Registration periods to verify"), hours.get("declared", 0), f"{periods}?waiting=on"),
        Work(_("Subsidy claims to decide"), hours.get("claims", 0), f"{reverse('claims:index')}?waiting=on"),
        Work(_("Appeals against refused claims"), hours.get("claim_appeals", 0), reverse("claims:appeals")),
        Work(
            _("Objections to public notices to answer"),
            hours.get("objections", 0),
            f"{reverse('public-notices:index')}?waiting=true",
        ),
        Work(
            _("Internships to decide on"),
            hours.get("internships", 0),
            f"{reverse('internships:index')}?waiting=on",
        ),
        *(_of_supervision(user) if administers else []),
    ]
    return [work for work in listed if work.count]


def _of_supervision(user: Asker) -> list[Work]:
    """What supervision waits for, each with the list that shows what is open."""
    found = supervision_work(user)
    kinds = {
        "wishes": (_("Wishes of pairs for a change"), "pair_wishes:index", "state=open"),
        "appeals": (_("Appeals against matching rounds"), "rounds:index", "appeals=waiting"),
        "applications": (_("Applications as supervisor"), "appointments:index", "state=handed_in"),
        "trainings": (_("Own training to check"), "own_trainings:index", "waiting=on"),
        "late": (_("Sessions that were recorded late"), "late_records:index", "state=waiting"),
        "late_gatherings": (
            _("Gatherings that were recorded late"),
            "late_gatherings:index",
            "state=waiting",
        ),
        "reviews": (_("Reviews of sessions to grant"), "session_reviews:index", "state=asked"),
        "circle_reviews": (_("Reviews of circles to grant"), "circle_reviews:index", "state=asked"),
    }
    return [
        Work(label, found.get(kind, 0), f"{reverse(address)}?{asked}")
        for kind, (label, address, asked) in kinds.items()
    ]


def _everywhere(label: str, works: list[CohortWork], url: str) -> Work:
    """What has one list for all cohorts."""
    return Work(label, sum(work.count for work in works), url)


def _by_cohort(label: str, works: list[CohortWork]) -> Work:
    """What is listed cohort by cohort: one leads there at once, several are named, those with the most first."""
    total = sum(work.count for work in works)
    if len(works) == 1:
        return Work(label, total, works[0].url, works[0].cohort)
    most = sorted(works, key=lambda work: -work.count)
    places = [Place(work.cohort, work.count, work.url) for work in most[:PLACES_SHOWN]]
    return Work(label, total, places=places, more=len(works) - len(places))
