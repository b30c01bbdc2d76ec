"""Proposing an internship, the school's word for it, placing it, and cancelling it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import kept_file
from core.organisations.models import Kind, Organisation
from core.people.models import Person, User
from core.people.queries import BOUND, is_bound_to
from core.states import move
from credentials.internships.actions.refusals import InternshipRefused, require_holder, require_officer, why
from credentials.internships.actions.telling import (
    ask_officers,
    note,
    settle_officers,
    settle_supervisor,
    tell_student,
    tell_supervisor,
)
from credentials.internships.models import Internship
from credentials.internships.queries import has_opened_paper
from credentials.internships.states import LIVE, MOVES, InternshipState

DAYS_MOST = 3 * 366  # longer than any study asks for


@dataclass(frozen=True)
class Plan:
    """What an officer plans: who studies what, and who takes them in, from when to when."""

    school: str
    major: str
    is_social_work: bool
    is_full_time: bool
    year_of_study: int
    authority: Organisation
    station: Organisation
    supervisor: User
    starts_on: datetime.date
    ends_on: datetime.date


@transaction.atomic
def propose_internship(*, person: Person, plan: Plan, actor: Asker) -> Internship:
    """Plan an internship for somebody else; the student is asked for the school's paper.

    Raises InternshipRefused for oneself, when no competent department places it, the days cannot be, or another internship
    of the person lies in them. Side effects: the person's row is locked; a row; an audit entry; a notice to the student.
    """
    assert isinstance(actor, User)
    if actor.pk == person.user_id:
        raise InternshipRefused(
            _("Nobody decides about their own internship. Another administrator does that.")
        )
    if is_bound_to(actor, person):
        raise InternshipRefused(str(BOUND))
    person = Person.objects.select_for_update(no_key=True, of=("self",)).select_related("user").get(pk=person.pk)  # fmt: skip
    require_possible(plan, person)
    try:
        with transaction.atomic():
            row = Internship.objects.create(
                person=person, holder_id=person.user_id, proposed_by_id=actor.pk, **fields_of(plan)
            )
    except IntegrityError:
        raise InternshipRefused(
            _("Another internship of this person lies in these days."), "starts_on"
        ) from None
    said = {"station": plan.station.name, "starts_on": plan.starts_on, "ends_on": plan.ends_on}
    note("credentials.propose_internship", row, actor, after={name: str(each) for name, each in said.items()})
    tell_student(
        row,
        gettext_noop("An internship is planned for you: %(station)s"),
        gettext_noop("Check what is planned, and hand in the school’s paper."),
        "proposed",
    )
    return row


def fields_of(plan: Plan) -> dict[str, Any]:
    texts = {"school": plan.school.strip(), "major": plan.major.strip()}
    return vars(plan) | texts


def require_possible(plan: Plan, person: Person, but: Internship | None = None) -> None:
    if plan.authority.kind != Kind.BUREAU:
        raise InternshipRefused(_("Interns are placed by a competent department."), "authority")
    if plan.supervisor.pk == person.user_id:
        raise InternshipRefused(_("Nobody supervises their own internship."), "supervisor")
    if plan.ends_on < plan.starts_on:
        raise InternshipRefused(_("The last day must not be before the first."), "ends_on")
    if (plan.ends_on - plan.starts_on).days > DAYS_MOST:
        raise InternshipRefused(_("This internship would be too long. Check the years."), "ends_on")
    rows = Internship.objects.filter(person=person, state__in=LIVE)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    if rows.filter(starts_on__lte=plan.ends_on, ends_on__gte=plan.starts_on).exists():
        raise InternshipRefused(_("Another internship of this person lies in these days."), "starts_on")


@transaction.atomic
def confirm_internship(*, internship: Internship, upload: Any, actor: Asker) -> Internship:
    """The student hands in what the school says. Raises InternshipRefused for anybody else, StaleState or IllegalMove.

    Side effects: the file; the state; an audit entry; notices to the officers who can place it.
    """
    require_holder(internship, actor)
    paper = kept_file(file=upload, actor=actor)
    move(internship, InternshipState.CONFIRMED, MOVES, paper_id=paper.pk, reason="")
    note("credentials.confirm_internship", internship, actor, after={"paper": paper.pk})
    ask_officers(
        internship,
        gettext_noop("%(name)s has handed in the school’s paper for an internship"),
        gettext_noop("Compare it with what is planned, and place the intern."),
        f"confirmed:{paper.pk}",
    )
    return internship


def open_internship_paper(*, internship: Internship, actor: Asker) -> None:
    """Somebody looks at the school's paper. Side effect: an audit entry, but for the student."""
    if actor.pk != internship.holder_id:
        note("credentials.open_internship_paper", internship, actor, after={"paper": internship.paper_id})


@transaction.atomic
def place_internship(*, internship: Internship, actor: Asker) -> Internship:
    """Place an intern whose school has confirmed what they study. Never oneself, and not without having opened the paper.

    Raises InternshipRefused, StaleState or IllegalMove. Side effects: the state; an audit entry; notices to the student and
    the supervisor.
    """
    require_officer(internship, actor)
    if internship.state == InternshipState.CONFIRMED and not has_opened_paper(internship, actor):
        raise InternshipRefused(_("Open the school’s paper first: you confirm that it says so."))
    move(
        internship,
        InternshipState.PLACED,
        MOVES,
        placed_by_id=actor.pk,
        placed_at=timezone.now(),
        reason="",
    )
    note("credentials.place_internship", internship, actor, after={"state": "placed"})
    settle_officers(internship)
    tell_student(
        internship,
        gettext_noop("Your internship is arranged: %(station)s"),
        gettext_noop("At its end your supervisor signs what you have done."),
        "placed",
    )
    tell_supervisor(
        internship,
        gettext_noop("%(name)s is placed with you as an intern: %(station)s"),
        gettext_noop("Sign on %(until)s or later how many hours it was, and how it went."),
        "placed",
    )
    return internship


@transaction.atomic
def return_confirmation(*, internship: Internship, reason: str, actor: Asker) -> Internship:
    """Say why the school's paper does not do; the student hands in another. Raises as place_internship does."""
    require_officer(internship, actor)
    reason = why(reason)
    move(internship, InternshipState.PROPOSED, MOVES, reason=reason)
    note("credentials.return_confirmation", internship, actor, reason=reason)
    settle_officers(internship)
    tell_student(
        internship,
        gettext_noop("The school’s paper was returned: %(station)s"),
        gettext_noop("Reason: %(reason)s. Hand in another one."),
        f"returned:{internship.paper_id}",
    )
    return internship


@transaction.atomic
def cancel_internship(*, internship: Internship, reason: str, actor: Asker) -> Internship:
    """Call an internship off, or break it off, with a reason. Raises InternshipRefused, StaleState or IllegalMove.

    Side effects: the state; an audit entry; notices to the student, and to the supervisor once it was placed.
    """
    require_officer(internship, actor)
    reason = why(reason)
    old = move(internship, InternshipState.CANCELLED, MOVES, reason=reason)
    note("credentials.cancel_internship", internship, actor, before={"state": old}, reason=reason)
    settle_officers(internship)
    settle_supervisor(internship)
    words = gettext_noop("Reason: %(reason)s.")
    tell_student(internship, gettext_noop("Your internship is cancelled: %(station)s"), words, "cancelled")
    if old == InternshipState.PLACED:
        tell_supervisor(
            internship, gettext_noop("The internship of %(name)s is cancelled"), words, "cancelled"
        )
    return internship
