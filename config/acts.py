"""What every audited act is called, for the audit's list, its filter and its spreadsheet."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from core.audit.queries import name_acts

ACTS = {
    "core.act_on_page": pgettext_lazy("act", "Page"),
    "core.add_second_step": pgettext_lazy("act", "Second step at sign-in added"),
    "core.change_email": pgettext_lazy("act", "E-mail changed"),
    "core.change_password": pgettext_lazy("act", "Password changed"),
    "core.fail_sign_in": pgettext_lazy("act", "Wrong password at sign-in"),
    "core.remove_second_step": pgettext_lazy("act", "Second step at sign-in removed"),
    "core.sign_in": pgettext_lazy("act", "Signed in"),
    "core.add_organisation": pgettext_lazy("act", "Organisation added"),
    "core.cancel_job": pgettext_lazy("act", "Job stopped"),
    "core.change_organisation": pgettext_lazy("act", "Organisation changed"),
    "core.end_role": pgettext_lazy("act", "Role ended"),
    "core.export_own_data": pgettext_lazy("act", "Own data taken out"),
    "core.grant_role": pgettext_lazy("act", "Role given"),
    "core.remove_id_number": pgettext_lazy("act", "ID number deleted"),
    "core.retry_job": pgettext_lazy("act", "Job started again"),
    "core.reveal_id": pgettext_lazy("act", "ID number looked at"),
    "core.save_profile": pgettext_lazy("act", "Profile changed"),
    "core.save_service_field": pgettext_lazy("act", "Service field kept"),
    "core.set_id_number": pgettext_lazy("act", "ID number given"),
    "credentials.add_rule": pgettext_lazy("act", "Hours rule added"),
    "credentials.correct": pgettext_lazy("act", "Hours corrected"),
    "credentials.credit": pgettext_lazy("act", "Hours credited"),
    "credentials.hold": pgettext_lazy("act", "Certificate put on hold"),
    "credentials.issue": pgettext_lazy("act", "Certificate issued"),
    "credentials.replace": pgettext_lazy("act", "Certificate replaced"),
    "credentials.revoke": pgettext_lazy("act", "Certificate revoked"),
    "credentials.start_issue": pgettext_lazy("act", "Issuing to a cohort begun"),
    "lms.apply": pgettext_lazy("act", "Application handed in"),
    "lms.approve_enrolment": pgettext_lazy("act", "Application approved"),
    "lms.cancel_cohort": pgettext_lazy("act", "Cohort cancelled"),
    "lms.change_cohort": pgettext_lazy("act", "Cohort changed"),
    "lms.complete_enrolment": pgettext_lazy("act", "Course completed"),
    "lms.create_cohort": pgettext_lazy("act", "Cohort made"),
    "lms.move_to_version": pgettext_lazy("act", "Cohort moved to another version"),
    "lms.move_up": pgettext_lazy("act", "Moved up from the waiting list"),
    "lms.publish_version": pgettext_lazy("act", "Course version released"),
    "lms.refuse_enrolment": pgettext_lazy("act", "Application refused"),
    "lms.submit_attempt": pgettext_lazy("act", "Quiz handed in"),
    "lms.withdraw_enrolment": pgettext_lazy("act", "Enrolment withdrawn"),
    "supervision.amend_session": pgettext_lazy("act", "Session corrected"),
    "supervision.cancel_session": pgettext_lazy("act", "Session taken back"),
    "supervision.change_supervisor": pgettext_lazy("act", "Supervisor changed"),
    "supervision.confirm_session": pgettext_lazy("act", "Session confirmed"),
    "supervision.create_pairing": pgettext_lazy("act", "Pairing made"),
    "supervision.designate": pgettext_lazy("act", "Supervisor designated"),
    "supervision.dispute_session": pgettext_lazy("act", "Session objected to"),
    "supervision.end_designation": pgettext_lazy("act", "Designation ended"),
    "supervision.end_pairing": pgettext_lazy("act", "Pairing ended"),
    "supervision.log_session": pgettext_lazy("act", "Session recorded"),
    "supervision.pause_pairing": pgettext_lazy("act", "Pairing paused"),
    "supervision.register_supervisor": pgettext_lazy("act", "Supervisor registered"),
    "supervision.resume_pairing": pgettext_lazy("act", "Pairing goes on"),
}


def register() -> None:
    name_acts(ACTS)
