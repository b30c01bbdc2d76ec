"""A worker knows every kind of job by what its tasks import, whether or not it has ever loaded the addresses of the site."""

import subprocess
import sys
from pathlib import Path

from django.urls import get_resolver

from core.jobs.actions import _functions

ROOT = Path(__file__).resolve().parents[2]
ALONE = """
import django
django.setup()
from config.celery import app
app.loader.import_default_modules()
from core.jobs.actions import _functions
print(" ".join(sorted(_functions)))
"""


def test_a_worker_that_loads_no_address_knows_every_kind_of_job() -> None:
    assert get_resolver().url_patterns  # here everything is loaded
    said = subprocess.run(
        [sys.executable, "-c", ALONE],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "config.settings", "CELERY_SKIP_CHECKS": "1", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    ours = {kind for kind, function in _functions.items() if not function.__module__.startswith("tests.")}
    assert set(said.stdout.split()) == ours
