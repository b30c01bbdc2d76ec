"""Who may do what in supervision: the whole permission table."""

from __future__ import annotations

import rules

from core.access.predicates import holds_role, leads_a_tree, serves
from core.access.states import READERS, Role
from supervision.predicates import (
    belongs_to,
    chooses_among,
    declared_it,
    finds_it,
    gathers,
    holds_it,
    is_agreed,
    is_asked,
    is_granted,
    is_in,
    is_mentee_of,
    is_of_line,
    is_offered_slot,
    is_shared,
    is_successor,
    may_join,
    named,
    reads_function,
    reviews,
    sees_its_evaluation,
    sees_its_supervisor,
    takes_part,
    took_part,
    took_part_in_amended,
    wished_it,
    works_on,
    writes,
)

keeps_registry = holds_role(Role.ADMINISTRATOR)
reads_registry = holds_role(*READERS)
reads_training = holds_role(*READERS, at="person.employer") | holds_role(*READERS)
checks_training = holds_role(Role.ADMINISTRATOR, at="person.employer") | holds_role(Role.ADMINISTRATOR)
runs_pairing = holds_role(Role.ADMINISTRATOR)
reads_pairing = holds_role(*READERS) | holds_role(*READERS, at="supervisor.organisation")
reads_session = holds_role(*READERS, at="pairing.organisation") | holds_role(
    *READERS, at="pairing.supervisor.organisation"
)
of_pairing = named("supervisor.person", "mentee")
of_session = named("pairing.supervisor.person", "pairing.mentee")
supervises = named("pairing.supervisor.person")
is_mentee = named("pairing.mentee")
reads_gathering = holds_role(*READERS, at="circle.organisation")
reads_held = holds_role(*READERS, at="gathering.circle.organisation")
reads_project = holds_role(*READERS, at="project.organisation") | holds_role(
    *READERS, at="project.supervisor.organisation"
)
wrote_in, wrote_of = writes(""), writes("circle")
agrees = named("agreement.pairing.supervisor.person", "agreement.pairing.mentee")
reads_round = holds_role(*READERS, at="round.organisation")
of_conflict = named("supervisor.person", "mentee")
wrote_for_pair = named("session.pairing.supervisor.person", "session.pairing.mentee")
reads_record = holds_role(*READERS, at="session.pairing.organisation") | holds_role(
    *READERS, at="session.pairing.supervisor.organisation"
)
runs_record = holds_role(Role.ADMINISTRATOR, at="session.pairing.organisation")
amended_by = named("amendment.session.pairing.supervisor.person", "amendment.session.pairing.mentee")
reads_review = holds_role(*READERS, at="pairing.organisation") | holds_role(
    *READERS, at="pairing.supervisor.organisation"
)

for perm, predicate in {
    # The registry. Supervisors are set inactive, never deleted.
    "supervision.view_supervisor": reads_registry | named("person") | is_mentee_of,
    "supervision.view_designation": sees_its_supervisor,
    "supervision.view_speciality": sees_its_supervisor,
    "supervision.view_supervisionnorm": reads_registry,
    "supervision.set_norm": keeps_registry,
    "supervision.add_supervisor": keeps_registry,
    "supervision.change_supervisor": keeps_registry & ~named("person"),
    "supervision.designate_supervisor": keeps_registry & ~named("person"),
    # Applications as supervisor: decided within the tree, never by the applicant (nor whom they let in: the action).
    "supervision.view_supervisorapplication": reads_registry | holds_it,
    "supervision.decide_supervisorapplication": keeps_registry & ~holds_it,
    # Own training: declared by the person, checked by the tree that employs or lists them, never by themself.
    "supervision.view_owntraining": reads_training | holds_it,
    "supervision.check_owntraining": checks_training & ~holds_it,
    "supervision.view_trainingrequirement": reads_registry,
    # Pairings: run by the mentee's side; nobody runs their own, whatever roles they hold.
    "supervision.view_pairing": reads_pairing | of_pairing,
    "supervision.add_pairing": runs_pairing,
    "supervision.change_pairing": runs_pairing & ~of_pairing,
    "supervision.end_pairing": runs_pairing & ~of_pairing,
    "supervision.log_session": named("supervisor.person"),  # asked of the pairing
    "supervision.view_pause": reads_session | of_session,
    # Wishes of pairs: that something is asked for is for the desk too; decided at the mentee's side, never by one of the
    # two. Why it is asked for is read by who asked and who decides; `read_…` is asked of this table, not of the account.
    "supervision.view_pairwish": reads_session | of_session,
    "supervision.withdraw_wish": named("asked_by"),
    "supervision.decide_pairwish": holds_role(Role.ADMINISTRATOR, at="pairing.organisation") & ~of_session,
    "supervision.read_pairwish": serves(Role.ADMINISTRATOR, at="pairing.organisation") & ~of_session,
    # Requests: asked by the mentee, answered by the supervisor; the desk only reads.
    "supervision.view_pairingrequest": reads_pairing | of_pairing,
    "supervision.answer_request": named("supervisor.person"),
    "supervision.withdraw_request": named("mentee"),
    # Conflicts of interest: never shown to the other of the two, whatever roles they hold.
    "supervision.view_conflict": (reads_registry & ~of_conflict) | declared_it,
    "supervision.add_conflict": keeps_registry,
    "supervision.end_conflict": (keeps_registry & ~of_conflict) | declared_it,
    "supervision.read_conflict": (serves(Role.ADMINISTRATOR) & ~of_conflict) | declared_it,
    # Matching rounds: run by the tree of their organisation, never by who takes part; nobody sees the other side's list.
    "supervision.view_matchinground": reads_registry | (takes_part() & is_in("is_shown")) | may_join,
    "supervision.add_matchinground": keeps_registry,
    "supervision.change_matchinground": keeps_registry & ~takes_part(),
    "supervision.view_roundmentee": reads_round
    | (is_in("round.is_shown") & (named("person") | chooses_among)),
    "supervision.view_roundsupervisor": reads_round
    | (is_in("round.is_shown") & (named("supervisor.person") | chooses_among)),
    "supervision.view_wish": (
        holds_role(*READERS, at="mentee.round.organisation") & ~takes_part("mentee.round")
    )
    | (is_in("mentee.round.is_shown") & wished_it),
    "supervision.view_roundrun": reads_round & ~takes_part("round"),
    "supervision.view_roundcurves": reads_round & ~takes_part("round"),
    # Circles: that a gathering took place, for whom and how long, is for the desk; what was said is for who took part.
    "supervision.view_circle": holds_role(*READERS) | named("leader") | belongs_to | finds_it,
    "supervision.add_circle": holds_role(Role.ADMINISTRATOR),
    "supervision.change_circle": named("leader"),
    "supervision.close_circle": named("leader") | holds_role(Role.ADMINISTRATOR),
    "supervision.lead_circle": named("leader"),
    "supervision.view_circlemember": holds_role(*READERS, at="circle.organisation")
    | named("person", "circle.leader"),
    "supervision.view_gathering": reads_gathering | named("leader", "circle.leader") | gathers,
    "supervision.plan_gathering": named("leader", "circle.leader"),
    "supervision.log_gathering": named("leader"),
    "supervision.view_participation": holds_role(*READERS, at="gathering.circle.organisation")
    | holds_role(*READERS)
    | named("person", "gathering.leader"),
    "supervision.confirm_participation": named("person"),
    "supervision.correct_participation": named("gathering.leader"),
    "supervision.view_gatheringcontent": named("gathering.leader") | took_part,
    "supervision.view_participationremark": named("part.person", "part.gathering.leader"),
    "supervision.view_gatheringaction": named("gathering.leader") | took_part,
    "supervision.view_gatheringfile": named("gathering.leader") | took_part,
    "supervision.view_gatheringdraft": named("author"),
    "supervision.view_gatheringamendment": reads_held | named("gathering.leader") | took_part,
    "supervision.view_gatheringamendmenttext": named("amendment.gathering.leader") | took_part_in_amended,
    "supervision.view_partamendment": named("part.person", "part.gathering.leader"),
    "supervision.answer_partamendment": named("part.person"),
    "supervision.view_lategathering": reads_held | named("gathering.leader") | took_part,
    "supervision.decide_lategathering": holds_role(Role.ADMINISTRATOR, at="gathering.circle.organisation")
    & ~(named("gathering.leader") | took_part),
    # Reviews of a circle: asked for from the desk, never by one of it; told to all of it once they are granted.
    "supervision.ask_circlereview": holds_role(*READERS) & ~wrote_in,
    "supervision.view_circlereview": reviews | (reads_gathering & ~wrote_of) | (is_granted & wrote_of),
    "supervision.decide_circlereview": holds_role(Role.ADMINISTRATOR, at="circle.organisation")
    & ~reviews
    & ~wrote_of,
    "supervision.view_gatheringnote": named("author"),
    # Companion projects: how far they are is for the desk; files, notes and evaluations are for the project's people.
    "supervision.view_companionproject": reads_pairing | works_on(""),
    "supervision.lead_project": named("supervisor.person"),
    "supervision.view_deliverable": reads_project | works_on("project") | named("handed_in_by"),
    "supervision.view_projectvisit": reads_project | works_on("project"),
    "supervision.view_projectleaving": reads_project | works_on("project") | named("person"),
    "supervision.view_projectevaluation": works_on("project") | named("author"),
    "supervision.view_runline": (holds_role(*READERS, at="run.round.organisation") & ~takes_part("run.round"))
    | (is_in("run.is_told") & is_of_line),
    "supervision.view_appeal": named("person") | (reads_round & ~takes_part("round")),
    "supervision.decide_appeal": holds_role(Role.ADMINISTRATOR, at="round.organisation")
    & ~takes_part("round"),
    "supervision.read_appeal": serves(Role.ADMINISTRATOR, at="round.organisation") & ~takes_part("round"),
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
    "supervision.view_goalnote": named("goal.pairing.supervisor.person", "goal.pairing.mentee"),
    # Handovers: the pair's, and the next supervisor's once the mentee has passed one on.
    "supervision.view_handover": of_session | is_successor,
    "supervision.write_handover": named("supervisor.person"),  # asked of the pairing
    "supervision.release_handover": is_mentee,
    # Evaluations: asked of one, read by the pair where it is about the mentee; of many only averages are published.
    "supervision.view_evaluationtemplate": reads_registry,
    "supervision.add_evaluationtemplate": keeps_registry,
    "supervision.change_evaluationtemplate": keeps_registry,
    "supervision.view_publicationrule": reads_registry,
    "supervision.set_publication_rule": keeps_registry,
    "supervision.view_evaluation": is_asked
    | (is_shared & named("pairing.supervisor.person", "pairing.mentee")),
    "supervision.answer_evaluation": is_asked,
    "supervision.view_evaluationanswer": sees_its_evaluation,
    "supervision.view_evaluationresult": holds_role(*READERS, at="supervisor.organisation")
    | named("supervisor.person"),
    "supervision.view_evaluationwords": named("result.supervisor.person"),
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
    | named("supervisor.person"),
    "supervision.view_allowancecount": holds_role(*READERS, Role.FINANCE, at="line.statement.organisation")
    | named("supervisor.person"),
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
    "supervision.view_workingnote": named("author"),
    "supervision.reflect": is_mentee,
    "supervision.add_file": of_session,
    "supervision.propose_amendment": supervises,
    "supervision.view_sessionreflection": wrote_for_pair,
    "supervision.view_followup": wrote_for_pair,
    "supervision.view_sessionfile": wrote_for_pair,
    # Amendments: the facts of both versions are for the desk too; what they say is for the pair.
    "supervision.view_sessionamendment": reads_record | wrote_for_pair,
    "supervision.view_amendmenttext": amended_by,
    "supervision.answer_amendment": named("session.pairing.mentee"),
    "supervision.withdraw_amendment": named("session.pairing.supervisor.person"),
    # Late records: decided at the mentee's side, never by one of the two.
    "supervision.view_loggingrule": reads_registry,
    "supervision.set_logging_rule": keeps_registry,
    "supervision.view_laterecord": reads_record | wrote_for_pair,
    "supervision.decide_laterecord": runs_record & ~wrote_for_pair,
    "supervision.explain_late": named("session.pairing.supervisor.person"),
    # Reviews: asked for by a reader, granted by a second person of the tier; neither is of the pair.
    "supervision.ask_review": reads_pairing & ~of_pairing,
    "supervision.view_sessionreview": (reads_review & ~of_session) | reviews | (of_session & is_granted),
    "supervision.decide_sessionreview": holds_role(Role.ADMINISTRATOR, at="pairing.organisation")
    & ~of_session
    & ~reviews,
    "supervision.view_sessiondraft": named("pairing.supervisor.person"),
    # Planned meetings: that they are planned is for the desk too; place, link and every sentence are for the pair.
    "supervision.view_slot": is_offered_slot,
    "supervision.withdraw_slot": named("supervisor.person"),
    "supervision.book_slot": is_offered_slot & ~named("supervisor.person"),
    "supervision.view_meeting": reads_session | of_session,
    "supervision.propose_meeting": of_pairing,  # asked of the pairing
    "supervision.keep_meeting": of_session,
    "supervision.close_meeting": supervises,
    "supervision.view_meetingremark": named("meeting.pairing.supervisor.person", "meeting.pairing.mentee"),
    "supervision.view_meetingfeed": named("person"),
}.items():
    rules.add_perm(perm, predicate)
