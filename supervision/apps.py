from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"

    def ready(self) -> None:
        from wagtail.log_actions import registry
        from wagtail.permissions import register_permission_policy

        from core.access.wagtail import ScopedPolicy
        from core.audit.models import AuditEntry
        from core.people.engagements import engaged_by
        from supervision import models, receivers
        from supervision.circles.queries import gathering_entries, gatherings_of_both, in_gathering
        from supervision.pairings.queries import met_also_in
        from supervision.sessions.queries import in_session
        from supervision.signals import pairing_ended, pairing_paused, pairing_resumed, places_changed
        from supervision.slots.queries import shown_also

        places_changed.connect(receivers.on_places_changed, dispatch_uid="supervision.places_changed")
        pairing_ended.connect(receivers.on_pairing_ended, dispatch_uid="supervision.pairing_ended")
        pairing_paused.connect(receivers.on_pairing_paused, dispatch_uid="supervision.pairing_paused")
        pairing_resumed.connect(receivers.on_pairing_resumed, dispatch_uid="supervision.pairing_resumed")
        engaged_by("supervision", in_session)
        engaged_by("supervision.circles", in_gathering)
        shown_also("supervision.circles", gathering_entries)
        met_also_in(gatherings_of_both)
        for model in (
            models.Supervisor,
            models.SupervisorApplication,
            models.OwnTraining,
            models.Pairing,
            models.PairingRequest,
            models.AgreementTemplate,
            models.Competency,
            models.MatchingRound,
            models.EvaluationTemplate,
            models.SupervisionReport,
            models.AllowanceStatement,
            models.Session,
            models.Meeting,
            models.LateRecord,
            models.SessionReview,
            models.Circle,
            models.CircleReview,
            models.LateGathering,
            models.Gathering,
            models.Participation,
            models.CompanionProject,
            models.PairWish,
        ):
            register_permission_policy(model, ScopedPolicy(model))
            registry.register_model(model, AuditEntry)
