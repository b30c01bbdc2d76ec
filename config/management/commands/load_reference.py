"""`manage.py load_reference`: what every installation needs before the first person signs in. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from cms.public import set_up_site
from core.organisations.reference import load_regions
from core.people.reference import load_service_fields


class Command(BaseCommand):
    help = (
        "Load regions and service fields, and set up the site, its groups and its workflow. Safe to repeat."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        regions, fields = load_regions(), load_service_fields()
        set_up_site()
        if options["verbosity"]:
            self.stdout.write(f"{regions} regions and {fields} service fields written; the site is set up.")
