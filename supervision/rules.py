"""Who may do what in supervision: the whole permission table."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import rules

from core.access.predicates import holds_role, leads_a_tree, serves
from core.access.scope import Asker, holds
from core.access.states import READERS, Role
from supervision.circles.states import LIVE


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
def is_successor(user: Asker, handover: Any = None) -> bool:
    """The mentee has passed this handover on to the user."""
    if not user.is_authenticated or handover is None or isinstance(handover, type):
        return False
    return handover.released_to is not None and handover.released_to.supervisor.person.user_id == user.pk


@rules.predicate
def _holds_it(user: Asker, application: Any = None) -> bool:
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


def _takes_part(*path: str) -> Any:
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


def _is_in(*path: str) -> Any:
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
    """It was granted once, so the pair knows of it."""
    return review is not None and not isinstance(review, type) and review.state in ("granted", "ended")


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
def _gathers(user: Asker, gathering: Any = None) -> bool:
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


@rules.predicate
def _took_part_in_amended(user: Asker, text: Any = None) -> bool:
    """The user took part in the gathering whose amendment this is the text of."""
    named = text is not None and not isinstance(text, type) and user.is_authenticated
    return bool(named and text.amendment.gathering.parts.live().filter(person__user=user).exists())


def _writes(path: str) -> Any:
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


_wrote_in, _wrote_of = _writes(""), _writes("circle")


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
reads_training = holds_role(*READERS, at="person.employer") | holds_role(*READERS)
checks_training = holds_role(Role.ADMINISTRATOR, at="person.employer") | holds_role(Role.ADMINISTRATOR)
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
reads_held = holds_role(*READERS, at="gathering.circle.organisation")
reads_project = holds_role(*READERS, at="project.organisation") | holds_role(
    *READERS, at="project.supervisor.organisation"
)
runs_circle = _named("leader") | holds_role(Role.ADMINISTRATOR)
agrees = _named("agreement.pairing.supervisor.person", "agreement.pairing.mentee")
reads_round = holds_role(*READERS, at="round.organisation")
of_conflict = _named("supervisor.person", "mentee")
wrote_for_pair = _named("session.pairing.supervisor.person", "session.pairing.mentee")
reads_record = holds_role(*READERS, at="session.pairing.organisation") | holds_role(
    *READERS, at="session.pairing.supervisor.organisation"
)
runs_record = holds_role(Role.ADMINISTRATOR, at="session.pairing.organisation")
amended_by = _named("amendment.session.pairing.supervisor.person", "amendment.session.pairing.mentee")
reads_review = holds_role(*READERS, at="pairing.organisation") | holds_role(
    *READERS, at="pairing.supervisor.organisation"
)

for perm, predicate in {
    # The registry. Supervisors are set inactive, never deleted.
    "supervision.view_supervisor": reads_registry | _named("person") | is_mentee_of,
    "supervision.view_designation": sees_its_supervisor,
    "supervision.view_speciality": sees_its_supervisor,
    "supervision.view_supervisionnorm": reads_registry,
    "supervision.set_norm": keeps_registry,
    "supervision.add_supervisor": keeps_registry,
    "supervision.change_supervisor": keeps_registry & ~_named("person"),
    "supervision.designate_supervisor": keeps_registry & ~_named("person"),
    # Applications as supervisor: decided within the tree, never by the applicant (nor whom they let in: the action).
    "supervision.view_supervisorapplication": reads_registry | _holds_it,
    "supervision.decide_supervisorapplication": keeps_registry & ~_holds_it,
    # Own training: declared by the person, checked by the tree that employs or lists them, never by themself.
    "supervision.view_owntraining": reads_training | _holds_it,
    "supervision.check_owntraining": checks_training & ~_holds_it,
    "supervision.view_trainingrequirement": reads_registry,
    # Pairings: run by the mentee's side; nobody runs their own, whatever roles they hold.
    "supervision.view_pairing": reads_pairing | of_pairing,
    "supervision.add_pairing": runs_pairing,
    "supervision.change_pairing": runs_pairing & ~of_pairing,
    "supervision.end_pairing": runs_pairing & ~of_pairing,
    "supervision.log_session": _named("supervisor.person"),  # asked of the pairing
    "supervision.view_pause": reads_session | of_session,
    # Wishes of pairs: that something is asked for is for the desk too; decided at the mentee's side, never by one of the
    # two. Why it is asked for is read by who asked and who decides; `read_…` is asked of this table, not of the account.
    "supervision.view_pairwish": reads_session | of_session,
    "supervision.withdraw_wish": _named("asked_by"),
    "supervision.decide_pairwish": holds_role(Role.ADMINISTRATOR, at="pairing.organisation") & ~of_session,
    "supervision.read_pairwish": serves(Role.ADMINISTRATOR, at="pairing.organisation") & ~of_session,
    # Requests: asked by the mentee, answered by the supervisor; the desk only reads.
    "supervision.view_pairingrequest": reads_pairing | of_pairing,
    "supervision.answer_request": _named("supervisor.person"),
    "supervision.withdraw_request": _named("mentee"),
    # Conflicts of interest: never shown to the other of the two, whatever roles they hold.
    "supervision.view_conflict": (reads_registry & ~of_conflict) | declared_it,
    "supervision.add_conflict": keeps_registry,
    "supervision.end_conflict": (keeps_registry & ~of_conflict) | declared_it,
    "supervision.read_conflict": (serves(Role.ADMINISTRATOR) & ~of_conflict) | declared_it,
    # Matching rounds: run by the tree of their organisation, never by who takes part; nobody sees the other side's list.
    "supervision.view_matchinground": reads_registry | (_takes_part() & _is_in("is_shown")) | may_join,
    "supervision.add_matchinground": keeps_registry,
    "supervision.change_matchinground": keeps_registry & ~_takes_part(),
    "supervision.view_roundmentee": reads_round
    | (_is_in("round.is_shown") & (_named("person") | chooses_among)),
    "supervision.view_roundsupervisor": reads_round
    | (_is_in("round.is_shown") & (_named("supervisor.person") | chooses_among)),
    "supervision.view_wish": (
        holds_role(*READERS, at="mentee.round.organisation") & ~_takes_part("mentee.round")
    )
    | (_is_in("mentee.round.is_shown") & wished_it),
    "supervision.view_roundrun": reads_round & ~_takes_part("round"),
    "supervision.view_roundcurves": reads_round & ~_takes_part("round"),
    # Circles: that a gathering took place, for whom and how long, is for the desk; what was said is for who took part.
    "supervision.view_circle": holds_role(*READERS) | _named("leader") | _belongs_to | _finds_it,
    "supervision.add_circle": holds_role(Role.ADMINISTRATOR),
    "supervision.change_circle": runs_circle,
    "supervision.close_circle": runs_circle,
    "supervision.lead_circle": _named("leader"),
    "supervision.view_circlemember": holds_role(*READERS, at="circle.organisation")
    | _named("person", "circle.leader"),
    "supervision.view_gathering": reads_gathering | _named("leader", "circle.leader") | _gathers,
    "supervision.plan_gathering": _named("leader", "circle.leader"),
    "supervision.log_gathering": _named("leader"),
    "supervision.view_participation": holds_role(*READERS, at="gathering.circle.organisation")
    | holds_role(*READERS)
    | _named("person", "gathering.leader"),
    "supervision.confirm_participation": _named("person"),
    "supervision.correct_participation": _named("gathering.leader"),
    "supervision.view_gatheringcontent": _named("gathering.leader") | _took_part,
    "supervision.view_participationremark": _named("part.person", "part.gathering.leader"),
    "supervision.view_gatheringaction": _named("gathering.leader") | _took_part,
    "supervision.view_gatheringfile": _named("gathering.leader") | _took_part,
    "supervision.view_gatheringdraft": _named("author"),
    "supervision.view_gatheringamendment": reads_held | _named("gathering.leader") | _took_part,
    "supervision.view_gatheringamendmenttext": _named("amendment.gathering.leader") | _took_part_in_amended,
    "supervision.view_partamendment": _named("part.person", "part.gathering.leader"),
    "supervision.answer_partamendment": _named("part.person"),
    "supervision.view_lategathering": reads_held | _named("gathering.leader") | _took_part,
    "supervision.decide_lategathering": holds_role(Role.ADMINISTRATOR, at="gathering.circle.organisation")
    & ~(_named("gathering.leader") | _took_part),
    # Reviews of a circle: asked for from the desk, never by one of it; told to all of it once they are granted.
    "supervision.ask_circlereview": holds_role(*READERS) & ~_wrote_in,
    "supervision.view_circlereview": reviews | (reads_gathering & ~_wrote_of) | (is_granted & _wrote_of),
    "supervision.decide_circlereview": holds_role(Role.ADMINISTRATOR, at="circle.organisation")
    & ~reviews
    & ~_wrote_of,
    "supervision.view_gatheringnote": _named("author"),
    # Companion projects: how far they are is for the desk; files, notes and evaluations are for the project's people.
    "supervision.view_companionproject": reads_pairing | _works_on(""),
    "supervision.lead_project": _named("supervisor.person"),
    "supervision.view_deliverable": reads_project | _works_on("project"),
    "supervision.view_projectvisit": reads_project | _works_on("project"),
    "supervision.view_projectevaluation": _works_on("project"),
    "supervision.view_runline": (
        holds_role(*READERS, at="run.round.organisation") & ~_takes_part("run.round")
    )
    | (_is_in("run.is_told") & is_of_line),
    "supervision.view_appeal": _named("person") | (reads_round & ~_takes_part("round")),
    "supervision.decide_appeal": holds_role(Role.ADMINISTRATOR, at="round.organisation")
    & ~_takes_part("round"),
    "supervision.read_appeal": serves(Role.ADMINISTRATOR, at="round.organisation") & ~_takes_part("round"),
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
    # Handovers: the pair's, and the next supervisor's once the mentee has passed one on.
    "supervision.view_handover": of_session | is_successor,
    "supervision.write_handover": _named("supervisor.person"),  # asked of the pairing
    "supervision.release_handover": is_mentee,
    # Evaluations: asked of one, read by the pair where it is about the mentee; of many only averages are published.
    "supervision.view_evaluationtemplate": reads_registry,
    "supervision.add_evaluationtemplate": keeps_registry,
    "supervision.change_evaluationtemplate": keeps_registry,
    "supervision.view_publicationrule": reads_registry,
    "supervision.set_publication_rule": keeps_registry,
    "supervision.view_evaluation": is_asked
    | (is_shared & _named("pairing.supervisor.person", "pairing.mentee")),
    "supervision.answer_evaluation": is_asked,
    "supervision.view_evaluationanswer": sees_its_evaluation,
    "supervision.view_evaluationresult": holds_role(*READERS, at="supervisor.organisation")
    | _named("supervisor.person"),
    "supervision.view_evaluationwords": _named("result.supervisor.person"),
    # Functions: set at a place, and in force at all below it.
    "supervision.view_localfunction": reads_function,
    "supervision.add_localfunction": keeps_registry,
    "supervision.change_localfunction": keeps_registry,
    # Reports and allowance statements: by the organisation that they are about. `issue_…` is asked of the organisation.
    "supervision.view_supervisionreport": reads_registry,
    "supervision.issue_report": holds_role(Role.ADMINISTRATOR, at=""),
    "supervision.view_allowancerate": holds_role(*READERS, Role.FINANCE),
    "supervision.view_allowancestatement": holds_role(*READERS, Role.FINANCE),
    "supervision.view_allowanceline": holds_role(*READERS, Role.FINANCE, at="statement.organisation")
    | _named("supervisor.person"),
    "supervision.view_allowancecount": holds_role(*READERS, Role.FINANCE, at="line.statement.organisation")
    | _named("supervisor.person"),
    "supervision.issue_statement": holds_role(Role.ADMINISTRATOR, at=""),
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
    "supervision.reflect": is_mentee,
    "supervision.add_file": of_session,
    "supervision.propose_amendment": supervises,
    "supervision.view_sessionreflection": wrote_for_pair,
    "supervision.view_followup": wrote_for_pair,
    "supervision.view_sessionfile": wrote_for_pair,
    # Amendments: the facts of both versions are for the desk too; what they say is for the pair.
    "supervision.view_sessionamendment": reads_record | wrote_for_pair,
    "supervision.view_amendmenttext": amended_by,
    "supervision.answer_amendment": _named("session.pairing.mentee"),
    "supervision.withdraw_amendment": _named("session.pairing.supervisor.person"),
    # Late records: decided at the mentee's side, never by one of the two.
    "supervision.view_loggingrule": reads_registry,
    "supervision.set_logging_rule": keeps_registry,
    "supervision.view_laterecord": reads_record | wrote_for_pair,
    "supervision.decide_laterecord": runs_record & ~wrote_for_pair,
    "supervision.explain_late": _named("session.pairing.supervisor.person"),
    # Reviews: asked for by a reader, granted by a second person of the tier; neither is of the pair.
    "supervision.ask_review": reads_pairing & ~of_pairing,
    "supervision.view_sessionreview": (reads_review & ~of_session) | reviews | (of_session & is_granted),
    "supervision.decide_sessionreview": holds_role(Role.ADMINISTRATOR, at="pairing.organisation")
    & ~of_session
    & ~reviews,
    "supervision.view_sessiondraft": _named("pairing.supervisor.person"),
    # Planned meetings: that they are planned is for the desk too; place, link and every sentence are for the pair.
    "supervision.view_slot": is_offered_slot,
    "supervision.offer_slot": _named("person"),  # asked of the supervisor
    "supervision.withdraw_slot": _named("supervisor.person"),
    "supervision.book_slot": is_offered_slot & ~_named("supervisor.person"),
    "supervision.view_meeting": reads_session | of_session,
    "supervision.propose_meeting": of_pairing,  # asked of the pairing
    "supervision.keep_meeting": of_session,
    "supervision.close_meeting": supervises,
    "supervision.view_meetingremark": _named("meeting.pairing.supervisor.person", "meeting.pairing.mentee"),
    "supervision.view_meetingfeed": _named("person"),
}.items():
    rules.add_perm(perm, predicate)
