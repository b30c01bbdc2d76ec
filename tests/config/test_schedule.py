"""Every task of ours is in the clock's schedule, or is sent by somebody."""

import re
from pathlib import Path

from config.celery import app

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "lms", "supervision", "credentials", "cms")


def test_no_task_waits_for_a_call_that_never_comes() -> None:
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if name.startswith(tuple(f"{part}." for part in APPS))}
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    sources = "\n".join(
        path.read_text(encoding="utf-8") for part in APPS for path in (ROOT / part).rglob("tasks.py")
    )
    sent = {
        name for name in ours if re.search(rf"\b{name.partition('.')[2]}\.(delay|apply_async)\(", sources)
    }
    assert scheduled <= ours
    assert ours == scheduled | sent
