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
    "release-places": {"task": "lms.release_places", "schedule": 600.0},
    "settle-told": {"task": "lms.settle_told", "schedule": 600.0},
    "expire-attempts": {"task": "lms.expire_attempts", "schedule": 60.0},
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
    "remind-pairs": {"task": "supervision.remind_pairs", "schedule": 12 * 3600.0},
    "remind-circles": {"task": "supervision.remind_circles", "schedule": 12 * 3600.0},
    "reconcile-lms": {"task": "lms.reconcile", "schedule": 6 * 3600.0},  # goes through every cohort
    "reconcile-supervision": {"task": "supervision.reconcile", "schedule": 3600.0},
    "remind-rounds": {"task": "supervision.remind_rounds", "schedule": 12 * 3600.0},
    "watch-requests": {"task": "supervision.watch_requests", "schedule": 12 * 3600.0},
    "watch-meetings": {"task": "supervision.watch_meetings", "schedule": 300.0},
    "remind-registrations": {"task": "credentials.remind_registrations", "schedule": 12 * 3600.0},
    "remind-reviewers": {"task": "credentials.remind_reviewers", "schedule": 24 * 3600.0},
    "remind-claimants": {"task": "credentials.remind_claimants", "schedule": 12 * 3600.0},
    "close-notices": {"task": "credentials.close_notices", "schedule": 3600.0},
    "reconcile-credentials": {"task": "credentials.reconcile", "schedule": 3600.0},
    "reconcile-pool": {
        "task": "credentials.reconcile_pool",
        "schedule": 24 * 3600.0,
    },  # goes through everybody
}
