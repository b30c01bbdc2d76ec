"""Who may do what in credentials: the whole permission table."""

import rules

from core.access.predicates import holds_role, is_person, is_user, leads_a_tree
from core.access.states import READERS, Role
from credentials.claims.models import OFFICERS
from credentials.predicates import (
    bound_to_certified,
    bound_to_holder,
    bound_to_intern,
    enters_of_line,
    has_in_tree,
    is_entered_above,
    is_handed_in,
    is_nominated,
    is_public_policy,
    leans_on_first,
    let_in_by_holder,
    makes_policies,
    makes_rules,
    may_be_listed_to,
    may_confirm,
    may_give,
    may_hear,
    may_release,
    may_review,
    may_vote,
    reads_its_claim,
    reads_ledgers,
    runs_the_system,
    takes_part,
)

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
    # What the authority, or a place above, has entered of an earlier payment is not changed below.
    "credentials.correct_paymententry": manages_holder & ~own & ~bound_to_holder & ~is_entered_above,
    "credentials.review_claim": may_review,
    "credentials.declare_claimconflict": (manages_person | manages_authority) & is_handed_in,
    "credentials.give_claim": may_give,
    # For somebody who cannot sign in any more.
    "credentials.close_claim": manages_authority & is_handed_in & ~own & ~bound_to_holder,
    "credentials.view_claimpaper": reads_its_claim,
    # Without a watermark; asked of the claim.
    "credentials.take_claimpaper": (manages_person | manages_authority)
    & (is_handed_in | is_user("entered_by")),
    "credentials.view_claimreview": reads_its_claim,
    "credentials.view_claimconflict": reads_its_claim,
    "credentials.view_claimappeal": reads_its_claim,
    "credentials.answer_claimappeal": may_hear,
    "credentials.post_claims": manages,  # asked of the policy
    "credentials.view_paymententry": holds_role(*OFFICERS, at="person.employer")
    | holds_role(*OFFICERS, at="authority")
    | own,
    # A second person releases what a first one has built, by the database too; auditors take no numbers out.
    "credentials.view_paymentbatch": pays_or_reads,
    "credentials.build_paymentbatch": holds_role(Role.FINANCE),  # asked of the policy
    "credentials.work_on_paymentbatch": holds_role(Role.FINANCE, at="authority"),
    # What the bank says of a line: by whom nothing keeps from building it, as nothing does whoever has built it.
    "credentials.settle_paymentline": enters_of_line,
    # Locked by whoever has built it: whoever releases it has closed no list themself.
    "credentials.lock_paymentbatch": holds_role(Role.FINANCE, at="authority") & is_user("built_by"),
    "credentials.release_paymentbatch": may_release,
    "credentials.return_paymentbatch": holds_role(Role.FINANCE, Role.ADMINISTRATOR, at="authority"),
    "credentials.take_out_paymentbatch": holds_role(Role.FINANCE, Role.ADMINISTRATOR, at="authority"),
    "credentials.view_paymentline": holds_role(*OFFICERS, at="batch.authority") | is_user("holder"),
    "credentials.view_paymentbudget": pays_or_reads,
    "credentials.set_paymentbudget": holds_role(Role.FINANCE),  # asked of the policy
    # What was paid is taken back by two finance officers, and never by whom it was paid to.
    "credentials.view_paymentreversal": pays_or_reads,
    "credentials.record_reversal": enters_of_line,  # asked of the line
    "credentials.confirm_paymentreversal": may_confirm,
    # Public notices are read by everybody on the site; this is their desk. Whose name it is about, and who objected, the action asks.
    "credentials.view_publicnotice": reads,
    "credentials.withdraw_publicnotice": manages,
    "credentials.view_objection": holds_role(*READERS, at="notice.organisation"),
    "credentials.answer_objection": holds_role(Role.ADMINISTRATOR, at="notice.organisation")
    & ~is_user("filed_by"),
    "credentials.erase_objector": holds_role(Role.ADMINISTRATOR, at="notice.organisation")
    & ~is_user("filed_by"),  # asked of the objection
    "credentials.view_forecast": reads,
    "credentials.ask_forecast": manages,  # asked of the organisation whose people are looked at
    # A round is announced to everybody below its authority; whoever is nominated in it does not run it.
    "credentials.view_awardround": reads | takes_part,
    "credentials.add_awardround": manages,
    "credentials.change_awardround": manages,
    "credentials.run_awardround": manages & ~is_nominated,
    "credentials.vote_awardround": may_vote,
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
