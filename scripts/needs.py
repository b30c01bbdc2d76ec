"""Make sure that the machine has the programs which the tests drive: install them with apt, or say what to type.

usage: python scripts/needs.py
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def has_postgres() -> bool:
    """Debian keeps the server's programs out of the PATH, one folder per version."""
    return bool(shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


def has_chinese_fonts() -> bool:
    """Without a Chinese font, screenshots show boxes and every text is of the wrong width."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True).stdout.strip())


def program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


NEEDS: dict[str, Callable[[], bool]] = {
    "chromium": program("chromium", "chromium-browser", "google-chrome"),
    "fontconfig": program("fc-list"),
    "fonts-noto-cjk": has_chinese_fonts,
    "gettext": program("xgettext"),
    "poppler-utils": program("pdftotext"),
    "postgresql": has_postgres,
    "qpdf": program("qpdf"),
    "redis-server": program("redis-server"),
    "zbar-tools": program("zbarimg"),
}


def main() -> None:
    missing = [package for package, present in NEEDS.items() if not present()]
    if missing and not (install(missing) and all(NEEDS[package]() for package in missing)):
        sys.exit(
            "The tests need programs that this machine lacks. Type this line, then try again:\n"
            f"    sudo apt-get update && sudo apt-get install -y {' '.join(missing)}"
        )


def install(packages: list[str]) -> bool:
    """Install with apt as root or with a sudo that asks no password; False where that may not be."""
    if not shutil.which("apt-get"):
        return False
    root = os.geteuid() == 0
    if not root and not (shutil.which("sudo") and quietly("sudo", "-n", "true")):
        return False
    prefix = [] if root else ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"]
    print(f"Installing {', '.join(packages)} …", flush=True)
    quietly(*prefix, "apt-get", "update")
    return quietly(*prefix, "apt-get", "install", "-y", "--no-install-recommends", *packages)


def quietly(*command: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    main()
