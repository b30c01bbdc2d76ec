"""`manage.py demo`: sample data that looks real and is nobody's."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.demo.load import load_demo


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Going through all that is loaded again and again for garbage takes an eighth of the whole loading."""
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


class Command(BaseCommand):
    help = "Load the sample data. Safe to repeat; --scale multiplies the people, for load tests."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--scale", type=int, default=1, help="how many times as many trainees (default 1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["scale"] < 1:
            self.stderr.write("--scale must be 1 or more.")
            raise SystemExit(2)
        call_command("load_reference", verbosity=0)
        with rarely_collected():
            load_demo(options["scale"])
        settings.DEMO_LOADED.touch()
        if options["verbosity"]:
            self.stdout.write("The sample data is loaded.")
