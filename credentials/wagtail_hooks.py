"""What credentials adds to the Wagtail admin; written in the features."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.log_actions import LogActionRegistry

from credentials.awards.viewsets import AwardRoundViewSet
from credentials.certificates.viewsets import CertificateViewSet, HoldViewSet
from credentials.claims.viewsets import ClaimViewSet
from credentials.commendations.viewsets import CommendationViewSet
from credentials.conduct.viewsets import ConductViewSet
from credentials.designs.viewsets import DesignViewSet
from credentials.forecasts.viewsets import ForecastViewSet
from credentials.hours.viewsets import LedgerViewSet, PeopleViewSet, RuleViewSet
from credentials.internships.viewsets import InternshipViewSet
from credentials.issuing.viewsets import IssuingViewSet
from credentials.keys.viewsets import KeyViewSet
from credentials.manual_entries.viewsets import ManualViewSet
from credentials.payments.viewsets import PaymentViewSet
from credentials.plans.viewsets import PlanViewSet
from credentials.policies.viewsets import PolicyViewSet
from credentials.posts.viewsets import PostViewSet, SectorViewSet
from credentials.public_notices.viewsets import PublicNoticeViewSet
from credentials.qualifications.viewsets import (
    LevelViewSet,
    PeriodViewSet,
    QualificationViewSet,
    TermsViewSet,
)
from credentials.statements.viewsets import StatementViewSet
from credentials.talent.viewsets import TalentViewSet

# What the acts of this app are called where the audit is read.
ACTS = {
    "credentials.issue": (_("Issue a certificate"), _("Certificate issued")),
    "credentials.hold": (_("Put a certificate on hold"), _("Certificate put on hold")),
    "credentials.revoke": (_("Revoke a certificate"), _("Certificate revoked")),
    "credentials.replace": (_("Replace a certificate"), _("Certificate replaced")),
    "credentials.issue_badge": (_("Sign a badge"), _("Badge signed")),
    "credentials.save_design": (_("Write a certificate template"), _("Draft of a certificate template kept")),
    "credentials.publish_design": (_("Publish a certificate template"), _("Certificate template published")),
    "credentials.choose_design": (
        _("Choose a certificate template"),
        _("Certificate template of a cohort chosen"),
    ),
    "credentials.renew": (_("Renew a certificate"), _("Certificate renewed")),
    "credentials.redraw": (_("Make a certificate’s file anew"), _("Certificate’s file made anew")),
    "credentials.start_issue": (_("Issue for a cohort"), _("Issuing for a cohort started")),
    "credentials.credit": (_("Credit hours"), _("Hours credited")),
    "credentials.correct_hours": (_("Take hours back"), _("Hours taken back")),
    "credentials.skip_credit": (_("Credit nothing"), _("Nothing credited: the time counts already")),
    "credentials.export_holdings": (_("Take out people’s hours"), _("Hours of people taken out")),
    "credentials.declare_period": (_("Declare a registration period"), _("Registration period declared")),
    "credentials.verify_period": (_("Verify a registration period"), _("Registration period verified")),
    "credentials.return_period": (_("Return a registration period"), _("Registration period returned")),
    "credentials.withdraw_period": (_("Withdraw a registration period"), _("Registration period withdrawn")),
    "credentials.add_level_terms": (_("Add level terms"), _("Level terms added")),
    "credentials.declare_qualification": (_("Declare a qualification"), _("Qualification declared")),
    "credentials.verify_qualification": (_("Verify a qualification"), _("Qualification verified")),
    "credentials.return_qualification": (_("Return a qualification"), _("Qualification returned")),
    "credentials.withdraw_qualification": (_("Withdraw a qualification"), _("Qualification withdrawn")),
    "credentials.import_qualification": (
        _("Take a qualification over from a table"),
        _("Qualification taken over from a table"),
    ),
    "credentials.open_scan": (_("Open a scan"), _("Scan of a certificate looked at")),
    "credentials.record_conduct": (_("Record conduct"), _("Conduct recorded")),
    "credentials.lift_conduct": (_("Lift a conduct record"), _("Conduct record lifted")),
    "credentials.read_conduct": (_("Read a conduct record"), _("Conduct record read")),
    "credentials.list_conduct": (_("List conduct records"), _("List of conduct records read")),
    "credentials.register_commendation": (_("Register a commendation"), _("Commendation registered")),
    "credentials.import_commendation": (
        _("Take a commendation over from a table"),
        _("Commendation taken over from a table"),
    ),
    "credentials.strike_commendation": (_("Strike off a commendation"), _("Commendation struck off")),
    "credentials.start_claim": (_("Begin a claim"), _("Claim begun")),
    "credentials.hand_in": (_("Hand in a claim"), _("Claim handed in")),
    "credentials.correct_account": (_("Correct the account of a claim"), _("Account of a claim corrected")),
    "credentials.take_back_account": (
        _("Take back the account of a claim"),
        _("Account of a claim taken back"),
    ),
    "credentials.print_claim": (
        _("Print an application form"),
        _("Application form printed with whole numbers"),
    ),
    "credentials.withdraw_claim": (_("Withdraw a claim"), _("Claim withdrawn")),
    "credentials.close_lost_account": (
        _("Close a claim for somebody who cannot sign in"),
        _("Claim closed for somebody who cannot sign in any more"),
    ),
    "credentials.review_claim": (_("Decide about a claim at its stage"), _("Claim decided at a stage")),
    "credentials.declare_claim_conflict": (
        _("Declare a conflict of interest in a claim"),
        _("Conflict of interest in a claim declared"),
    ),
    "credentials.appeal": (_("Appeal against a refusal"), _("Refusal appealed against")),
    "credentials.answer_appeal": (
        _("Decide an appeal against a refusal"),
        _("Appeal against a refusal decided"),
    ),
    "credentials.lose_ground": (
        _("Send an approved claim back to review"),
        _("Approved claim sent back to review"),
    ),
    "credentials.send_back_claim": (
        _("Review a claim again after an objection"),
        _("Claim reviewed again after an objection"),
    ),
    "credentials.post_claim": (_("Show a claim in a public notice"), _("Claim shown in a public notice")),
    "credentials.lock_for_payment": (
        _("Take a claim into a payment batch"),
        _("Claim taken into a payment batch"),
    ),
    "credentials.unlock_claim": (
        _("Put a claim back from a payment batch"),
        _("Claim back from a payment batch"),
    ),
    "credentials.approve_noticed": (
        _("Approve a claim after its public notice"),
        _("Claim approved after its public notice"),
    ),
    "credentials.unpost_claim": (
        _("Put a claim back after its notice was withdrawn"),
        _("Claim put back: its public notice was withdrawn"),
    ),
    "credentials.post_claims": (_("Show claims in a public notice"), _("Claims shown in a public notice")),
    "credentials.open_claim_paper": (_("Open a paper of a claim"), _("Paper of a claim opened")),
    "credentials.export_claims": (_("Take out the list of claims"), _("List of claims taken out")),
    "credentials.record_payment": (_("Enter a payment"), _("Payment entered")),
    "credentials.enter_earlier_payment": (_("Enter an earlier payment"), _("Earlier payment entered")),
    "credentials.correct_earlier_payment": (
        _("Correct an earlier payment"),
        _("Earlier payment corrected"),
    ),
    "credentials.give_in_kind": (_("Hand over in kind"), _("Grant handed over in kind")),
    "credentials.take_payment_back": (_("Take a payment back"), _("Payment taken back")),
    "credentials.record_reversal": (_("Record a reversal"), _("Reversal of a payment recorded")),
    "credentials.confirm_reversal": (_("Confirm a reversal"), _("Reversal of a payment confirmed")),
    "credentials.refuse_reversal": (_("Refuse a reversal"), _("Reversal of a payment refused")),
    "credentials.ask_forecast": (_("Ask for a forecast"), _("Forecast asked for")),
    "credentials.propose_internship": (_("Plan an internship"), _("Internship planned")),
    "credentials.change_internship": (_("Change a planned internship"), _("Planned internship changed")),
    "credentials.confirm_internship": (
        _("Hand in the school’s paper"),
        _("School’s paper for an internship handed in"),
    ),
    "credentials.open_internship_paper": (
        _("Open the school’s paper"),
        _("School’s paper for an internship looked at"),
    ),
    "credentials.place_internship": (_("Place an intern"), _("Intern placed")),
    "credentials.return_confirmation": (
        _("Return the school’s paper"),
        _("School’s paper for an internship returned"),
    ),
    "credentials.sign_internship": (_("Sign an internship"), _("Internship signed by its supervisor")),
    "credentials.return_signature": (
        _("Return what was signed"),
        _("What the supervisor of an internship signed was returned"),
    ),
    "credentials.end_internship": (_("End an internship"), _("Internship ended")),
    "credentials.cancel_internship": (_("Cancel an internship"), _("Internship cancelled")),
    "credentials.declare_employment": (_("Prove employment"), _("Proof of employment handed in")),
    "credentials.open_employment_paper": (
        _("Open a proof of employment"),
        _("Paper of a proof of employment looked at"),
    ),
    "credentials.verify_employment": (_("Verify a proof of employment"), _("Proof of employment verified")),
    "credentials.return_employment": (_("Return a proof of employment"), _("Proof of employment returned")),
    "credentials.withdraw_employment": (
        _("Withdraw a proof of employment"),
        _("Proof of employment withdrawn"),
    ),
    "credentials.build_batch": (_("Build a payment batch"), _("Payment batch built")),
    "credentials.drop_line": (_("Take a line out of a batch"), _("Line taken out of a batch")),
    "credentials.cancel_batch": (_("Cancel a payment batch"), _("Payment batch cancelled")),
    "credentials.lock_batch": (_("Lock a payment batch"), _("Payment batch locked")),
    "credentials.return_batch": (_("Return a payment batch"), _("Payment batch returned")),
    "credentials.miss_control_total": (_("Type a wrong control total"), _("Wrong control total typed")),
    "credentials.release_batch": (_("Release a payment batch"), _("Payment batch released")),
    "credentials.import_results": (_("Enter a table of the bank"), _("Table of the bank entered")),
    "credentials.record_result": (_("Enter a result of the bank"), _("Result of the bank entered")),
    "credentials.record_late_payment": (
        _("Enter a payment that arrived late"),
        _("Payment entered that the bank had returned before"),
    ),
    "credentials.close_batch": (_("Close a payment batch"), _("Payment batch closed")),
    "credentials.take_out_batch": (_("Take out a paper of a batch"), _("Paper of a payment batch taken out")),
    "credentials.set_budget": (_("Set a budget"), _("Budget of a policy set")),
    "credentials.make_pack": (_("Make a renewal pack"), _("Renewal pack made")),
    "credentials.save_level": (_("Keep a qualification level"), _("Qualification level kept")),
    "credentials.request_manual": (_("Ask for a manual entry"), _("Manual entry asked for")),
    "credentials.enter_manual": (_("Enter hours"), _("Manual entry entered")),
    "credentials.accept_manual": (_("Accept a manual entry"), _("Manual entry accepted")),
    "credentials.confirm_manual": (_("Confirm a manual entry"), _("Manual entry confirmed")),
    "credentials.return_manual": (_("Return a manual entry"), _("Manual entry returned")),
    "credentials.withdraw_manual": (_("Withdraw a manual entry"), _("Manual entry withdrawn")),
    "credentials.open_proof": (_("Open a proof"), _("Proof of hours looked at")),
    "credentials.issue_statement": (_("Issue an hours statement"), _("Hours statement issued")),
    "credentials.make_key": (_("Make a signing key"), _("Signing key made")),
    "credentials.rotate_key": (_("Rotate a signing key"), _("Signing key retired, a new one in use")),
    "credentials.withdraw_key": (_("Withdraw a signing key"), _("Signing key withdrawn")),
    "core.withdraw_consent": (_("Withdraw a consent"), _("Consent withdrawn")),
    "credentials.agree_to_be_listed": (_("Agree to be listed"), _("Agreed to be listed in the talent pool")),
    "credentials.take_out_pool": (_("Take out the talent pool"), _("List of the talent pool taken out")),
    "credentials.print_cv": (_("Print a CV"), _("CV printed")),
    "credentials.save_policy": (_("Write a subsidy policy"), _("Draft of a subsidy policy kept")),
    "credentials.publish_policy": (_("Publish a subsidy policy"), _("Subsidy policy published")),
    "credentials.save_round": (_("Write an award round"), _("Draft of an award round kept")),
    "credentials.open_round": (_("Announce an award round"), _("Award round announced")),
    "credentials.end_nominations": (_("End nominations"), _("Nominations of an award round ended")),
    "credentials.shortlist_nominees": (_("Draw up a shortlist"), _("Shortlist of an award round drawn up")),
    "credentials.add_member": (_("Add a panel member"), _("Panel member of an award round added")),
    "credentials.remove_member": (_("Remove a panel member"), _("Panel member of an award round removed")),
    "credentials.start_judging": (_("Let the panel begin"), _("Panel of an award round begun")),
    "credentials.declare_conflicts": (
        _("Declare conflicts of interest"),
        _("Conflicts of interest of a panel member declared"),
    ),
    "credentials.give_scores": (_("Give scores"), _("Scores in an award round given")),
    "credentials.start_vote": (_("Open a public vote"), _("Public vote of an award round opened")),
    "credentials.end_judging": (_("End judging"), _("Result of an award round frozen")),
    "credentials.post_again": (_("Show the winners again"), _("Winners of an award round shown again")),
    "credentials.settle_winners": (_("Decide an award round"), _("Award round decided")),
    "credentials.move_up": (
        _("Move the next in order up"),
        _("Next in order moved up into a place of an award"),
    ),
    "credentials.take_back": (_("Take the winners back"), _("Public notice of an award round withdrawn")),
    "credentials.cancel_round": (_("Call an award round off"), _("Award round called off")),
    "credentials.nominate": (_("Nominate"), _("Nomination made")),
    "credentials.accept_nomination": (_("Accept a nomination"), _("Nomination accepted")),
    "credentials.decline_nomination": (_("Decline a nomination"), _("Nomination declined")),
    "credentials.add_paper": (_("Add a paper to a nomination"), _("Paper of a nomination added")),
    "credentials.open_notice": (_("Open a public notice"), _("Public notice opened")),
    "credentials.close_notice": (_("Close a public notice"), _("Public notice ended")),
    "credentials.withdraw_notice": (_("Withdraw a public notice"), _("Public notice withdrawn")),
    "credentials.file_objection": (_("Object to a public notice"), _("Objection to a public notice filed")),
    "credentials.answer_objection": (_("Answer an objection"), _("Objection to a public notice answered")),
    "credentials.open_objection": (_("Open an objection"), _("Objection to a public notice read")),
    "credentials.erase_objector": (_("Erase who objected"), _("Name and contact of an objector erased")),
    "credentials.save_sector": (_("Keep a sector"), _("Sector kept")),
    "credentials.save_post": (_("Plan a post"), _("Post planned")),
    "credentials.give_post": (_("Give a post"), _("Post given")),
    "credentials.end_post": (_("End a post"), _("Post ended")),
    "credentials.record_route": (_("Record a route"), _("Route of talent recorded")),
    "credentials.make_plan": (_("Make a talent plan"), _("Talent plan made")),
    "credentials.set_target": (_("Set a target"), _("Target of a talent plan set")),
    "credentials.remove_target": (_("Remove a target"), _("Target of a talent plan removed")),
    "credentials.divide_target": (_("Pass a target on"), _("Target of a talent plan passed on")),
    "credentials.start_plan": (_("Put a talent plan in force"), _("Talent plan put in force")),
    "credentials.close_plan": (_("Close a talent plan"), _("Talent plan closed")),
    "credentials.add_hours_rule": (_("Add an hours rule"), _("Hours rule added")),
}


class QualificationsGroup(ViewSetGroup):
    menu_label = _("Qualifications")
    menu_name = "qualification-desk"
    menu_icon = "doc-full"
    menu_order = 318
    items = (
        *(QualificationViewSet, PeriodViewSet, CommendationViewSet, ConductViewSet),
        *(AwardRoundViewSet, TermsViewSet),
    )


class CredentialsGroup(ViewSetGroup):
    menu_label = _("Certificates and hours")
    menu_name = "credentials"
    menu_icon = "doc-full-inverse"
    menu_order = 320
    items = (
        *(CertificateViewSet, IssuingViewSet, HoldViewSet, DesignViewSet),
        *(PeopleViewSet, ManualViewSet, LedgerViewSet, RuleViewSet),
    )


class TalentGroup(ViewSetGroup):
    menu_label = _("Talent")
    menu_name = "talent"
    menu_icon = "group"
    menu_order = 325
    items = (TalentViewSet, PostViewSet, PlanViewSet)


class SubsidyGroup(ViewSetGroup):
    menu_label = _("Subsidies")
    menu_name = "subsidies"
    menu_icon = "form"
    menu_order = 327
    items = (
        ClaimViewSet,
        PublicNoticeViewSet,
        PaymentViewSet,
        PolicyViewSet,
        ForecastViewSet,
        InternshipViewSet,
    )


@hooks.register("register_admin_viewset")
def credentials_group() -> list[ViewSet]:
    groups = (QualificationsGroup, CredentialsGroup, TalentGroup, SubsidyGroup)
    return [made() for made in (*groups, LevelViewSet, SectorViewSet, StatementViewSet, KeyViewSet)]


@hooks.register("register_log_actions")
def acts(actions: LogActionRegistry) -> None:
    for name, (label, message) in ACTS.items():
        actions.register_action(name, label, message)
