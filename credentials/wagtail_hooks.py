"""What credentials adds to the Wagtail admin; written in the features."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.log_actions import LogActionRegistry

from credentials.certificates.viewsets import CertificateViewSet, HoldViewSet
from credentials.hours.viewsets import LedgerViewSet, PeopleViewSet, RuleViewSet
from credentials.issuing.viewsets import IssuingViewSet
from credentials.manual_entries.viewsets import ManualViewSet
from credentials.plans.viewsets import PlanViewSet
from credentials.posts.viewsets import PostViewSet, SectorViewSet
from credentials.qualifications.viewsets import LevelViewSet, PeriodViewSet
from credentials.statements.viewsets import StatementViewSet
from credentials.talent.viewsets import TalentViewSet

# What the acts of this app are called where the audit is read.
ACTS = {
    "credentials.issue": (_("Issue a certificate"), _("Certificate issued")),
    "credentials.hold": (_("Put a certificate on hold"), _("Certificate put on hold")),
    "credentials.revoke": (_("Revoke a certificate"), _("Certificate revoked")),
    "credentials.replace": (_("Replace a certificate"), _("Certificate replaced")),
    "credentials.start_issue": (_("Issue for a cohort"), _("Issuing for a cohort started")),
    "credentials.credit": (_("Credit hours"), _("Hours credited")),
    "credentials.correct_hours": (_("Take hours back"), _("Hours taken back")),
    "credentials.skip_credit": (_("Credit nothing"), _("Nothing credited: the time counts already")),
    "credentials.export_holdings": (_("Take out people’s hours"), _("Hours of people taken out")),
    "credentials.declare_period": (_("Declare a registration period"), _("Registration period declared")),
    "credentials.verify_period": (_("Verify a registration period"), _("Registration period verified")),
    "credentials.return_period": (_("Return a registration period"), _("Registration period returned")),
    "credentials.withdraw_period": (_("Withdraw a registration period"), _("Registration period withdrawn")),
    "credentials.save_level": (_("Keep a qualification level"), _("Qualification level kept")),
    "credentials.request_manual": (_("Ask for a manual entry"), _("Manual entry asked for")),
    "credentials.enter_manual": (_("Enter hours"), _("Manual entry entered")),
    "credentials.accept_manual": (_("Accept a manual entry"), _("Manual entry accepted")),
    "credentials.confirm_manual": (_("Confirm a manual entry"), _("Manual entry confirmed")),
    "credentials.return_manual": (_("Return a manual entry"), _("Manual entry returned")),
    "credentials.withdraw_manual": (_("Withdraw a manual entry"), _("Manual entry withdrawn")),
    "credentials.open_proof": (_("Open a proof"), _("Proof of hours looked at")),
    "credentials.issue_statement": (_("Issue an hours statement"), _("Hours statement issued")),
    "core.withdraw_consent": (_("Withdraw a consent"), _("Consent withdrawn")),
    "credentials.agree_to_be_listed": (_("Agree to be listed"), _("Agreed to be listed in the talent pool")),
    "credentials.take_out_pool": (_("Take out the talent pool"), _("List of the talent pool taken out")),
    "credentials.print_cv": (_("Print a CV"), _("CV printed")),
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


class CredentialsGroup(ViewSetGroup):
    menu_label = _("Certificates and hours")
    menu_name = "credentials"
    menu_icon = "doc-full-inverse"
    menu_order = 320
    items = (
        *(CertificateViewSet, IssuingViewSet, HoldViewSet),
        *(PeopleViewSet, ManualViewSet, PeriodViewSet, LedgerViewSet, RuleViewSet),
    )


class TalentGroup(ViewSetGroup):
    menu_label = _("Talent")
    menu_name = "talent"
    menu_icon = "group"
    menu_order = 325
    items = (TalentViewSet, PostViewSet, PlanViewSet)


@hooks.register("register_admin_viewset")
def credentials_group() -> list[ViewSet]:
    return [CredentialsGroup(), TalentGroup(), LevelViewSet(), SectorViewSet(), StatementViewSet()]


@hooks.register("register_log_actions")
def acts(actions: LogActionRegistry) -> None:
    for name, (label, message) in ACTS.items():
        actions.register_action(name, label, message)
