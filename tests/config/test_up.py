"""`manage.py up`: one process that serves at once, ends when it is asked to, and finds everything again."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 420  # seconds; the first start migrates and loads the demo, and a busy machine is slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(var: Path, port: int) -> subprocess.Popen[str]:
    """The product as `make run` starts it, on SQLite in a folder of its own."""
    away = {"DATABASE_URL", "REDIS_URL", "TEST_REDIS_URL", "PRODUCTION"}
    environment = {name: value for name, value in os.environ.items() if name not in away}
    environment |= {"VAR_DIR": str(var), "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
                assert "薪火" in answer.read().decode()
                return process
        except (URLError, ConnectionError, TimeoutError):
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.3)
    process.kill()
    raise AssertionError("it does not answer")


def end(process: subprocess.Popen[str], how: signal.Signals) -> str:
    process.send_signal(how)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0, said
    return said


@pytest.mark.skipif(os.environ.get("DATABASE_URL") is not None, reason="it is the SQLite start that is shown")
def test_it_starts_with_the_demo_says_who_can_sign_in_and_ends_when_told(tmp_path: Path) -> None:
    port = free_port()
    said = end(start(tmp_path, port), signal.SIGTERM)
    assert f"http://127.0.0.1:{port}" in said
    assert "graduate@example.com" in said
    assert (
        said.index("Preparing the database") < said.index("Loading the sample data") < said.index(str(port))
    )
    assert said.rstrip().endswith("Stopped.")
    kept = (tmp_path / "demo-accounts.json").read_bytes()
    again = end(start(tmp_path, port), signal.SIGINT)
    assert "graduate@example.com" in again
    assert "Loading the sample data" not in again
    assert (tmp_path / "demo-accounts.json").read_bytes() == kept
    assert oct((tmp_path / "demo-accounts.json").stat().st_mode)[-3:] == "600"
