"""Who somebody is to a thing of supervision: the predicates that the permission table is written in."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import rules

from core.access.scope import Asker, holds
from core.access.states import READERS
from supervision.circles.states import LIVE
from supervision.sessions.states import TOLD


def named(*paths: str) -> Any:
    """A predicate: the user is one of the people at these paths. Nobody is, of a thing that is not named."""

    @rules.predicate(name=f"named:{'|'.join(paths)}")
    def predicate(user: Asker, thing: Any = None) -> bool:
        if not user.is_authenticated or thing is None or isinstance(thing, type):
            return False
        return any(getattr(attrgetter(path)(thing), "user_id", None) == user.pk for path in paths)

    return predicate


@rules.predicate
def is_mentee_of(user: Asker, supervisor: Any = None) -> bool:
    """The user is, or was, paired with this supervisor."""
    if not user.is_authenticated or supervisor is None or isinstance(supervisor, type):
        return False
    return bool(supervisor.pairings.filter(mentee__user=user).exists())


@rules.predicate
def sees_its_supervisor(user: Asker, designation: Any = None) -> bool:
    """A designation is seen by whoever sees the supervisor who holds it."""
    thing = None if designation is None or isinstance(designation, type) else designation.supervisor
    return bool(user.has_perm("supervision.view_supervisor", thing))


@rules.predicate
def is_agreed(user: Asker, agreement: Any = None) -> bool:
    """Both have accepted it; what is still between the two is nothing for the desk."""
    return agreement is None or isinstance(agreement, type) or bool(agreement.is_agreed)


@rules.predicate
def is_successor(user: Asker, handover: Any = None) -> bool:
    """The mentee has passed this handover on to the user."""
    if not user.is_authenticated or handover is None or isinstance(handover, type):
        return False
    return handover.released_to is not None and handover.released_to.supervisor.person.user_id == user.pk


@rules.predicate
def holds_it(user: Asker, application: Any = None) -> bool:
    """The user has handed this application in."""
    named = application is not None and not isinstance(application, type)
    return bool(named and user.is_authenticated and application.holder_id == user.pk)


@rules.predicate
def is_offered_slot(user: Asker, slot: Any = None) -> bool:
    """The slot is the user's own, or offered to the user as a mentee."""
    if not user.is_authenticated or slot is None or isinstance(slot, type):
        return False
    return bool(type(slot).objects.visible_to(user).filter(pk=slot.pk).exists())


@rules.predicate
def reads_function(user: Asker, function: Any = None) -> bool:
    """The function is set in the tree that the user reads, or above it; of one that is not named, there is such a tree."""
    if not user.is_authenticated or function is None or isinstance(function, type):
        return holds(user, *READERS)
    return bool(type(function).objects.visible_to(user).filter(pk=function.pk).exists())


def takes_part(*path: str) -> Any:
    """A predicate: the user takes part, as a mentee or a supervisor, in the round that this leads to. Nobody does, of a
    thing that is not named."""

    @rules.predicate(name=f"takes_part:{'.'.join(path)}")
    def predicate(user: Asker, thing: Any = None) -> bool:
        if not user.is_authenticated or thing is None or isinstance(thing, type):
            return False
        round = attrgetter(".".join(path))(thing) if path else thing
        mentees = round.mentees.filter(person__user=user)
        return bool(mentees.exists() or round.supervisors.filter(supervisor__person__user=user).exists())

    return predicate


def is_in(*path: str) -> Any:
    """A predicate: what this leads to is true of the thing."""

    @rules.predicate(name=f"is:{'.'.join(path)}")
    def predicate(user: Asker, thing: Any = None) -> bool:
        return thing is not None and not isinstance(thing, type) and bool(attrgetter(".".join(path))(thing))

    return predicate


@rules.predicate
def may_join(user: Asker, round: Any = None) -> bool:
    """The round is open, lets people join, and is run above the user's employer."""
    if not user.is_authenticated or round is None or isinstance(round, type):
        return False
    employer = getattr(getattr(user, "person", None), "employer", None)
    return bool(round.is_joinable and employer and employer.path.startswith(round.organisation.path))


@rules.predicate
def chooses_among(user: Asker, member: Any = None) -> bool:
    """The user stands on the other side of the round that this mentee or supervisor takes part in."""
    if not user.is_authenticated or member is None or isinstance(member, type) or not member.is_in:
        return False
    round = member.round
    if hasattr(member, "person"):
        return bool(round.supervisors.filter(supervisor__person__user=user).exists())
    return bool(round.mentees.filter(person__user=user).exists())


@rules.predicate
def wished_it(user: Asker, wish: Any = None) -> bool:
    """The list in which this wish stands is the user's own."""
    if not user.is_authenticated or wish is None or isinstance(wish, type):
        return False
    own = wish.mentee.person if wish.side == "mentee" else wish.supervisor.supervisor.person
    return bool(own.user_id == user.pk)


@rules.predicate
def is_of_line(user: Asker, line: Any = None) -> bool:
    """The user is the mentee or the supervisor of this result."""
    if not user.is_authenticated or line is None or isinstance(line, type):
        return False
    by = line.supervisor.supervisor.person.user_id if line.supervisor else None
    return user.pk in (line.mentee.person.user_id, by)


@rules.predicate
def declared_it(user: Asker, conflict: Any = None) -> bool:
    """The user has declared this conflict of interest."""
    named = conflict is not None and not isinstance(conflict, type)
    return bool(named and user.is_authenticated and conflict.declared_by_id == user.pk)


@rules.predicate
def reviews(user: Asker, review: Any = None) -> bool:
    """The user has asked for this look into what was said."""
    named = review is not None and not isinstance(review, type)
    return bool(named and user.is_authenticated and review.reviewer_id == user.pk)


@rules.predicate
def is_granted(user: Asker, review: Any = None) -> bool:
    """It was granted once, so those whom it concerns know of it."""
    return review is not None and not isinstance(review, type) and review.state in TOLD


@rules.predicate
def is_asked(user: Asker, evaluation: Any = None) -> bool:
    """The user is whom this evaluation asks: the mentee, or of the assessment of the mentee the supervisor."""
    if not user.is_authenticated or evaluation is None or isinstance(evaluation, type):
        return False
    pairing = evaluation.pairing
    asked = pairing.supervisor.person if evaluation.direction == "mentee" else pairing.mentee
    return bool(asked.user_id == user.pk)


@rules.predicate
def is_shared(user: Asker, evaluation: Any = None) -> bool:
    """It is about the mentee and answered: both of the pair read it."""
    named = evaluation is not None and not isinstance(evaluation, type)
    return bool(named and evaluation.asks_skills and evaluation.is_given)


@rules.predicate
def sees_its_evaluation(user: Asker, answer: Any = None) -> bool:
    """An answer is seen by whoever sees its evaluation."""
    thing = None if answer is None or isinstance(answer, type) else answer.evaluation
    return bool(user.has_perm("supervision.view_evaluation", thing))


@rules.predicate
def belongs_to(user: Asker, circle: Any = None) -> bool:
    """The user is or was invited to this circle, asked to join it, or belongs to it."""
    named = circle is not None and not isinstance(circle, type)
    return bool(named and user.is_authenticated and circle.members.filter(person__user=user).exists())


@rules.predicate
def finds_it(user: Asker, circle: Any = None) -> bool:
    """The circle takes members and is found by everybody who is employed in its province."""
    if circle is None or isinstance(circle, type) or not user.is_authenticated:
        return False
    return bool(type(circle).objects.filter(type(circle).objects.all().reach_of(user), pk=circle.pk).exists())


@rules.predicate
def gathers(user: Asker, gathering: Any = None) -> bool:
    """The user is a member of its circle today, or stands in its record."""
    if gathering is None or isinstance(gathering, type) or not user.is_authenticated:
        return False
    member = gathering.circle.members.joined().filter(person__user=user)
    return bool(member.exists() or gathering.parts.filter(person__user=user).exists())


@rules.predicate
def took_part(user: Asker, content: Any = None) -> bool:
    """The user took part in the gathering that this content belongs to."""
    named = content is not None and not isinstance(content, type) and user.is_authenticated
    return bool(named and content.gathering.parts.live().filter(person__user=user).exists())


@rules.predicate
def took_part_in_amended(user: Asker, text: Any = None) -> bool:
    """The user took part in the gathering whose amendment this is the text of."""
    named = text is not None and not isinstance(text, type) and user.is_authenticated
    return bool(named and text.amendment.gathering.parts.live().filter(person__user=user).exists())


def writes(path: str) -> Any:
    """A predicate: the user leads the circle at this path ("" = the thing), is its member, or took part in a gathering."""

    @rules.predicate(name=f"writes:{path}")
    def predicate(user: Asker, thing: Any = None) -> bool:
        if thing is None or isinstance(thing, type) or not user.is_authenticated:
            return False
        circle = attrgetter(path)(thing) if path else thing
        if circle.leader.user_id == user.pk or circle.members.joined().filter(person__user=user).exists():
            return True
        held = circle.gatherings.order_by()
        led = held.filter(leader__user=user).exists()
        return bool(led or held.filter(parts__person__user=user, parts__state__in=sorted(LIVE)).exists())

    return predicate


def works_on(path: str) -> Any:
    """A predicate: the user is the supervisor or one of the mentees of the project at this path ("" = the thing)."""

    @rules.predicate(name=f"works_on:{path}")
    def predicate(user: Asker, thing: Any = None) -> bool:
        if thing is None or isinstance(thing, type) or not user.is_authenticated:
            return False
        project = attrgetter(path)(thing) if path else thing
        if project.supervisor.person.user_id == user.pk:
            return True
        return bool(project.mentees.filter(user=user).exists())

    return predicate
