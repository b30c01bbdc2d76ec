"""Other people's browser files under static/vendor/<name>-<version>/, listed in one manifest with their integrity.

Add an entry to MANIFEST.json (name, version, licence, source, files), then run  python -m core.ui.vendored
to strip source-map comments and fill in the integrity. tests/core/ui/test_vendored.py keeps it honest.
"""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent / "static/vendor"
_SOURCE_MAP = re.compile(
    rb"(?m)^[ \t]*(//[#@] ?sourceMappingURL=\S+|/\*[#@] ?sourceMappingURL=.*?\*/)[ \t]*\r?\n?"
)


def integrity(data: bytes) -> str:
    """The sha384 value as browsers write it in `integrity`."""
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()


def manifest(root: Path = ROOT) -> list[dict[str, Any]]:
    """The entries of the manifest, in their written order."""
    entries: list[dict[str, Any]] = json.loads((root / "MANIFEST.json").read_text(encoding="utf-8"))
    return entries


def problems(root: Path = ROOT) -> list[str]:
    """What is wrong with the folder, in words; an empty list when all is well."""
    found, listed = [], set()
    for entry in manifest(root):
        folder = f"{entry['name']}-{entry['version']}"
        for name, expected in entry["files"].items():
            path = root / folder / name
            listed.add(path)
            if not path.is_file():
                found.append(f"{folder}/{name} is listed but missing")
            elif integrity(path.read_bytes()) != expected:
                found.append(f"{folder}/{name} does not match its integrity")
            elif _SOURCE_MAP.search(path.read_bytes()):
                found.append(f"{folder}/{name} still names a source map")
        if not (root / folder / "LICENSE.txt").is_file():
            found.append(f"{folder} has no LICENSE.txt")
    code = {path for path in root.glob("*/**/*") if path.suffix in {".js", ".css", ".mjs"}}
    return found + [f"{path.relative_to(root)} is not in the manifest" for path in sorted(code - listed)]


def main(root: Path = ROOT) -> None:
    """Strip source-map comments from the listed files and write their integrity."""
    entries = manifest(root)
    for entry in entries:
        for name in entry["files"]:
            path = root / f"{entry['name']}-{entry['version']}" / name
            path.write_bytes(_SOURCE_MAP.sub(b"", path.read_bytes()))
            entry["files"][name] = integrity(path.read_bytes())
    (root / "MANIFEST.json").write_text(
        json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
