"""What credentials adds to the Wagtail admin; written in the features."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.log_actions import LogActionRegistry

from credentials.certificates.viewsets import CertificateViewSet, HoldViewSet
from credentials.hours.viewsets import LedgerViewSet, RuleViewSet
from credentials.issuing.viewsets import IssuingViewSet

# What the acts of this app are called where the audit is read.
ACTS = {
    "credentials.issue": (_("Issue a certificate"), _("Certificate issued")),
    "credentials.hold": (_("Put a certificate on hold"), _("Certificate put on hold")),
    "credentials.revoke": (_("Revoke a certificate"), _("Certificate revoked")),
    "credentials.replace": (_("Replace a certificate"), _("Certificate replaced")),
    "credentials.start_issue": (_("Issue for a cohort"), _("Issuing for a cohort started")),
    "credentials.credit": (_("Credit hours"), _("Hours credited")),
    "credentials.correct": (_("Take hours back"), _("Hours taken back")),
    "credentials.add_rule": (_("Add an hours rule"), _("Hours rule added")),
}


class CredentialsGroup(ViewSetGroup):
    menu_label = _("Certificates and hours")
    menu_name = "credentials"
    menu_icon = "doc-full-inverse"
    menu_order = 320
    items = (CertificateViewSet, IssuingViewSet, HoldViewSet, LedgerViewSet, RuleViewSet)


@hooks.register("register_admin_viewset")
def credentials_group() -> CredentialsGroup:
    return CredentialsGroup()


@hooks.register("register_log_actions")
def acts(actions: LogActionRegistry) -> None:
    for name, (label, message) in ACTS.items():
        actions.register_action(name, label, message)
