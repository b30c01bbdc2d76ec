"""The list of a cohort, as officers send it: whoever stands there has a place, with an account made for who has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.audit.actions import entry_of, record_all
from core.imports.actions import start_import
from core.imports.kinds import Kind, Place, TakenMeanwhile, Verdict, import_kind, later
from core.imports.models import SheetImport
from core.imports.reading import COLUMNS, Parsed, PeopleReader, RowWrong, heading
from core.imports.states import Outcome
from core.notices.actions import both, notify_many
from core.people.actions import create_people
from core.people.models import User
from core.sheets.reading import Row
from core.states import Refused
from lms.admissions.queries import conditions_of
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.enrolments.actions import give_up_waiting
from lms.enrolments.models import Enrolment
from lms.enrolments.places import lock_cohort, lock_cohorts, settle_places, take_seats
from lms.enrolments.states import EnrolmentState
from lms.rosters.policy import Places
from lms.rosters.queries import (
    applicants_of,
    been_before,
    held_elsewhere,
    newcomer,
    places_of,
    staged_words,
    unmet_words,
    waiting_elsewhere,
)
from lms.signals import PersonAdmitted, person_admitted

KEPT = gettext_noop(
    "The places that are still free are kept for other organisations. Change the quotas or raise the number of places first."
)


@dataclass(frozen=True)
class Entry:
    """A row that is to be enrolled: whose account it is, or None for one that is still to be made."""

    parsed: Parsed
    user: User | None

    @property
    def path(self) -> str:
        """Where the person is employed: some places may be kept for an organisation."""
        employer = self.user.person.employer if self.user is not None else self.parsed.employer
        return employer.path if employer is not None else ""


class RosterChecker:
    """Rows become places, as many as are free and nobody waits for. Nobody enters themselves."""

    def __init__(self, sheet: SheetImport) -> None:
        self.sheet = sheet
        self.cohort = Cohort.objects.select_related("organisation", "version", "plan").get(
            pk=sheet.target_id or 0
        )
        self.reader = PeopleReader(
            default=self.cohort.organisation, actor=sheet.created_by, joined=self._enrolled
        )
        self.places = places_of(self.cohort)
        self.conditions = conditions_of(self.cohort.plan)

    def refusal(self) -> str:
        """Others may have been asked to decide, or the cohort passed on to others, since the list was sent."""
        if not self.sheet.created_by.has_perm("lms.change_cohort", self.cohort):
            return _("Who sent this list no longer runs this cohort.")
        return staged_words(self.cohort)

    def check(self, rows: Sequence[Row]) -> list[Verdict]:
        read = self.reader.read(rows)
        holder = self.reader.known(row for row in read if isinstance(row, Parsed))
        found = [holder(row) if isinstance(row, Parsed) else row for row in read]
        known = [user for user in found if isinstance(user, User)]
        self.enrolled = self._enrolled(known)
        self.applicants = applicants_of(self.conditions, known)
        self.elsewhere = held_elsewhere(self.cohort, known)
        return [self._verdict(*each) for each in zip(rows, read, found, strict=True)]

    def _enrolled(self, users: Sequence[User]) -> set[int]:
        rows = Enrolment.objects.active().filter(cohort=self.cohort, person__user__in=users)
        return set(rows.values_list("person__user_id", flat=True)) if users else set()

    def _verdict(self, row: Row, parsed: Any, found: User | RowWrong | None) -> Verdict:
        name = row["name"]
        if isinstance(found, RowWrong):
            return Verdict(row, Outcome.WRONG, name, found.column, found.message)
        if found is not None and found.pk in self.enrolled:
            return Verdict(row, Outcome.KNOWN, name, subject_id=found.pk)
        if found is not None and found.pk == self.sheet.created_by_id:
            own = gettext_lazy("Nobody decides on their own application. Ask another administrator.")
            return Verdict(row, Outcome.WRONG, name, message=own)
        if found is not None and found.pk in self.elsewhere:
            return Verdict(row, Outcome.WRONG, name, message=_placed(*self.elsewhere[found.pk]))
        if unmet := self._unmet(parsed, found):
            return Verdict(row, Outcome.WRONG, name, message=unmet)
        entry = Entry(parsed, found)
        if not self.places.give(entry.path):
            words, column = _no_place(self.cohort, self.places)
            return Verdict(row, Outcome.WRONG, name, column, words)
        return Verdict(row, Outcome.NEW, name, payload=entry)

    def _unmet(self, parsed: Parsed, found: User | None) -> Any:
        """A list passes no condition by: whoever has an account is what their profile says, others what the row says."""
        if not self.conditions:
            return ""
        applicant = newcomer(parsed) if found is None else self.applicants[found.pk]
        if not unmet_words(self.conditions, applicant):
            return ""
        return later(lambda: unmet_words(self.conditions, applicant))

    def write(self, verdicts: Sequence[Verdict]) -> list[int]:
        entries: list[Entry] = [verdict.payload for verdict in verdicts]
        known = [entry.user for entry in entries if entry.user is not None]
        locked = lock_course(self.cohort, known)
        take_places(self.cohort, [entry.path for entry in entries])
        new = [entry.parsed for entry in entries if entry.user is None]
        made = iter(create_people(rows=new, actor=self.sheet.created_by, sheet_id=self.sheet.pk))
        users = [entry.user or next(made) for entry in entries]
        now = timezone.now()
        rows = Enrolment.objects.bulk_create(
            Enrolment(
                cohort=self.cohort,
                person=user.person,
                version_id=self.cohort.version_id,
                state=EnrolmentState.ENROLLED,
                applied_at=now,
                decided_at=now,
                decided_by=self.sheet.created_by,
            )
            for user in users
        )
        self._tell(rows, known)
        self._one_place(rows, locked)
        return [user.pk for user in users]

    def _one_place(self, rows: Sequence[Enrolment], locked: dict[int, Cohort]) -> None:
        """As when somebody applies: whoever has a place now waits nowhere else in the course, and whoever was here before
        brings along what is still open of that."""
        people = [row.person for row in rows]
        waits = {person for person, _cohort in waiting_elsewhere(self.cohort, people)}
        before = been_before(self.cohort, people)
        for row in rows:
            if row.person_id in waits:
                give_up_waiting(
                    person=row.person, cohort=self.cohort, actor=self.sheet.created_by, locked=locked
                )
            if row.person_id in before:
                person_admitted.send(Enrolment, event=PersonAdmitted(enrolment_id=row.pk))

    def _tell(self, rows: Sequence[Enrolment], users: Sequence[User]) -> None:
        """Audit each, and tell those who had an account before."""
        record_all(
            entry_of(
                action="lms.enrol",
                target=row,
                actor=self.sheet.created_by,
                organisation=self.cohort.organisation,
                after={"state": row.state, "import": self.sheet.pk},
            )
            for row in rows
        )
        places = {row.person.user_id: row.pk for row in rows}
        notify_many(
            users=users,
            kind="lms.enrolment_approved",
            title=gettext_noop("You have a place: %(cohort)s"),
            body=gettext_noop("%(who)s has entered you. You can begin to learn now."),
            url=lambda user: reverse("lms:enrolment-detail", args=[places[user.pk]]),
            source=f"lms.cohort:{self.cohort.pk}:import:{self.sheet.pk}",
            cohort=both(self.cohort.title, self.cohort.title_en),
            who=self.cohort.organisation.name,
        )

    def finish(self) -> None:
        """Everybody is told as they are entered."""


def _no_place(cohort: Cohort, places: Places) -> tuple[Any, Any]:
    """Why a row finds no place, and in which column that is to be seen ("" for none), in the language of the reader."""
    if places.are_kept:
        return gettext_lazy(KEPT), heading("employer")
    words = gettext_noop(
        "All %(capacity)s places are taken, waited for or given to the rows above. Raise the number of places first."
    )
    return later(lambda: _(words) % {"capacity": cohort.capacity}), ""


def _placed(title: str, title_en: str) -> Any:
    words = gettext_noop(
        "Has a place in %(cohort)s already, a cohort of the same course. A transfer moves people."
    )
    return later(lambda: _(words) % {"cohort": titled(title, title_en)})


class PlacesGone(TakenMeanwhile):
    """Fewer places are free than this list needs."""


class PlaceElsewhere(TakenMeanwhile):
    """Somebody on this list has taken a place in another cohort of the course since the list was checked."""


def lock_course(cohort: Cohort, users: Sequence[User]) -> dict[int, Cohort]:
    """Lock these accounts, this cohort and those of the course where one of them waits, in the order of keys, as
    applying does. Raises PlaceElsewhere when one of them has a place in another by now."""
    accounts = User.objects.select_for_update(no_key=True).filter(pk__in=[user.pk for user in users])
    list(accounts.order_by("pk").values_list("pk"))
    if held := held_elsewhere(cohort, users):
        raise PlaceElsewhere(_placed(*next(iter(held.values()))))
    waits = waiting_elsewhere(cohort, [user.person for user in users])
    return lock_cohorts([cohort.pk, *(elsewhere for _person, elsewhere in waits)])


def take_places(cohort: Cohort, paths: Sequence[str]) -> None:
    """Take a place for each of these employers' paths in a cohort, which stays locked until the transaction ends.

    Raises PlacesGone when there are fewer, or the cohort is cancelled: whoever writes many rows then writes them one by one.
    """
    locked = lock_cohort(cohort.pk)
    if locked.cancelled_at is not None:
        raise PlacesGone(gettext_lazy("This cohort does not take place."))
    settle_places(locked)
    places = places_of(locked)
    if not all(places.give(path) for path in paths) or not take_seats(locked, len(paths)):
        raise PlacesGone(*_no_place(locked, places))


def enrol(*, cohort: Cohort, upload: Any, all_or_none: bool, actor: User) -> SheetImport:
    """Send the list of a cohort: checked in the background, taken over by a second act (core.imports).

    Raises Refused where others than the organiser decide on applications.
    """
    if sentence := staged_words(cohort):
        raise Refused(sentence)
    return start_import(
        kind=ROSTER.key,
        organisation=cohort.organisation,
        title=later(
            lambda: _("List of %(cohort)s: %(file)s") % {"cohort": cohort.title_here, "file": upload.name}
        ),
        upload=upload,
        all_or_none=all_or_none,
        actor=actor,
        target_id=cohort.pk,
    )


def place_of(cohort: Cohort) -> Place:
    """The cohort, as the pages of its lists name it and lead back to it."""
    label = _("Cohort: %(cohort)s") % {"cohort": titled(cohort.title, cohort.title_en)}
    return Place(label, reverse("applications:cohort", args=[cohort.pk]))


def _place(sheet: SheetImport) -> Place | None:
    cohort = Cohort.objects.filter(pk=sheet.target_id or 0).first()
    return place_of(cohort) if cohort is not None else None


ROSTER = import_kind(Kind(key="roster", columns=COLUMNS, checker=RosterChecker, place=_place))
