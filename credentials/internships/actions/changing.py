"""Changing what is planned, before the internship begins."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import settle
from core.people.models import Person, User
from core.states import move
from credentials.internships.actions.placing import Plan, fields_of, require_possible
from credentials.internships.actions.refusals import InternshipRefused, require_officer
from credentials.internships.actions.telling import note, settle_officers, tell_student, tell_supervisor
from credentials.internships.models import Internship
from credentials.internships.queries import may_change
from credentials.internships.states import MOVES, InternshipState

CONFIRMED_BY_SCHOOL = ("school", "major", "is_social_work", "is_full_time", "year_of_study")


@transaction.atomic
def change_internship(*, internship: Internship, plan: Plan, actor: Asker) -> Internship:
    """Change what is planned, as long as the internship has not begun. What the school has confirmed stays as it is: where
    it changes, the student hands in another paper; of somebody who is placed it does not change.

    Raises InternshipRefused as propose_internship does, once it has begun or is signed, or when what was confirmed would
    change after the placing; StaleState. Side effects: the person's row is locked; the row; an audit entry; notices to the
    student, and once it was placed to the supervisor, to the one before too.
    """
    require_officer(internship, actor)
    person = Person.objects.select_for_update(no_key=True, of=("self",)).select_related("user").get(pk=internship.person_id)  # fmt: skip
    row = Internship.objects.select_for_update(of=("self",)).select_related("supervisor", "station").get(pk=internship.pk)  # fmt: skip
    if not may_change(row):
        raise InternshipRefused(_("It has begun: it is not planned any more. Cancel it with a reason."))
    require_possible(plan, person, but=row)
    fields, before = fields_of(plan), row.supervisor
    changed = {name: str(each) for name, each in fields.items() if getattr(row, name) != each}
    studied = [name for name in CONFIRMED_BY_SCHOOL if name in changed]
    if studied and row.is_placed:
        raise InternshipRefused(
            _("The school has confirmed this. Cancel the internship and plan another one."), studied[0]
        )
    if not changed:
        return row
    was = {name: str(getattr(row, name)) for name in changed}
    for name, value in fields.items():
        setattr(row, name, value)
    _keep_change(row, list(changed))
    if studied and row.state == InternshipState.CONFIRMED:
        move(row, InternshipState.PROPOSED, MOVES, reason=_("The plan was changed. Hand in a paper that fits it.")[:500])  # fmt: skip
        settle_officers(row)
    note("credentials.change_internship", row, actor, before=was, after=changed)
    _tell_change(row, before)
    return row


def _keep_change(row: Internship, names: list[str]) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=names)
    except IntegrityError:
        raise InternshipRefused(
            _("Another internship of this person lies in these days."), "starts_on"
        ) from None


def _tell_change(row: Internship, before: User) -> None:
    mark = f"changed:{timezone.now():%Y%m%d%H%M%S}"
    words = gettext_noop("Check what is planned now.")
    tell_student(
        row, gettext_noop("What is planned for your internship was changed: %(station)s"), words, mark
    )
    if not row.is_placed:
        return
    if before.pk != row.supervisor_id:
        settle(user=before, source=f"credentials.internship:{row.pk}:supervisor:")
    tell_supervisor(row, gettext_noop("The internship of %(name)s was changed: %(station)s"), words, mark)
