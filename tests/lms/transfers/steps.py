"""What the tests of moving share: a row read anew, wishing and moving, and what there is afterwards."""

from core.models import AuditEntry
from lms.models import Cohort
from lms.transfers import actions


def again(row):
    return type(row).objects.get(pk=row.pk)


def seats():
    return dict(Cohort.objects.values_list("title", "seats_taken"))


def ask(enrolment, new, user, reason="换了夜班"):
    return actions.ask_transfer(enrolment=enrolment, target=new, reason=reason, actor=user)


def move(enrolment, target, user):
    actions.transfer_enrolment(enrolment=enrolment, target=target, reason="调班", actor=user)


def stages(enrolment):
    return list(again(enrolment).steps.values_list("stage", "state"))


def audited(enrolment):
    rows = AuditEntry.objects.filter(target_id=str(enrolment.pk), content_type__model="enrolment")
    return list(rows.order_by("pk").values_list("action", flat=True))
