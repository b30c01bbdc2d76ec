"""The one list of what waits for an officer: gathered from all apps, each kind with its number and its list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Count, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.access.states import Role
from core.people.queries import declared_for
from credentials.public import money_waiting_for
from credentials.public import work_rows as credentials_rows
from lms.public import CohortWork
from lms.public import work_for as lms_work
from supervision.public import work_rows as supervision_rows

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
    """What waits for the word of this user in these roles, what a person waits for first. Up to six queries."""
    held = set(roles)
    found: dict[str, list[CohortWork]] = {}
    if held & {Role.ADMINISTRATOR, Role.INSTRUCTOR}:
        for kind, works in groupby(lms_work(user), key=lambda work: work.kind):
            found[kind] = list(works)
    administers = Role.ADMINISTRATOR in held
    waiting = _administered(user) if administers else {}
    entries, periods = reverse("manual-entries:index"), reverse("periods:index")
    listed = [
        _everywhere(
            _("Applications to decide on"), found.get("applications", []), reverse("approvals:index")
        ),
        Work(_("Employers to confirm"), waiting.get("employers", 0), reverse("people:declared")),
        _by_cohort(_("Wishes to change the cohort"), found.get("transfers", [])),
        _by_cohort(_("Leave and make-up classes"), found.get("absences", [])),
        _everywhere(_("To mark"), found.get("marking", []), reverse("teaching:marking", query={"mine": 1})),
        _by_cohort(_("Questions to answer"), found.get("questions", [])),
        _by_cohort(_("Posts to look at"), found.get("posts", [])),
        _by_cohort(_("Classes without attendance"), found.get("registers", [])),
        Work(
            _("Manual hours to check"), waiting.get("requested", 0), f"{entries}?waiting=on&state=requested"
        ),
        Work(
            _("Manual hours to confirm as the second person"),
            waiting.get("proposed", 0),
            f"{entries}?waiting=on&state=proposed",
        ),
        Work(
            _("Qualifications to verify"),
            waiting.get("qualifications", 0),
            f"{reverse('qualifications:index')}?waiting=on",
        ),
        Work(_("Registration periods to verify"), waiting.get("declared", 0), f"{periods}?waiting=on"),
        Work(
            _("Subsidy claims to decide"), waiting.get("claims", 0), f"{reverse('claims:index')}?waiting=on"
        ),
        Work(_("Appeals against refused claims"), waiting.get("claim_appeals", 0), reverse("claims:appeals")),
        Work(
            _("Objections to public notices to answer"),
            waiting.get("objections", 0),
            f"{reverse('public-notices:index')}?waiting=true",
        ),
        Work(
            _("Internships to decide on"),
            waiting.get("internships", 0),
            f"{reverse('internships:index')}?waiting=on",
        ),
        *(_of_supervision(waiting) if administers else []),
        *(_of_money(user) if Role.FINANCE in held else []),
    ]
    return [work for work in listed if work.count]


def _administered(user: Asker) -> dict[str, int]:
    """How much of each kind waits for an administrator: "employers" to confirm, and what the apps name. One query, and one
    for whose stages of claims they hold."""
    employers = declared_for(user).order_by().annotate(what=Value("employers"))
    counted = employers.values_list("what").annotate(number=Count("pk"))
    return dict(counted.union(*credentials_rows(user), *supervision_rows(user), all=True))


def _of_supervision(found: Mapping[str, int]) -> list[Work]:
    """What supervision waits for, each with the list that shows what is open."""
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


def _of_money(user: Asker) -> list[Work]:
    """What waits for a finance officer, each with the list that shows it."""
    found = money_waiting_for(user)
    claims, batches = reverse("payments:claims"), reverse("payments:batches")
    return [
        Work(_("Approved claims to be paid"), found.get("due", 0), reverse("payments:choose")),
        Work(_("Payments that the bank returned"), found.get("returned", 0), f"{claims}?group=returned"),
        Work(
            _("Batches to release as the second person"), found.get("release", 0), f"{batches}?state=locked"
        ),
        Work(
            _("Batches that wait for the bank's results"), found.get("bank", 0), f"{batches}?state=released"
        ),
        Work(
            _("Reversals to confirm as the second person"),
            found.get("reversals", 0),
            reverse("payments:reversals"),
        ),
        Work(_("Claims to hand over in kind"), found.get("give", 0), f"{claims}?group=give"),
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
