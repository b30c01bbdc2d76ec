"""Who may do what in supervision: the whole permission table."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import rules

from core.access.predicates import holds_role, leads_a_tree
from core.access.scope import Asker
from core.access.states import READERS, Role


def _named(*paths: str) -> Any:
    """A predicate: the user is one of the people at these paths. Nobody is, of a thing that is not named."""

    @rules.predicate(name=f"named:{'|'.join(paths)}")
    def predicate(user: Asker, thing: Any = None) -> bool:
        if not user.is_authenticated or thing is None or isinstance(thing, type):
            return False
        return any(attrgetter(path)(thing).user_id == user.pk for path in paths)

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
def _holds_it(user: Asker, application: Any = None) -> bool:
    """The user has handed this application in."""
    named = application is not None and not isinstance(application, type)
    return bool(named and user.is_authenticated and application.holder_id == user.pk)


@rules.predicate
def _belongs_to(user: Asker, circle: Any = None) -> bool:
    """The user is or was invited to this circle, asked to join it, or belongs to it."""
    named = circle is not None and not isinstance(circle, type)
    return bool(named and user.is_authenticated and circle.members.filter(person__user=user).exists())


@rules.predicate
def _finds_it(user: Asker, circle: Any = None) -> bool:
    """The circle takes members and is found by everybody who is employed in its province."""
    if circle is None or isinstance(circle, type) or not user.is_authenticated:
        return False
    return bool(type(circle).objects.filter(type(circle).objects.all().reach_of(user), pk=circle.pk).exists())


@rules.predicate
def _takes_part(user: Asker, gathering: Any = None) -> bool:
    """The user is a member of its circle today, or stands in its record."""
    if gathering is None or isinstance(gathering, type) or not user.is_authenticated:
        return False
    member = gathering.circle.members.joined().filter(person__user=user)
    return bool(member.exists() or gathering.parts.filter(person__user=user).exists())


@rules.predicate
def _took_part(user: Asker, content: Any = None) -> bool:
    """The user took part in the gathering that this content belongs to."""
    named = content is not None and not isinstance(content, type) and user.is_authenticated
    return bool(named and content.gathering.parts.live().filter(person__user=user).exists())


def _works_on(path: str) -> Any:
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


keeps_registry = holds_role(Role.ADMINISTRATOR)
reads_registry = holds_role(*READERS)
runs_pairing = holds_role(Role.ADMINISTRATOR)
reads_pairing = holds_role(*READERS) | holds_role(*READERS, at="supervisor.organisation")
reads_session = holds_role(*READERS, at="pairing.organisation") | holds_role(
    *READERS, at="pairing.supervisor.organisation"
)
of_pairing = _named("supervisor.person", "mentee")
of_session = _named("pairing.supervisor.person", "pairing.mentee")
supervises = _named("pairing.supervisor.person")
is_mentee = _named("pairing.mentee")
reads_gathering = holds_role(*READERS, at="circle.organisation")
reads_project = holds_role(*READERS, at="project.organisation") | holds_role(
    *READERS, at="project.supervisor.organisation"
)
runs_circle = _named("leader") | holds_role(Role.ADMINISTRATOR)
agrees = _named("agreement.pairing.supervisor.person", "agreement.pairing.mentee")
wrote_for_pair = _named("session.pairing.supervisor.person", "session.pairing.mentee")

for perm, predicate in {
    # The registry. Supervisors are set inactive, never deleted.
    "supervision.view_supervisor": reads_registry | _named("person") | is_mentee_of,
    "supervision.view_designation": sees_its_supervisor,
    "supervision.view_supervisionnorm": reads_registry,
    "supervision.set_norm": keeps_registry,
    "supervision.add_supervisor": keeps_registry,
    "supervision.change_supervisor": keeps_registry,
    "supervision.designate_supervisor": keeps_registry & ~_named("person"),
    # Applications as supervisor: decided within the tree, never by the applicant (nor whom they let in: the action).
    "supervision.view_supervisorapplication": reads_registry | _holds_it,
    "supervision.decide_supervisorapplication": keeps_registry & ~_holds_it,
    # Pairings: run by the mentee's side; nobody runs their own, whatever roles they hold.
    "supervision.view_pairing": reads_pairing | of_pairing,
    "supervision.add_pairing": runs_pairing,
    "supervision.change_pairing": runs_pairing & ~of_pairing,
    "supervision.end_pairing": runs_pairing & ~of_pairing,
    "supervision.log_session": _named("supervisor.person"),  # asked of the pairing
    # Requests: asked by the mentee, answered by the supervisor; the desk only reads.
    "supervision.view_pairingrequest": reads_pairing | of_pairing,
    "supervision.answer_request": _named("supervisor.person"),
    "supervision.withdraw_request": _named("mentee"),
    # Agreements: that there is one, how often and how long is for the desk too; what it says is for the pair.
    "supervision.view_agreementtemplate": reads_registry,
    "supervision.add_agreementtemplate": keeps_registry,
    "supervision.change_agreementtemplate": keeps_registry,
    "supervision.view_agreement": (reads_session & is_agreed) | of_session,
    "supervision.propose_agreement": supervises,
    "supervision.accept_agreement": is_mentee,
    "supervision.view_agreementtext": agrees,
    "supervision.view_agreementacceptance": agrees,
    "supervision.view_agreementremark": agrees,
    # Learning goals: the list of competencies is the desk's, the goals are the pair's.
    "supervision.view_competency": leads_a_tree,
    "supervision.add_competency": leads_a_tree,
    "supervision.change_competency": leads_a_tree,
    "supervision.view_learninggoal": of_session,
    "supervision.view_goalnote": _named("goal.pairing.supervisor.person", "goal.pairing.mentee"),
    # Sessions: that one took place is for the desk too; what was said is for the pair.
    "supervision.view_session": reads_session | of_session,
    "supervision.confirm_session": is_mentee,
    "supervision.dispute_session": is_mentee,
    "supervision.amend_session": supervises,
    "supervision.cancel_session": supervises,
    "supervision.write_note": of_session,
    "supervision.view_sessioncontent": wrote_for_pair,
    "supervision.view_sessionremark": wrote_for_pair,
    "supervision.view_workingnote": _named("author"),
    "supervision.view_sessiondraft": _named("pairing.supervisor.person"),
    # Circles: that a gathering took place, for whom and how long, is for the desk; what was said is for who took part.
    "supervision.view_circle": holds_role(*READERS) | _named("leader") | _belongs_to | _finds_it,
    "supervision.add_circle": holds_role(Role.ADMINISTRATOR),
    "supervision.change_circle": runs_circle,
    "supervision.close_circle": runs_circle,
    "supervision.lead_circle": _named("leader"),
    "supervision.view_circlemember": holds_role(*READERS, at="circle.organisation")
    | _named("person", "circle.leader"),
    "supervision.view_gathering": reads_gathering | _named("leader", "circle.leader") | _takes_part,
    "supervision.plan_gathering": _named("leader", "circle.leader"),
    "supervision.log_gathering": _named("leader"),
    "supervision.view_participation": holds_role(*READERS, at="gathering.circle.organisation")
    | holds_role(*READERS)
    | _named("person", "gathering.leader"),
    "supervision.confirm_participation": _named("person"),
    "supervision.correct_participation": _named("gathering.leader"),
    "supervision.view_gatheringcontent": _named("gathering.leader") | _took_part,
    "supervision.view_participationremark": _named("part.person", "part.gathering.leader"),
    "supervision.view_gatheringnote": _named("author"),
    # Companion projects: how far they are is for the desk; files, notes and evaluations are for the project's people.
    "supervision.view_companionproject": reads_pairing | _works_on(""),
    "supervision.lead_project": _named("supervisor.person"),
    "supervision.view_deliverable": reads_project | _works_on("project"),
    "supervision.view_projectvisit": reads_project | _works_on("project"),
    "supervision.view_projectevaluation": _works_on("project"),
}.items():
    rules.add_perm(perm, predicate)
