"""`manage.py import_regions`: bring the region table up to the committed list (core/organisations/data/SOURCE.md)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from core.organisations.reference import load_regions


class Command(BaseCommand):
    help = "Write the regions of China (GB/T 2260) that are missing or renamed. Safe to repeat; nothing is deleted."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        written = load_regions()
        if options["verbosity"]:
            self.stdout.write(f"{written} regions written.")
