"""Check the foreign files that are committed with us: each listed, unchanged, licensed, without source-map links.

usage: python -m scripts.check_vendored [--list]

Every folder static/vendor/<name>-<version>/ stands in static/vendor/manifest.json:

    {"htmx-2.0.4": {"licence": "0BSD", "source": "npm htmx.org 2.0.4", "files": {"htmx.min.js": "sha384-…"}}}

    --list      print the "files" part as it is on disk now, for a new entry
"""

import base64
import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(rb"sourceMappingURL")
TEXTS = {".js", ".mjs", ".css"}


def integrity(path: Path) -> str:
    """The digest in the form of the integrity attribute of HTML."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def on_disk(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): integrity(path) for path in files}


def faults_of(vendor: Path) -> list[str]:
    """What is wrong in one vendor folder, one sentence each."""
    name = vendor.relative_to(ROOT)
    manifest = vendor / "manifest.json"
    folders = {path.name for path in vendor.iterdir() if path.is_dir()}
    if not manifest.exists():
        return [f"{name}: manifest.json is missing"] if folders else []
    listed = json.loads(manifest.read_text(encoding="utf-8"))
    faults = [f"{name}/{extra}: not in manifest.json" for extra in sorted(folders - listed.keys())]
    for entry, facts in sorted(listed.items()):
        folder = vendor / entry
        found = on_disk(folder) if folder.is_dir() else {}
        faults += [f"{name}/{entry}: no {field}" for field in ("licence", "source") if not facts.get(field)]
        for file in sorted(found.keys() | facts["files"].keys()):
            if found.get(file) != facts["files"].get(file):
                faults.append(f"{name}/{entry}/{file}: other than in manifest.json")
            elif (folder / file).suffix in TEXTS and LINK.search((folder / file).read_bytes()):
                faults.append(f"{name}/{entry}/{file}: has a sourceMappingURL, which sends browsers after a missing file")
    return faults


def main(show: bool) -> int:
    vendors = [path for path in sorted(ROOT.glob("*/static/vendor")) if path.is_dir()]
    if show:
        shown = {folder.name: on_disk(folder) for vendor in vendors for folder in vendor.iterdir() if folder.is_dir()}
        print(json.dumps(shown, indent=2))
        return 0
    faults = [fault for vendor in vendors for fault in faults_of(vendor)]
    print("\n".join(faults) or "The vendored files are as listed.")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main("--list" in sys.argv[1:]))
