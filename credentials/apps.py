from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "credentials"

    def ready(self) -> None:
        from django.db.models.signals import pre_delete
        from django.utils.translation import gettext_lazy
        from wagtail.log_actions import registry
        from wagtail.permissions import register_permission_policy

        from core.access.wagtail import ScopedPolicy
        from core.models import AuditEntry, User
        from core.people.qualifications import qualified_by
        from core.people.queries import keep_id_when, keep_name_when, name_purpose
        from core.signals import employer_decided, id_number_kept, organisation_changed, profile_saved
        from credentials import models, receivers
        from credentials.awards import queries as awards
        from credentials.certificates.actions import file_wanted
        from credentials.claims.actions.drafting import BANK_CONSENT
        from credentials.claims.queries.identity import has_claim_underway, why_id_stays
        from credentials.claims.queries.noticed import keys_for, why_not_judge
        from credentials.policies.queries.known import ask_for_levels
        from credentials.public_notices.queries import ask_owner
        from credentials.public_notices.states import About
        from credentials.qualifications.queries import level_codes, levels_of, registered_as
        from credentials.signals import notice_ended, notice_withdrawn, standing_changed
        from credentials.statements.queries import holds_papers
        from credentials.talent.actions import refresh_wanted
        from credentials.talent.states import PURPOSE
        from credentials.tasks import queue_file, queue_refresh
        from lms.public import ask_levels_by
        from lms.signals import attendance_settled, course_completed
        from supervision.signals import (
            participation_amended,
            participation_confirmed,
            places_changed,
            session_amended,
            session_confirmed,
        )

        course_completed.connect(receivers.on_course_completed, dispatch_uid="credentials.course_completed")
        session_confirmed.connect(
            receivers.on_session_confirmed, dispatch_uid="credentials.session_confirmed"
        )
        session_amended.connect(receivers.on_session_amended, dispatch_uid="credentials.session_amended")
        participation_confirmed.connect(
            receivers.on_participation_confirmed, dispatch_uid="credentials.participation_confirmed"
        )
        participation_amended.connect(
            receivers.on_participation_amended, dispatch_uid="credentials.participation_amended"
        )
        attendance_settled.connect(
            receivers.on_attendance_settled, dispatch_uid="credentials.attendance_settled"
        )
        keep_name_when(holds_papers)
        name_purpose(BANK_CONSENT, gettext_lazy("Keeping a bank account for my subsidies"))
        name_purpose(PURPOSE, gettext_lazy("Being listed in the talent pool"))
        ask_owner(About.CLAIMS, why_not_judge, keys_for)  # who answers no objection to a public notice
        ask_owner(About.AWARDS, awards.why_not_judge, awards.keys_for)
        keep_name_when(has_claim_underway)
        keep_id_when(why_id_stays)
        qualified_by("credentials", registered_as)
        ask_for_levels(level_codes)  # what a policy may name
        ask_levels_by(levels_of)  # what admission to a cohort may ask for
        file_wanted.connect(queue_file, dispatch_uid="credentials.queue_file")
        refresh_wanted.connect(queue_refresh, dispatch_uid="credentials.queue_refresh")
        standing_changed.connect(receivers.on_standing_changed, dispatch_uid="credentials.standing_changed")
        notice_ended.connect(receivers.on_notice_ended, dispatch_uid="credentials.notice_ended")
        notice_withdrawn.connect(receivers.on_notice_withdrawn, dispatch_uid="credentials.notice_withdrawn")
        pre_delete.connect(
            receivers.on_account_deleted, sender=User, dispatch_uid="credentials.account_deleted"
        )
        places_changed.connect(receivers.on_pairs_changed, dispatch_uid="credentials.places_changed")
        employer_decided.connect(receivers.on_person_changed, dispatch_uid="credentials.employer_decided")
        profile_saved.connect(receivers.on_person_changed, dispatch_uid="credentials.profile_saved")
        id_number_kept.connect(receivers.on_id_number_kept, dispatch_uid="credentials.id_number_kept")
        organisation_changed.connect(
            receivers.on_organisation_changed, dispatch_uid="credentials.organisation_changed"
        )
        for model in (
            models.AwardRound,
            models.Badge,
            models.Certificate,
            models.CertificateEdition,
            models.Claim,
            models.Commendation,
            models.ConductRecord,
            models.Forecast,
            models.PendingIssue,
            models.Design,
            models.EmploymentProof,
            models.HoursEntry,
            models.HoursRule,
            models.HoursStatement,
            models.Internship,
            models.LevelTerms,
            models.ManualEntry,
            models.Nomination,
            models.Objection,
            models.PaymentEntry,
            models.PaymentBatch,
            models.PaymentBudget,
            models.PaymentReversal,
            models.Post,
            models.PostHolding,
            models.PublicNotice,
            models.QualificationLevel,
            models.QualificationRecord,
            models.RegistrationPeriod,
            models.SigningKey,
            models.RenewalPack,
            models.SavedSearch,
            models.Sector,
            models.TalentPlan,
            models.TalentProfile,
            models.TalentRoute,
        ):
            register_permission_policy(model, ScopedPolicy(model))
            registry.register_model(model, AuditEntry)
