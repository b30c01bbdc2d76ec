"""A place of its own to measure in: another process with the settings of production and files that are thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

# What the shell says about this installation must not decide what is measured.
NOT_TAKEN_OVER = ("DATABASE_URL", "REDIS_URL", "DEBUG", "EMAIL_HOST", "STAFF_MFA_REQUIRED", "SITE_URL")


def in_own_room(arguments: Sequence[str], *, current_database: bool) -> int:
    """Run `manage.py bench --here` with these arguments in a fresh room; returns its exit code.

    With `current_database` the database and the cache are those of the environment, and the keys and a copy of the
    stored files come with them; everything else is thrown away all the same.
    """
    environment = {name: value for name, value in os.environ.items() if name not in NOT_TAKEN_OVER}
    if current_database:
        kept = ("DATABASE_URL", "REDIS_URL")
        environment |= {name: os.environ[name] for name in kept if name in os.environ}
        environment |= {"SECRET_KEY": settings.SECRET_KEY, "FIELD_KEY": settings.FIELD_KEY}
        environment["KEYS_DIR"] = str(settings.KEYS_DIR)
    with tempfile.TemporaryDirectory(prefix="xinhuo-bench-") as place:
        environment |= {"VAR_DIR": place, "PRODUCTION": "1"}
        stored = Path(settings.PRIVATE_ROOT)
        if current_database and stored.is_dir():
            shutil.copytree(stored, Path(place) / "private")
        manage = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]
        for command in (["migrate", "-v0"], ["collectstatic", "-v0", "--noinput"]):
            done = subprocess.run([*manage, *command], env=environment, check=False)
            if done.returncode:
                return done.returncode
        return subprocess.run(
            [*manage, "bench", "--here", *arguments], env=environment, check=False
        ).returncode
