"""A course of packages (SCORM, H5P and cmi5): handed in, taken, pinned by its version, and played by somebody who is enrolled."""

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

FILES = Path(__file__).parent / "content"
TITLES = {
    "package": "第一次入户探访（示例课件）",
    "activity": "服务对象不愿意谈，怎么接（示例活动）",
    "unit": "听懂没说出来的话（示例课件）",
}
PLAN = Plan("package", "入户探访课件班", "The First Home Visit", 60, -20, -6, -5, 90)


def play_package(
    parent: Page, outline: Mapping[str, Any], by: Organisation, actor: User, people: list[Person]
) -> None:
    """Hand the sample packages in, write the course that shows them, and admit these people. Idempotent."""
    packages = [
        Package.objects.filter(title=title, organisation=by).first() or _taken(folder, by, actor)
        for folder, title in TITLES.items()
    ]
    rows = zip(outline["modules"][0]["lessons"], packages, strict=True)
    lessons = [{**lesson, "package": package} for lesson, package in rows]
    modules = [{**outline["modules"][0], "lessons": lessons}]
    course = write_course(parent=parent, outline={**outline, "modules": modules}, actor=actor)
    cohort = open_cohorts(course, [PLAN], by, actor)["package"]
    fill(cohort, people, len(people), actor)


def _taken(folder: str, by: Organisation, actor: User) -> Package:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((FILES / folder).rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(FILES / folder).as_posix())
    upload = hand_in_package(
        upload=SimpleUploadedFile(f"{folder}.zip", out.getvalue()),
        organisation=by,
        package=None,
        title=TITLES[folder],
        actor=actor,
    )
    run_job(upload.job_id or 0)
    return Package.objects.get(title=TITLES[folder], organisation=by)
