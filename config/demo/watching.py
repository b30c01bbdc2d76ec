"""The sample video: its file and captions among the files of courses, and how those who have learned have watched it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import Collection

from cms.pages.actions.setting_up import COURSE_FILES
from lms.courses.versions import LessonVersion
from lms.enrolments.models import Enrolment
from lms.videos.models import Watching
from lms.videos.queries import asked_of

MEDIA = Path(__file__).parent / "content" / "media"


def put_media(outline: dict[str, Any]) -> dict[str, Any]:
    """The outline, with the files that its videos and attachments name put among the files of courses."""
    for block in _blocks(outline, "video"):
        block |= {name: _document(block[name], block["title"]) for name in ("file", "captions")}
    for block in _blocks(outline, "attachments"):
        block["documents"] = [_document(name, Path(name).stem) for name in block["documents"]]
    return outline


def _blocks(outline: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    for module in outline["modules"]:
        for lesson in module["lessons"]:
            yield from (block for block in lesson["body"] if block["type"] == kind)


def _document(name: str, title: str) -> int:
    documents = get_document_model().objects
    title = f"{title}（样例，{Path(name).suffix[1:]}）"
    found = documents.filter(title=title).first()
    if found is None:
        kept = Collection.objects.filter(name=COURSE_FILES).first() or Collection.get_first_root_node()
        file = ContentFile((MEDIA / name).read_bytes(), name=name)
        found = documents.create(title=title, file=file, collection=kept)
    return int(found.pk)


def watch(enrolment: Enrolment, lesson: LessonVersion) -> None:
    """All videos of the lesson, watched to the end and every question in them answered rightly."""
    for video in asked_of(lesson):
        length = video["duration"]
        answers = {
            point["key"]: {"chosen": point["question"]["correct"], "correct": True}
            for point in video["checkpoints"]
        }
        Watching.objects.get_or_create(
            enrolment=enrolment,
            lesson_key=lesson.key,
            medium=video["medium"],
            defaults={
                "duration": length,
                "spans": [[0, length]],
                "covered": length,
                "credited": length,
                "position": length,
                "answers": answers,
            },
        )
