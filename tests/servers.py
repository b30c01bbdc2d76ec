"""Throw-away PostgreSQL and Redis for the tests: own folder, own free port, gone afterwards.

usage: python -m tests.servers COMMAND [ARGUMENT …]

Runs the command with DATABASE_URL and TEST_REDIS_URL set, and ends both servers whatever happens to it.
"""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

START_SECONDS = 30


def main(command: list[str]) -> int:
    if not command:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
    with postgres() as database, redis() as cache:
        environment = {**os.environ, "DATABASE_URL": database, "TEST_REDIS_URL": cache}
        return subprocess.run(command, env=environment).returncode


def end(number: int, _frame: FrameType | None) -> None:
    """A signal becomes an exception, so that the servers are ended on the way out."""
    raise SystemExit(128 + number)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL on a free port, as fast as one may be whose data nobody keeps. Yields its URL."""
    with folder("xinhuo-postgres-") as place:
        port = free_port()
        log = place / "log"
        run_as_server("initdb", "-D", str(place / "data"), "-U", "xinhuo", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")  # fmt: skip
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": place,
            "max_connections": 300,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_wal_size": "2GB",
            # Every test is rolled back: statistics of what is never there make the planner read whole tables.
            "autovacuum": "off",
            "timezone": "Asia/Shanghai",
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with server([*as_server("postgres"), "-D", str(place / "data"), *arguments], log):
            wait_for(lambda: answers("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)), log)
            run_as_server("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "xinhuo", "xinhuo")
            yield f"postgres://xinhuo@127.0.0.1:{port}/xinhuo"


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A Redis on a free port that keeps nothing on disk. Yields its URL."""
    with folder("xinhuo-redis-") as place:
        port = free_port()
        log = place / "log"
        command = [
            *as_server("redis-server"),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(place),
        ]
        with server([*command, "--save", "", "--appendonly", "no", "--daemonize", "no"], log):
            wait_for(lambda: answers("redis-cli", "-p", str(port), "ping"), log)
            yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def server(command: list[str], log: Path) -> Iterator[None]:
    """Run a server until the block ends: asked politely, then killed, with its whole process group.

    A group of its own also keeps a Ctrl-C at the terminal from ending it under the running tests.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGKILL):  # for PostgreSQL, SIGINT is the fast way out
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=15)
                    break


@contextlib.contextmanager
def folder(prefix: str) -> Iterator[Path]:
    """A temporary folder that the server's user may write into."""
    place = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        if os.geteuid() == 0:
            shutil.chown(place, server_user())
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def server_user() -> str:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    return "postgres" if os.geteuid() == 0 else getpass.getuser()


def as_server(name: str) -> list[str]:
    """The words that start a program as the server's user, and let it die with us even when we are killed."""
    setpriv = shutil.which("setpriv")
    if not setpriv:
        return [program(name)]
    user = server_user()
    change = (
        [f"--reuid={user}", f"--regid={user}", "--init-groups", "--reset-env"] if os.geteuid() == 0 else []
    )
    return [setpriv, *change, "--pdeathsig=INT", program(name)]


def program(name: str) -> str:
    """Where a server's program is: the newest PostgreSQL of the machine, else the PATH."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(versions, key=lambda path: int(path.parts[4]), default=None)
    found = str(newest) if newest else shutil.which(name)
    if not found:
        sys.exit(f"{name} is missing. `make test` installs what the tests need.")
    return found


def run_as_server(name: str, *arguments: str) -> None:
    done = subprocess.run(
        [*as_server(name), *arguments], cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr or done.stdout}")


def answers(name: str, *arguments: str) -> bool:
    return subprocess.run([program(name), *arguments], cwd="/", capture_output=True).returncode == 0


def wait_for(ready: Callable[[], bool], log: Path) -> None:
    """Wait until the server answers; show what it wrote when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            sys.exit(f"The server did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
