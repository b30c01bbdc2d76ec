"""`manage.py up`: the whole product in one process, for a first look or a small place."""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
import time
import warnings
from typing import Any

from celery.exceptions import SecurityWarning
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from config.celery import app
from config.wsgi import application
from core.models import User

BODY_LIMIT = 60 * 2**20  # bytes; a document may have 50 MB. In production nginx says the same
log = logging.getLogger("xinhuo.up")


class Command(BaseCommand):
    help = "Prepare the database, load the demo data the first time, and serve the site with its worker."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--no-demo", action="store_true", help="start with an empty site")

    def handle(self, *args: Any, **options: Any) -> None:
        from waitress.server import create_server

        os.umask(0o027)  # letters, uploads and the database are nobody else's on this machine
        # Whoever starts it for the first time waits for minutes: each step says itself before it begins.
        self._say("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_reference", verbosity=0)
        kept = settings.DEMO_LOADED.exists() and settings.DEMO_ACCOUNTS.exists() and User.objects.exists()
        if not options["no_demo"] and not kept:
            self._say("Loading the sample data, once: this takes some minutes …")
            call_command("demo", verbosity=0)
        server = create_server(
            application,
            host=options["host"],
            port=options["port"],
            threads=8,
            ident=None,
            max_request_body_size=BODY_LIMIT,
        )
        stop = threading.Event()
        threads = [
            threading.Thread(target=_work, args=(stop,), name="worker", daemon=True),
            threading.Thread(target=_reconcile, args=(stop,), name="reconciler", daemon=True),
        ]
        for thread in threads:
            thread.start()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        self._welcome(f"http://{options['host']}:{options['port']}")
        try:
            server.run()
        except KeyboardInterrupt:
            pass
        finally:
            stop.set()
            server.close()
            self.stdout.write("Stopped.")
            self.stdout.flush()
            os._exit(
                0
            )  # the worker thread may be inside a job: its lease runs out and the next start resumes it

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def _welcome(self, address: str) -> None:
        self.stdout.write(f"\n  薪火 Xinhuo is ready: {address}\n")
        if settings.DEMO_ACCOUNTS.exists():
            accounts = json.loads(settings.DEMO_ACCOUNTS.read_text(encoding="utf-8"))
            self.stdout.write(f"  Demo accounts (also in {settings.DEMO_ACCOUNTS}):")
            for account in accounts:
                self.stdout.write(
                    f"    {account['role']:<14} {account['email']:<36} {account['password']}   {account['organisation']}"
                )
        self.stdout.write("  Ctrl-C ends it.\n")
        self.stdout.flush()


def _work(stop: threading.Event) -> None:
    """The in-process worker. The memory broker lives in this process; the job rows outlive it."""
    warnings.filterwarnings(
        "ignore", category=SecurityWarning
    )  # a first look as root on a machine of one's own
    worker = app.Worker(
        pool="solo",
        loglevel="ERROR",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()


def _reconcile(stop: threading.Event) -> None:
    """What Celery beat does in production, by the same schedule; what the last kill left is mended at once."""
    due = dict.fromkeys(app.conf.beat_schedule, float("-inf"))
    while not stop.wait(5):
        for name, entry in app.conf.beat_schedule.items():
            if time.monotonic() < due[name]:
                continue
            due[name] = time.monotonic() + entry["schedule"]
            try:
                app.tasks[entry["task"]]()
            except Exception as error:
                log.exception("%s will be tried again: %s", name, error)
            finally:
                close_old_connections()
