"""A course that is a package: handed in, taken, pinned by its version, and played by somebody who is enrolled."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import Page

from config.demo.teaching import Plan, fill, open_cohorts
from core.jobs.actions import run_job
from core.models import Organisation, Person, User
from lms.courses.actions import write_course
from lms.packages.actions import hand_in_package
from lms.packages.models import Package

FILES = Path(__file__).parent / "content" / "package"
TITLE = "第一次入户探访（示例课件）"
PLAN = Plan("package", "入户探访课件班", "The First Home Visit", 60, -20, -6, -5, 90)


def play_package(
    parent: Page, outline: Mapping[str, Any], by: Organisation, actor: User, people: list[Person]
) -> None:
    """Hand the sample package in, write the course that shows it, and admit these people. Idempotent."""
    package = Package.objects.filter(title=TITLE, organisation=by).first() or _taken(by, actor)
    lesson = {**outline["modules"][0]["lessons"][0], "package": package}
    modules = [{**outline["modules"][0], "lessons": [lesson]}]
    course = write_course(parent=parent, outline={**outline, "modules": modules}, actor=actor)
    cohort = open_cohorts(course, [PLAN], by, actor)["package"]
    fill(cohort, people, len(people), actor)


def _taken(by: Organisation, actor: User) -> Package:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(FILES.iterdir()):
            archive.write(path, path.name)
    upload = hand_in_package(
        upload=SimpleUploadedFile("first-visit.zip", out.getvalue()),
        organisation=by,
        package=None,
        title=TITLE,
        actor=actor,
    )
    run_job(upload.job_id or 0)
    return Package.objects.get(title=TITLE, organisation=by)
