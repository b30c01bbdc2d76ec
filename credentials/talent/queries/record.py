"""One person's record: everything proved on one timeline, a picture of the fields, and the facts of a CV."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.people.models import Person, ServiceField
from core.templatetags.times import day as day_words
from credentials.certificates.models import Certificate
from credentials.commendations.queries import registered_for
from credentials.hours.models import EntryKind, HoursEntry
from credentials.hours.policy import plain_hours
from credentials.hours.queries import totals_of
from credentials.posts.models import TalentRoute
from credentials.posts.queries import holdings_of
from credentials.qualifications.models import RegistrationPeriod
from credentials.qualifications.queries import qualified_as_verified
from credentials.qualifications.states import PeriodState
from credentials.talent.document import CvFacts, CvLine, CvSection
from lms.public import CompletedCourse, completed_courses_of

# Of these only how often and how long: what was said in a session, and with whom, is nobody's here.
BY_MONTH = (EntryKind.CLASS, EntryKind.SUPERVISION, EntryKind.SUPERVISING)


@dataclass(frozen=True)
class Proof:
    """One thing that is proved: on which day, of which kind, and what. `sort` is the day it is put in line by."""

    day: datetime.date
    kind: str
    kind_label: str
    title: str
    note: str = ""
    is_month: bool = False  # the day stands for its month
    is_year: bool = False  # the day stands for its year

    @property
    def year(self) -> int:
        return self.day.year


@dataclass(frozen=True)
class Skill:
    """What somebody has learned in one service field; `is_own`: they say that they serve in it."""

    name: str
    minutes: int
    courses: int
    is_own: bool

    @property
    def label(self) -> str:
        return f"{self.name} ★" if self.is_own else self.name

    @property
    def value(self) -> int:
        return self.minutes

    @property
    def note(self) -> str:
        return (
            ngettext("%(n)s course", "%(n)s courses", self.courses) % {"n": self.courses}
            if self.courses
            else ""
        )


def timeline_of(person: Person) -> list[Proof]:
    """Everything proved of a person, the latest first. Nine queries."""
    found = [*_courses(completed_courses_of(person)), *_hours(person), *_qualifications(person)]
    found += [*_certificates(person), *_posts(person), *_awards(person)]
    return sorted(found, key=lambda proof: proof.day, reverse=True)


def _courses(courses: list[CompletedCourse]) -> Iterator[Proof]:
    for each in courses:
        note = f"{each.organisation_name} · {_minutes(each.minutes)}"
        yield Proof(each.completed_on, "course", _("Course completed"), each.title, note)


def _hours(person: Person) -> Iterator[Proof]:
    standing = HoursEntry.objects.filter(person=person).standing().order_by()
    for entry in standing.filter(kind=EntryKind.MANUAL):
        yield Proof(
            entry.occurred_on, "hours", _("Training elsewhere"), entry.title_here, _minutes(entry.minutes)
        )
    monthly = standing.filter(kind__in=BY_MONTH).annotate(in_month=TruncMonth("occurred_on"))
    counted = monthly.values_list("in_month", "kind").annotate(times=Count("pk"), sum=Sum("minutes"))
    for month, kind, times, minutes in counted:
        label = str(EntryKind(kind).label)
        words = ngettext("%(what)s: %(times)s time", "%(what)s: %(times)s times", times)
        title = words % {"what": label, "times": times}
        yield Proof(month, "hours", label, title, _minutes(minutes), is_month=True)


def _minutes(minutes: int) -> str:
    return _("%(minutes)s minutes") % {"minutes": minutes}


def _qualifications(person: Person) -> Iterator[Proof]:
    for held in qualified_as_verified([person.pk], timezone.localdate()):
        words = _("Certificate No. %(number)s") % {"number": held.number}
        yield Proof(held.issued_on, "qualification", _("Qualification verified"), held.level.name_here, words)
    rows = RegistrationPeriod.objects.filter(person=person, state=PeriodState.VERIFIED).select_related(
        "level"
    )
    for row in rows:
        words = _("Registered until %(day)s") % {"day": day_words(row.ends_on)}
        yield Proof(row.starts_on, "qualification", _("Registration verified"), row.level.name_here, words)


def _certificates(person: Person) -> Iterator[Proof]:
    for row in Certificate.objects.filter(person=person):
        note = f"{row.serial} · {row.verdict().label}"
        yield Proof(row.issued_on, "certificate", _("Certificate issued"), row.title_here, note)


def _posts(person: Person) -> Iterator[Proof]:
    for held in holdings_of(person):
        what = f"{held.post.title} · {held.post.organisation.name}"
        yield Proof(held.starts_on, "post", _("Took up a post"), what, held.post.sector.name_here)
        if held.ends_on:
            yield Proof(held.ends_on, "post", _("Left a post"), what, held.post.sector.name_here)
    for row in TalentRoute.objects.filter(person=person):
        yield Proof(row.since, "route", _("Route of talent"), row.get_route_display(), row.note)


def _awards(person: Person) -> Iterator[Proof]:
    for each in registered_for([person.pk]):
        day = datetime.date(each.year, 12, 31)
        note = f"{each.get_rank_display()} · {each.issuer}"
        yield Proof(day, "award", _("Commended"), each.title, note, is_year=True)


def skills_of(person: Person) -> list[Skill]:
    """The service fields in their order, with what the person has learned in each. Three queries."""
    return _skills(person, completed_courses_of(person))


@dataclass(frozen=True)
class SkillPicture:
    """The fields that have something to show, and the names of those that have not."""

    drawn: list[Skill]
    blank: list[str]
    has_own: bool


def skill_picture_of(person: Person) -> SkillPicture:
    """What the person has learned, to be drawn: the most first, then the fields they serve in. Three queries."""
    skills = skills_of(person)
    drawn = sorted((each for each in skills if each.minutes or each.is_own), key=lambda each: -each.minutes)
    blank = [each.name for each in skills if not each.minutes and not each.is_own]
    return SkillPicture(drawn, blank, any(each.is_own for each in skills))


def _skills(person: Person, courses: list[CompletedCourse]) -> list[Skill]:
    own = set(person.fields.values_list("pk", flat=True))
    minutes: dict[int | None, int] = {}
    numbers: dict[int | None, int] = {}
    for each in courses:
        minutes[each.field_id] = minutes.get(each.field_id, 0) + each.minutes
        numbers[each.field_id] = numbers.get(each.field_id, 0) + 1
    return [
        Skill(field.name_here, minutes.get(field.pk, 0), numbers.get(field.pk, 0), field.pk in own)
        for field in ServiceField.objects.all()
        if field.is_active or field.pk in own or field.pk in minutes
    ]


def cv_facts(person: Person) -> CvFacts:
    """What a CV says today, frozen: nothing is looked up while it is printed."""
    proofs, skills = timeline_of(person), skills_of(person)
    profile = getattr(person, "talent_profile", None)
    hours = plain_hours(sum((kind.hours for kind in totals_of(person).kinds), Decimal(0)))
    since = person.practice_started_on
    facts = [
        (_("Employer"), person.employer.name if person.employer else ""),
        (pgettext("talent", "Post"), profile.post if profile else ""),
        (_("Qualification level"), profile.level.name_here if profile and profile.level else ""),
        (_("In practice since"), f"{since:%Y-%m}" if since else ""),
        (_("Route"), profile.get_route_display() if profile and profile.route else ""),
        (_("All hours held"), hours),
    ]
    own = pgettext("between the parts of a list", ", ").join(skill.name for skill in skills if skill.is_own)
    return CvFacts(
        name=person.name,
        dated=timezone.localdate(),
        title=_("Professional record"),
        facts=tuple((label, value) for label, value in [*facts, (_("Service fields"), own)] if value),
        sections=tuple(_sections(proofs)),
        skills=tuple((skill.name, skill.minutes) for skill in skills if skill.minutes),
        skills_title=_("Learned by service field (minutes)"),
        foot=_("%(name)s · printed on %(day)s from the records of %(platform)s")
        % {
            "name": person.name,
            "day": timezone.localdate().isoformat(),
            "platform": settings.WAGTAIL_SITE_NAME,
        },
        watermark="样例" if person.is_sample else "",
    )


def _sections(proofs: list[Proof]) -> Iterator[CvSection]:
    titles = {
        "qualification": _("Qualifications and registration"),
        "post": pgettext("talent", "Posts"),
        "award": _("Commendations"),
        "certificate": _("Certificates"),
        "course": _("Courses completed"),
        "hours": _("Continuing education and supervision"),
    }
    for kind, title in titles.items():
        lines = [_line(proof) for proof in proofs if proof.kind == kind]
        if lines:
            yield CvSection(title, tuple(lines))


def _line(proof: Proof) -> CvLine:
    pattern = "%Y" if proof.is_year else "%Y-%m" if proof.is_month else "%Y-%m-%d"
    what = (
        f"{proof.kind_label}{pgettext('after a label', ': ')}{proof.title}"
        if proof.kind == "post"
        else proof.title
    )
    return CvLine(proof.day.strftime(pattern), what, proof.note)
