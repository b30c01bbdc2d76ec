"""`manage.py reconcile`: find and mend whatever a crash may have left undone, in every app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand

from core.attachments.actions import erase_unused
from core.imports.actions import erase_old_files
from core.jobs.actions import rescue_jobs
from core.notices.actions import send_due_letters
from core.organisations.actions import sync_due_groups
from core.people.actions import forget_unconfirmed
from credentials import public as credentials
from lms import public as lms
from supervision import public as supervision


def _jobs() -> list[str]:
    count = rescue_jobs()
    return [f"jobs queued again: {count}"] if count else []


def _letters() -> list[str]:
    count = send_due_letters()
    return [f"letters sent: {count}"] if count else []


# In this order: what lms completes, credentials issues; and both may leave letters behind.
PARTS: tuple[tuple[str, Callable[[], list[str]]], ...] = (
    ("jobs", _jobs),
    ("roles", sync_due_groups),
    ("accounts", forget_unconfirmed),
    ("imports", erase_old_files),
    ("attachments", erase_unused),
    ("lms", lms.reconcile),
    ("supervision", supervision.reconcile),
    ("credentials", credentials.reconcile),
    ("letters", _letters),
)


class Command(BaseCommand):
    help = "Repair what a crash left undone: jobs, attempts, certificates, hours, letters. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for name, repair in PARTS:
            try:
                lines = repair()
            except Exception as error:  # one app in trouble must not keep the others from being mended
                faults += 1
                lines = [f"could not be looked at: {type(error).__name__}: {error}"]
            for line in lines or (["nothing to do"] if options["verbosity"] else []):
                self.stdout.write(f"{name}: {line}")
        if faults:
            raise SystemExit(1)
