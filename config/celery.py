"""The Celery application. Its tasks only carry row numbers (core.tasks); settings begin with CELERY_."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("xinhuo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "rescue-jobs": {"task": "core.rescue_jobs", "schedule": 10.0},
    "send-letters": {"task": "core.send_letters", "schedule": 60.0},
    "publish-due": {"task": "cms.publish_due", "schedule": 60.0},
    "release-places": {"task": "lms.release_places", "schedule": 600.0},
    "settle-told": {"task": "lms.settle_told", "schedule": 600.0},
    "expire-attempts": {"task": "lms.expire_attempts", "schedule": 60.0},
    "open-due-rounds": {"task": "lms.open_due_rounds", "schedule": 1800.0},
    "remind-classes": {"task": "lms.remind_classes", "schedule": 1800.0},
    "tell-announcements": {"task": "lms.tell_announcements", "schedule": 60.0},
    "expire-pathways": {"task": "lms.expire_pathways", "schedule": 12 * 3600.0},
    "remind-deadlines": {"task": "lms.remind_deadlines", "schedule": 12 * 3600.0},
    "remind-lapses": {"task": "supervision.remind_lapses", "schedule": 12 * 3600.0},
    "run-surveys": {"task": "lms.run_surveys", "schedule": 3600.0},
    "close-registers": {"task": "lms.close_registers", "schedule": 600.0},
    "erase-lists": {"task": "lms.erase_lists", "schedule": 24 * 3600.0},
    "expire-offers": {"task": "lms.expire_offers", "schedule": 60.0},
    "warn-below-minimum": {"task": "lms.warn_below_minimum", "schedule": 24 * 3600.0},
    "sync-groups": {"task": "core.sync_groups", "schedule": 3600.0},
    "erase-old-files": {"task": "core.erase_old_files", "schedule": 24 * 3600.0},
    "erase-unused-files": {"task": "core.erase_unused_files", "schedule": 24 * 3600.0},
    "forget-unconfirmed": {"task": "core.forget_unconfirmed", "schedule": 24 * 3600.0},
    "end-pauses": {"task": "supervision.end_pauses", "schedule": 12 * 3600.0},
    "tell-quiet": {"task": "supervision.tell_quiet", "schedule": 12 * 3600.0},
    "remind-reviews": {"task": "supervision.remind_reviews", "schedule": 12 * 3600.0},
    "run-evaluations": {"task": "supervision.run_evaluations", "schedule": 12 * 3600.0},
    "remind-circles": {"task": "supervision.remind_circles", "schedule": 12 * 3600.0},
    "remind-deliverables": {"task": "supervision.remind_deliverables", "schedule": 12 * 3600.0},
    "reconcile-lms": {"task": "lms.reconcile", "schedule": 6 * 3600.0},  # goes through every cohort
    "reconcile-supervision": {"task": "supervision.reconcile", "schedule": 3600.0},
    "remind-rounds": {"task": "supervision.remind_rounds", "schedule": 12 * 3600.0},
    "watch-requests": {"task": "supervision.watch_requests", "schedule": 12 * 3600.0},
    "remind-meetings": {"task": "supervision.remind_meetings", "schedule": 300.0},
    "lapse-proposals": {"task": "supervision.lapse_proposals", "schedule": 300.0},
    "remind-to-record": {"task": "supervision.remind_to_record", "schedule": 300.0},
    "remind-of-hour": {"task": "supervision.remind_of_hour", "schedule": 300.0},
    "remind-registrations": {"task": "credentials.remind_registrations", "schedule": 12 * 3600.0},
    "remind-reviewers": {"task": "credentials.remind_reviewers", "schedule": 24 * 3600.0},
    "remind-claimants": {"task": "credentials.remind_claimants", "schedule": 12 * 3600.0},
    "remind-interns": {"task": "credentials.remind_interns", "schedule": 12 * 3600.0},
    "close-notices": {"task": "credentials.close_notices", "schedule": 3600.0},
    "erase-objectors": {"task": "credentials.erase_objectors", "schedule": 24 * 3600.0},
    "reconcile-awards": {"task": "credentials.reconcile_awards", "schedule": 3600.0},
    "reconcile-noticed": {"task": "credentials.reconcile_noticed", "schedule": 3600.0},
    "reconcile-hours": {"task": "credentials.reconcile_hours", "schedule": 3600.0},
    "reconcile-certificates": {"task": "credentials.reconcile_certificates", "schedule": 3600.0},
    "reconcile-pool": {
        "task": "credentials.reconcile_pool",
        "schedule": 24 * 3600.0,
    },  # goes through everybody
}
