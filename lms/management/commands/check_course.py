"""`manage.py check_course CODE`: what is to be mended in a course before it is published, as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.courses.models import CoursePage
from lms.courses.queries import findings_data


class Command(BaseCommand):
    help = (
        "Say as JSON what the content check finds in the published pages of a course. Only looks, and asks no other host. "
        "Exit code 0: a version could be published; 1: something stops it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE", help="the code of the course")

    def handle(self, *args: Any, **options: Any) -> None:
        course = CoursePage.objects.filter(code=options["code"]).first()
        if course is None:
            raise CommandError(f"There is no course with the code “{options['code']}”.")
        said = findings_data(course)
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
        if not said["ok"]:
            raise SystemExit(1)
