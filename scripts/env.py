"""Make .venv from the hashed lock files, on a machine that has nothing but Python 3.11.

usage: python3.11 scripts/env.py dev|prod|locks

    dev     everything to run, test and check (requirements-dev.lock)
    prod    only what a server needs (requirements.lock)
    locks   write both lock files anew from pyproject.toml

Only the standard library: this runs before anything is installed.
"""

import configparser
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOL = ROOT / ".uv"  # uv's own place, when the machine has no uv
LOCKS = {"prod": "requirements.lock", "dev": "requirements-dev.lock"}


def main(arguments: list[str]) -> None:
    if sys.version_info[:2] != (3, 11):
        sys.exit(
            f"Python 3.11 is needed, this is {sys.version.split()[0]}. On Debian 12: sudo apt-get install python3"
        )
    wish = arguments[0] if arguments else "dev"
    if wish == "locks":
        write_locks()
    elif wish in LOCKS:
        install(wish)
    else:
        sys.exit(__doc__)


def install(kind: str) -> None:
    """Install one lock file into .venv; nothing happens when it is the one already there."""
    lock = ROOT / LOCKS[kind]
    stamp = VENV / f".installed-{kind}"
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    uv = find_uv()
    if not (VENV / "bin" / "python").exists():
        run(uv, "venv", "--quiet", "--python", sys.executable, str(VENV))
    print(f"Installing {lock.name} into .venv …", flush=True)
    # Compiled now, or else every start would compile again wherever Python may not write beside its libraries.
    options = ["--quiet", "--compile-bytecode", "--require-hashes", "--python", str(VENV / "bin" / "python")]
    run(uv, "pip", "install", *options, "-r", str(lock))
    stamp.write_text(wanted)


def write_locks() -> None:
    """Compile both lock files. The development lock holds exactly the versions of the production lock."""
    uv = find_uv()
    common = (
        "--quiet", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--python-version", "3.11",
        "--custom-compile-command", "make locks",
    )  # fmt: skip
    run(uv, "pip", "compile", "pyproject.toml", *common, "-o", LOCKS["prod"])
    run(
        uv,
        "pip",
        "compile",
        "pyproject.toml",
        *common,
        "--group",
        "dev",
        "-c",
        LOCKS["prod"],
        "-o",
        LOCKS["dev"],
    )


def find_uv() -> str:
    """The path of a uv: the machine's own, or ours in .uv, put there in the first way that works."""
    for place in (shutil.which("uv"), TOOL / "bin" / "uv"):
        if place and Path(place).exists():
            return str(place)
    for attempt in (uv_by_venv, uv_by_pip, uv_after_apt):
        shutil.rmtree(TOOL, ignore_errors=True)
        if attempt() and (TOOL / "bin" / "uv").exists():
            return str(TOOL / "bin" / "uv")
    shutil.rmtree(TOOL, ignore_errors=True)
    sys.exit(
        "uv could not be installed. Type this line, then try again:\n    sudo apt-get install -y python3-venv"
    )


def uv_by_venv() -> bool:
    if importlib.util.find_spec("ensurepip") is None:
        return False
    made = quiet(sys.executable, "-m", "venv", str(TOOL))
    return made and quiet(str(TOOL / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv")


def uv_by_pip() -> bool:
    if importlib.util.find_spec("pip") is None:
        return False
    return quiet(sys.executable, "-m", "pip", "install", "--quiet", "--target", str(TOOL), "uv")


def uv_after_apt() -> bool:
    """Debian ships Python without venv: install that where we may, without asking anyone for a password."""
    if not shutil.which("apt-get"):
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and not (shutil.which("sudo") and quiet(*sudo, "true")):
        return False
    quiet(*sudo, "apt-get", "update")
    return (
        quiet(*sudo, "apt-get", "install", "-y", "--no-install-recommends", "python3-venv") and uv_by_venv()
    )


def run(*command: str) -> None:
    """Run a uv command in the repository; end the whole script with its code when it fails."""
    code = subprocess.run(command, cwd=ROOT, env=uv_environment(), stdin=subprocess.DEVNULL).returncode
    if code:
        sys.exit(code)


def quiet(*command: str) -> bool:
    """Run a command that may fail; its complaints are shown only when it does."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    except OSError:
        return False
    if done.returncode:
        print(done.stderr.strip() or done.stdout.strip(), file=sys.stderr)
    return done.returncode == 0


def uv_environment() -> dict[str, str]:
    """The environment for uv, with the package index of pip.conf: uv reads its own settings, but not pip's.

    Settings made for uv itself (UV_… variables, uv.toml) always win.
    """
    environment = {"UV_HTTP_TIMEOUT": "180", **os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    environment.pop("VIRTUAL_ENV", None)
    pip = pip_settings()
    if pip.get("cert"):
        environment.setdefault("SSL_CERT_FILE", pip["cert"])
    own = {"UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_NO_INDEX", "UV_CONFIG_FILE", "UV_OFFLINE"}
    if own & environment.keys() or any(place.exists() for place in uv_files()):
        return environment
    if pip.get("no-index", "").lower() in {"1", "true", "yes", "on"}:
        environment["UV_NO_INDEX"] = "1"
        environment["UV_FIND_LINKS"] = ",".join(pip.get("find-links", "").split())
    elif pip.get("index-url"):
        environment["UV_DEFAULT_INDEX"] = pip["index-url"]
    return environment


def uv_files() -> list[Path]:
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return [Path("/etc/uv/uv.toml"), config / "uv" / "uv.toml", ROOT / "uv.toml"]


def pip_settings() -> dict[str, str]:
    """What pip would use: its files in rising precedence, then the PIP_… variables."""
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = [
        Path("/etc/xdg/pip/pip.conf"),
        Path("/etc/pip.conf"),
        home / ".pip" / "pip.conf",
        config / "pip" / "pip.conf",
        Path(sys.prefix) / "pip.conf",
        Path(os.environ.get("PIP_CONFIG_FILE") or os.devnull),
    ]
    parser = configparser.RawConfigParser()
    parser.read(files, encoding="utf-8")
    found: dict[str, str] = {}
    for section in ("global", "install"):
        if parser.has_section(section):
            found.update(parser.items(section))
    found.update(
        {key[4:].lower().replace("_", "-"): value for key, value in os.environ.items() if key[:4] == "PIP_"}
    )
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
