"""What every test stands on: own files, own cache, one cast of people, and the same language as the users."""

import gc
import hashlib
import inspect
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the test

hypothesis_settings.register_profile(
    "house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")

pytest_plugins = ["tests.cast"]


def pytest_configure(config: pytest.Config) -> None:
    """Compile the words before the first page is rendered; with xdist, once and not in every worker."""
    if not hasattr(config, "workerinput"):
        from scripts.compile_words import compile_all

        compile_all()


def pytest_collection_finish() -> None:
    """All that is loaded by now stays: going through it again and again for garbage takes a tenth of the whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what this run's servers cannot show: the other run of `make test` shows it. And what asks no database, or
    asks it only what other tests ask PostgreSQL too (marked `once`), says the same beside any: the run on SQLite has it."""
    from django.db import connection

    if connection.vendor == "postgresql":
        twice = [item for item in items if not _needs_servers(item)]
        items[:] = [item for item in items if _needs_servers(item)]
        config.hook.pytest_deselected(items=twice)

    skips = {
        "postgres": pytest.mark.skip(reason="needs PostgreSQL")
        if connection.vendor != "postgresql"
        else None,
        "redis": pytest.mark.skip(reason="needs Redis") if not os.environ.get("TEST_REDIS_URL") else None,
    }
    for item in items:
        for name, skip in skips.items():
            if skip and item.get_closest_marker(name):
                item.add_marker(skip)


def _needs_servers(item: pytest.Item) -> bool:
    """Whether it may meet the database, Redis or a program of ours that has its own; config's tests start such programs."""
    if item.get_closest_marker("once"):
        return False
    marked = any(item.get_closest_marker(name) for name in ("django_db", "redis", "postgres", "concurrency"))
    if marked or "config" in item.path.parts:
        return True
    return bool(set(getattr(item, "fixturenames", ())) & {"db", "transactional_db", "live_server"})


@pytest.fixture(scope="session")
def migrated(pytestconfig: pytest.Config) -> Path:
    """Where the empty SQLite database of exactly these migrations is, or will be, kept between runs."""
    from django.db.migrations.loader import MigrationLoader

    digest, folders = hashlib.sha256(), set()
    for key, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        file = Path(inspect.getfile(type(migration)))
        folders.add(file.parent)
        digest.update(repr(key).encode() + file.read_bytes())
    for folder in sorted(folders):  # what several migrations share: guards, moves of rows
        for file in sorted(folder.glob("_[a-z]*.py")):
            digest.update(file.read_bytes())
    return pytestconfig.cache.mkdir("migrated") / f"{digest.hexdigest()[:20]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, migrated: Path
) -> None:
    """One database per worker. SQLite's is a real file, since threads share a memory one unlike in production."""
    from django.db import connections

    default = connections.databases["default"]
    if default["ENGINE"].endswith("sqlite3"):
        place = tmp_path_factory.mktemp("database") / "test.sqlite3"
        default["TEST"]["NAME"] = str(place)
        default["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"  # nobody pulls this machine's plug
        if migrated.exists():
            shutil.copyfile(migrated, place)
    elif worker_id != "master":
        default["TEST"]["NAME"] = f"test_{default['NAME']}_{worker_id}"


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> bool:
    """Wagtail's migrations take twenty seconds: with the same migrations as last time, start from their result."""
    from django.db import connections

    place = connections.databases["default"]["TEST"]["NAME"]
    return request.config.getvalue("reuse_db") or bool(place and Path(place).exists())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker, migrated: Path) -> None:
    """Keep the freshly migrated database for the next run; CI, which has no next run, migrates every time."""
    from django.db import connection

    if connection.vendor == "sqlite" and not migrated.exists() and not os.environ.get("CI"):
        part = migrated.with_suffix(f".{os.getpid()}")
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(part)])
        part.replace(migrated)


@pytest.fixture(scope="session", autouse=True)
def _put_back_whole(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After a test that commits, the migrated database is put back: twenty times as fast as emptying three hundred tables,
    past the guards of append-only ones, and all that the migrations wrote is there again."""
    from django.db import connection
    from django.test import TransactionTestCase

    with django_db_blocker.unblock():
        connection.ensure_connection()
        put_back = _of_sqlite() if connection.vendor == "sqlite" else _of_postgresql()
    with pytest.MonkeyPatch.context() as patch:
        if put_back is not None:
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: put_back())
        yield


def _of_sqlite() -> Callable[[], None]:
    """SQLite gets back the pages of its file."""
    from django.db import connection

    kept = sqlite3.connect(":memory:", check_same_thread=False)
    connection.connection.backup(kept)

    def put_back() -> None:
        connection.ensure_connection()
        kept.backup(connection.connection)

    return put_back


def _of_postgresql() -> Callable[[], None] | None:
    """PostgreSQL gets back the rows of the tables that have any. None where we may not pass its guards and keys: Django
    empties all tables there."""
    from django.db import connection, transaction

    def full(cursor: Any, tables: Iterable[str]) -> list[str]:
        asked = " UNION ALL ".join(f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)" for name in tables)
        cursor.execute(asked)
        return sorted(name for (name,) in cursor.fetchall())

    tables = connection.introspection.table_names(include_views=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        if cursor.fetchone() != (True,):
            return None
        cursor.execute("CREATE SCHEMA IF NOT EXISTS kept")
        kept = full(cursor, tables)
        for name in kept:
            cursor.execute(f'CREATE TABLE IF NOT EXISTS kept."{name}" AS TABLE public."{name}"')

    def put_back() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # asks no trigger and no key
            for name in full(cursor, tables):
                cursor.execute(f'DELETE FROM "{name}"')
            for name in kept:
                cursor.execute(f'INSERT INTO "{name}" SELECT * FROM kept."{name}"')

    return put_back


@pytest.fixture(scope="session", autouse=True)
def _roots_put_back(django_db_setup: None) -> Iterator[None]:
    """What Wagtail's migrations wrote is there for every test, also after one that commits: PostgreSQL empties all tables."""
    from django.apps import apps
    from django.db.models.signals import post_migrate
    from wagtail.models import Collection, Locale, Page, Site

    def put_back(**_rest: object) -> None:
        Locale.objects.get_or_create(language_code="zh-hans")
        if not Page.objects.exists():
            root = Page.add_root(title="Root", slug="root")
            home = root.add_child(instance=Page(title="Welcome", slug="home"))
            Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
        if not Collection.objects.exists():
            Collection.add_root(name="Root")

    post_migrate.connect(put_back, sender=apps.get_app_config("wagtailcore"))
    yield
    post_migrate.disconnect(put_back, sender=apps.get_app_config("wagtailcore"))


@pytest.fixture(scope="session", autouse=True)
def _own_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Uploads, certificates, letters and logs of the tests go where the tests' files go, never into var/."""
    from django.conf import settings
    from django.test import override_settings

    place = tmp_path_factory.mktemp("var")
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": place / "private"}}
    changes = {
        "VAR_DIR": place,
        "MEDIA_ROOT": place / "media",
        "PRIVATE_ROOT": place / "private",
        "KEYS_DIR": place / "keys",
        "STORAGES": {**settings.STORAGES, "private": private},
        "AUDIT_LOG": place / "audit.jsonl",
        "DEMO_ACCOUNTS": place / "demo-accounts.json",
        "DEMO_LOADED": place / "demo-loaded",
        "EMAIL_FILE_PATH": place / "mail",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],  # fast; nothing here is secret
    }
    with override_settings(**changes):
        yield


@pytest.fixture(scope="session", autouse=True)
def _stylesheets_found_once() -> Iterator[None]:
    """Every client of a test makes its own chain of middleware; looking for the same files again is most of that."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    found: dict[str, object] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def look_once(self: WhiteNoiseMiddleware) -> None:
        if not found:
            look(self)
            found.update(self.files)
        self.files = dict(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", look_once)
        yield


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """A page that a test has read in English leaves its language to the thread: the next one begins in Chinese."""
    from django.utils import timezone, translation

    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Lockouts and rate limits live in the cache, published courses and templates in the process: none may reach into the next test."""
    from django.core.cache import cache

    from credentials.designs.queries import forget_drawables
    from lms.courses.versions import assignment_at, lesson_at, paper_at, paper_of, version_of
    from lms.packages.queries import package_version

    forget_drawables()
    for kept in (version_of, lesson_at, paper_of, paper_at, assignment_at, package_version):
        kept.forget()
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def one_minute(_fresh_cache: None) -> Iterator[None]:
    """Everything happens within the same minute, however slow the machine: what is counted by the minute adds up."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def redis_url() -> str:
    """The throw-away Redis of this run. Mark the test `redis`, so that it is skipped where there is none."""
    return os.environ["TEST_REDIS_URL"]


@pytest.fixture
def var(settings: LazySettings) -> Path:
    """The folder that this run's files go to."""
    return Path(settings.VAR_DIR)
