"""What the preview of a lesson or a quiz shows besides its text: nothing of it can be answered, watched or sent there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.blocks.bodies import VIDEO
from core.blocks.links import host_of, is_of
from core.blocks.outside import allowed_hosts
from core.blocks.questions import question_facts
from lms.courses.policy import Part, parts_of
from lms.questions.formats.blueprints import BETWEEN, read_blueprint
from lms.questions.policy import NotEnough, draw
from lms.questions.queries import contents_of, pool_of


def lesson_parts(page: Any) -> list[Part]:
    """A lesson as it is written now: its check questions, the questions on the way through each video, what other sites are
    named, what is discussed."""
    hosts = allowed_hosts()
    frames = [
        {**frame, "host": host_of(frame["url"]) if is_of(frame["url"], hosts) else ""}
        for frame in page.frames
    ]
    checks = [asked(check) for check in page.checks]
    return parts_of(page.render_body(), checks, _videos(page.body), frames=frames, talks=page.talks)


def _videos(body: Iterable[Any]) -> dict[str, Any]:
    """By the key of each video that stops for questions: these, with their places."""
    found = {}
    for block in body:
        points = block.value["checkpoints"].bound_blocks if block.block_type == VIDEO else ()
        if points:
            ordered = sorted(points, key=lambda point: point.value["second"] or 0)
            found[block.id] = [
                {
                    "time": time_words(point.value["second"] or 0),
                    "check": asked(question_facts(point.id, point.value["question"])),
                }
                for point in ordered
            ]
    return found


def asked(question: Mapping[str, Any]) -> dict[str, Any]:
    """A question as the template of check questions wants it."""
    return {**question, "multiple": question["kind"] == "multiple"}


def time_words(seconds: int) -> str:
    """A place in a video as people read it: 03:20, 1:03:20."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def quiz_preview(page: Any) -> dict[str, Any]:
    """The questions of a quiz; of a drawn one its blueprint, and a paper drawn by it, or what the bank lacks for one."""
    if page.bank_id is None:
        return {"parts": [Part(check=asked(question)) for question in page.paper]}
    lines, faults = read_blueprint(page.blueprint)
    rows = [
        [field.strip() for field in BETWEEN.split(row)] for row in page.blueprint.splitlines() if row.strip()
    ]
    shown = {"blueprint": rows, "bank": page.bank, "lacks": faults}
    if faults:
        return {**shown, "parts": []}
    try:
        drawn = draw(lines, pool_of(page.bank_id), page.key)
    except NotEnough:
        return {**shown, "lacks": page.unservable(), "parts": []}
    contents = contents_of([candidate.revision for candidate, _line in drawn])
    questions = [{**contents[each.revision], "key": f"bank-{each.revision}"} for each, _line in drawn]
    return {**shown, "parts": [Part(check=asked(question)) for question in questions]}
