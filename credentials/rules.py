"""Who may do what in credentials: the whole permission table."""

from typing import Any

import rules
from django.db.models import Q

from core.access.predicates import holds_role, is_person, is_user, leads_a_tree
from core.access.scope import Asker, holds, scope_of
from core.access.states import READERS, Role
from core.organisations.models import Organisation, Tier
from core.people.models import Person, User
from core.people.queries import is_bound_to, ties_of
from credentials.claims.models import OFFICERS
from credentials.claims.queries.stages import why_not, why_not_give
from credentials.claims.states import HANDED_IN, ClaimState
from credentials.internships.models import Internship
from credentials.manual_entries.models import ManualEntry
from credentials.manual_entries.queries import independent_of, leans_on_entering
from credentials.policies.queries.authorities import authorities_of


@rules.predicate
def reads_ledgers(user: Asker, thing: Any = None) -> bool:
    """The rules of counting are public rules: whoever reads the hours of others reads all of them."""
    return holds(user, *READERS)


@rules.predicate
def makes_rules(user: Asker, thing: Any = None) -> bool:
    """An administrator of a city or a province says how hours count there."""
    mine = scope_of(user).q("", Role.ADMINISTRATOR)
    places = Organisation.objects.filter(mine, tier__in=(Tier.PROVINCE, Tier.CITY))
    if thing is not None and not isinstance(thing, type):
        places = places.filter(pk=thing.organisation_id)
    return places.exists()


@rules.predicate
def is_public_policy(user: Asker, thing: Any = None) -> bool:
    """A subsidy policy of which its authority has published a version: public, whatever the draft says since."""
    if thing is None or isinstance(thing, type):
        return True
    return thing.latest() is not None


@rules.predicate
def makes_policies(user: Asker, thing: Any = None) -> bool:
    """An administrator of a district or above keeps the policies of the authority there."""
    return authorities_of(user).exists()


@rules.predicate
def runs_the_system(user: Asker, thing: Any = None) -> bool:
    """The keys sign for every tree: they are kept by whoever runs the system, and by no place alone."""
    return scope_of(user).everything


@rules.predicate
def leans_on_first(user: Asker, thing: Any = None) -> bool:
    """Not independent of the officer who entered the manual entry (see `leans_on_entering`)."""
    return thing is not None and not isinstance(thing, type) and leans_on_entering(thing, user)


@rules.predicate
def let_in_by_holder(user: Asker, thing: Any = None) -> bool:
    """An officer by the doing of the person whose manual entry it is (see `independent_of`)."""
    return (
        isinstance(thing, ManualEntry)
        and isinstance(user, User)
        and user not in independent_of(thing, [user])
    )


@rules.predicate
def bound_to_holder(user: Asker, thing: Any = None) -> bool:
    """The person that it is about, or an officer by their doing (see `is_bound_to`)."""
    if thing is None or isinstance(thing, type):
        return False
    return is_bound_to(user, thing if isinstance(thing, Person) else thing.person)


@rules.predicate
def bound_to_intern(user: Asker, thing: Any = None) -> bool:
    """The intern, or an officer by their doing where they were placed."""
    if thing is None or isinstance(thing, type):
        return False
    placed = thing if isinstance(thing, Internship) else thing.internship
    return is_bound_to(user, placed.person, placed.authority)


@rules.predicate
def bound_to_certified(user: Asker, thing: Any = None) -> bool:
    """The holder of a certificate, or an officer by their doing where it was issued."""
    if thing is None or isinstance(thing, type):
        return False
    return is_bound_to(user, thing.person, thing.organisation)


@rules.predicate
def may_be_listed_to(user: Asker, thing: Any = None) -> bool:
    """The person agrees to be listed, or the reader's role is held at the very organisation that employs them."""
    if thing is None or isinstance(thing, type):
        return True
    scope = scope_of(user)
    at_employer = any(role in READERS and path == thing.path for role, path in scope.grants)
    return bool(thing.is_listed or at_employer or scope.everything)


@rules.predicate
def has_in_tree(user: Asker, thing: Any = None) -> bool:
    """A profile of the pool lies in the reader's tree."""
    if thing is None or isinstance(thing, type):
        return holds(user, *READERS)
    scope = scope_of(user)
    return scope.everything or any(thing.path.startswith(path) for path in scope.paths(*READERS))


@rules.predicate
def is_handed_in(user: Asker, thing: Any = None) -> bool:
    """The claim was handed in: until then it is its claimant's alone."""
    return thing is None or isinstance(thing, type) or thing.state in HANDED_IN


@rules.predicate
def reads_its_claim(user: Asker, thing: Any = None) -> bool:
    """Whoever reads the claim reads what hangs on it."""
    if thing is None or isinstance(thing, type):
        return bool(user.is_authenticated)
    return bool(rules.has_perm("credentials.view_claim", user, thing.claim))


@rules.predicate
def may_review(user: Asker, thing: Any = None) -> bool:
    """An administrator of the stage at which the claim is, who has nothing to do with it and has not passed it before."""
    if thing is None or isinstance(thing, type):
        return holds(user, Role.ADMINISTRATOR)
    return thing.state == ClaimState.REVIEW and not why_not(thing, user)


@rules.predicate
def may_give(user: Asker, thing: Any = None) -> bool:
    """A finance officer or administrator of the authority hands over what a claim grants in kind: never to themselves, nor
    what they, or whoever let them in, have approved or entered."""
    if thing is None or isinstance(thing, type):
        return holds(user, Role.FINANCE, Role.ADMINISTRATOR)
    return not why_not_give(thing, user)


@rules.predicate
def is_nominated(user: Asker, thing: Any = None) -> bool:
    """The user is nominated in the award round, or asked whether they accept it, or somebody is who let them in."""
    if thing is None or isinstance(thing, type):
        return False
    standing = thing.nominations.filter(state__in=("offered", "accepted", "shortlisted"))
    mine = ties_of(user).q("round__organisation", lambda accounts: Q(holder__in=accounts))
    return bool(standing.filter(mine).exists())


@rules.predicate
def takes_part(user: Asker, thing: Any = None) -> bool:
    """The award round has begun, and the user works below its authority or sits on its panel."""
    if thing is None or isinstance(thing, type):
        return bool(user.is_authenticated)
    if not isinstance(user, User) or thing.state == "draft":
        return False
    employer = getattr(getattr(user, "person", None), "employer", None)
    inside = employer is not None and employer.path.startswith(thing.organisation.path)
    return inside or thing.members.filter(user=user.pk, left_at=None).exists()


manages = holds_role(Role.ADMINISTRATOR)
reads = holds_role(*READERS)
own = is_person()
reads_claims = holds_role(*OFFICERS, at="employer") | holds_role(*OFFICERS, at="authority")
pays_or_reads = holds_role(*OFFICERS, at="authority")
held_for_me = is_person("enrolment.person")
entered_by_me = is_user("entered_by")
recorded_by_me = is_user("recorded_by")
manages_holder = holds_role(Role.ADMINISTRATOR, at="person.employer")
reads_holder = holds_role(*READERS, at="person.employer")
reads_person = holds_role(*READERS, at="employer")
manages_person = holds_role(Role.ADMINISTRATOR, at="employer")
manages_authority = holds_role(Role.ADMINISTRATOR, at="authority")
reads_authority = holds_role(*READERS, at="authority")
supervised_by_me = is_user("supervisor")
manages_placing = holds_role(Role.ADMINISTRATOR, at="internship.authority")
reads_placing = holds_role(*READERS, at="internship.authority")
myself = is_person("")
reads_certificate = holds_role(*READERS, at="certificate.organisation")
certified_to_me = is_person("certificate.person")

for perm, predicate in {
    "credentials.view_certificate": reads | own,
    # Issued by the completion or for a whole cohort; never on one's own behalf.
    "credentials.add_certificate": manages,
    "credentials.issue_certificate": manages & ~own,
    "credentials.revoke_certificate": manages & ~own & ~bound_to_certified,
    "credentials.replace_certificate": manages & ~own & ~bound_to_certified,
    "credentials.view_badge": reads_certificate | certified_to_me,
    "credentials.view_certificateedition": reads_certificate | certified_to_me,
    # Whoever issues at a place writes the templates there; a cohort's template is chosen by who issues for it.
    "credentials.view_design": reads,
    "credentials.add_design": manages,
    "credentials.change_design": manages,
    "credentials.renew_certificate": manages & ~own & ~bound_to_certified,
    "credentials.redraw_certificate": manages & ~own & ~bound_to_certified,
    # What is published is public; a draft is read by those of its tree, and changed by its administrators.
    "credentials.view_subsidypolicy": reads | (reads_ledgers & is_public_policy),
    "credentials.add_subsidypolicy": makes_policies,
    "credentials.change_subsidypolicy": manages,
    "credentials.view_claim": (reads_claims & is_handed_in)
    | own
    | (is_user("entered_by") & (manages_person | manages_authority)),
    "credentials.enter_claim": manages_person & ~myself & ~bound_to_holder,  # asked of the person
    "credentials.review_claim": may_review,
    "credentials.give_claim": may_give,
    "credentials.view_claimpaper": reads_its_claim,
    "credentials.view_claimreview": reads_its_claim,
    "credentials.view_claimconflict": reads_its_claim,
    "credentials.view_claimappeal": reads_its_claim,
    "credentials.view_paymententry": holds_role(*OFFICERS, at="person.employer")
    | holds_role(*OFFICERS, at="authority")
    | own,
    # A second person releases what a first one has built, by the database too; auditors take no numbers out.
    "credentials.view_paymentbatch": pays_or_reads,
    "credentials.build_paymentbatch": holds_role(Role.FINANCE),  # asked of the policy
    "credentials.work_on_paymentbatch": holds_role(Role.FINANCE, at="authority"),
    "credentials.release_paymentbatch": holds_role(Role.FINANCE, Role.ADMINISTRATOR, at="authority")
    & ~is_user("built_by"),
    "credentials.take_out_paymentbatch": holds_role(Role.FINANCE, Role.ADMINISTRATOR, at="authority"),
    "credentials.view_paymentline": holds_role(*OFFICERS, at="batch.authority") | is_user("holder"),
    "credentials.view_paymentbudget": pays_or_reads,
    # What was paid is taken back by two finance officers, and never by whom it was paid to.
    "credentials.view_paymentreversal": pays_or_reads,
    "credentials.record_reversal": holds_role(Role.FINANCE, at="batch.authority")
    & ~is_user("holder"),  # asked of the line
    "credentials.confirm_paymentreversal": holds_role(Role.FINANCE, at="authority")
    & ~is_user("recorded_by")
    & ~is_user("holder"),
    # Public notices are read by everybody on the site; this is their desk. Whose name it is about, and who objected, the action asks.
    "credentials.view_publicnotice": reads,
    "credentials.withdraw_publicnotice": manages,
    "credentials.view_objection": holds_role(*READERS, at="notice.organisation"),
    "credentials.answer_objection": holds_role(Role.ADMINISTRATOR, at="notice.organisation")
    & ~is_user("filed_by"),
    "credentials.view_forecast": reads,
    "credentials.ask_forecast": manages,  # asked of the organisation whose people are looked at
    # A round is announced to everybody below its authority; whoever is nominated in it does not run it.
    "credentials.view_awardround": reads | takes_part,
    "credentials.add_awardround": manages,
    "credentials.change_awardround": manages,
    "credentials.run_awardround": manages & ~is_nominated,
    "credentials.view_nomination": holds_role(*READERS, at="round.organisation")
    | is_user("holder")
    | is_user("nominated_by"),
    "credentials.view_hoursentry": reads | own,
    # The sums of a person, whoever credited them, go with their employer; the entries with who credited them.
    "credentials.read_holdings": reads_person,  # asked of the person
    "credentials.correct_hoursentry": manages & ~own,
    # A rule is added, never changed: what was credited keeps its rule.
    "credentials.view_hoursrule": reads_ledgers,
    "credentials.add_hoursrule": reads_ledgers & makes_rules,
    "credentials.view_pendingissue": reads,
    "credentials.issue_pending": manages & ~held_for_me,
    "credentials.view_registrationperiod": reads_holder | own,
    "credentials.verify_registrationperiod": manages_holder & ~own & ~bound_to_holder,
    "credentials.view_qualificationlevel": leads_a_tree,
    "credentials.add_qualificationlevel": leads_a_tree,
    "credentials.change_qualificationlevel": leads_a_tree,
    # Two officers, and never the person: the second one neither entered it nor depends on who did.
    "credentials.view_manualentry": reads | own,
    "credentials.enter_manualentry": manages_person & ~myself,  # asked of the person
    "credentials.accept_manualentry": manages & ~own & ~let_in_by_holder,
    "credentials.confirm_manualentry": manages & ~own & ~entered_by_me & ~leans_on_first,
    "credentials.return_manualentry": manages & ~own,
    "credentials.view_signingkey": runs_the_system,
    "credentials.rotate_signingkey": runs_the_system,
    # Never one's own: neither verified, returned, recorded, registered, lifted nor struck off. Nor by an officer whom the person
    # has let in: they could be the same.
    "credentials.view_qualificationrecord": reads_holder | own,
    "credentials.verify_qualificationrecord": manages_holder & ~own & ~bound_to_holder,
    "credentials.view_exampass": own,
    # Terms are added, never changed: a paper of before goes on saying what was so then.
    "credentials.view_levelterms": reads_ledgers,
    "credentials.add_levelterms": reads_ledgers & makes_rules,
    # What stands against somebody: they may read it, and a second officer lifts it.
    "credentials.view_conductrecord": reads_holder | own,
    "credentials.record_conduct": manages_person & ~myself & ~bound_to_holder,  # asked of the person
    "credentials.lift_conductrecord": manages_holder & ~own & ~recorded_by_me & ~bound_to_holder,
    "credentials.view_commendation": reads_holder | own,
    "credentials.register_commendation": manages_person & ~myself & ~bound_to_holder,  # asked of the person
    "credentials.strike_commendation": manages_holder & ~own & ~bound_to_holder,
    # Placed and ended by officers of the bureau, never by the intern; the supervisor reads it to sign it, not its papers.
    "credentials.view_internship": reads_authority | supervised_by_me | own,
    "credentials.read_internship": reads_authority,
    "credentials.open_internshippaper": reads_authority | own,
    "credentials.propose_internship": manages_person & ~myself & ~bound_to_holder,  # asked of the person
    "credentials.decide_internship": manages_authority & ~own & ~bound_to_intern,
    "credentials.view_employmentproof": reads_placing | own,
    "credentials.verify_employmentproof": manages_placing & ~own & ~bound_to_intern,
    "credentials.view_renewalpack": reads_holder | own,
    "credentials.make_renewalpack": manages_holder | own,  # asked of the period
    "credentials.view_hoursstatement": reads | own,
    "credentials.issue_hoursstatement": manages_person | myself,  # asked of the person
    "credentials.view_sector": leads_a_tree,
    "credentials.add_sector": leads_a_tree,
    "credentials.change_sector": leads_a_tree,
    "credentials.view_post": reads,
    "credentials.add_post": manages,
    "credentials.change_post": manages,
    "credentials.view_postholding": holds_role(*READERS, at="post.organisation") | own,
    "credentials.end_postholding": holds_role(Role.ADMINISTRATOR, at="post.organisation") & ~own,
    "credentials.give_post": manages_person & ~myself,  # asked of the person, as is the route
    "credentials.view_talentroute": reads_holder | own,
    "credentials.record_route": manages_person & ~myself,
    "credentials.view_talentprofile": (has_in_tree & may_be_listed_to) | own,
    "credentials.view_savedsearch": is_user("owner"),
    "credentials.view_talentplan": reads,
    "credentials.add_talentplan": manages,
    "credentials.change_talentplan": manages,
}.items():
    rules.add_perm(perm, predicate)
