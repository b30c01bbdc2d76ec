"""What the machine tells the settings: environment variables, and the two keys kept in the data folder."""

import os
import secrets
from pathlib import Path


def flag(name: str, default: bool = False) -> bool:
    """Whether the environment variable says yes (1, true, yes, on)."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated words of an environment variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def kept_key(name: str, path: Path) -> str:
    """The secret named in the environment, or else one made once and kept in `path`, readable by its owner only.

    Two processes starting together agree: the file is created exclusively, and the loser reads the winner's.
    """
    if value := os.environ.get(name):
        return value
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(scratch, path)
        except FileExistsError:
            pass
        finally:
            scratch.unlink()
    return path.read_text(encoding="ascii").strip()
