import json
from pathlib import Path

from core.ui import vendored


def test_every_vendored_file_is_listed_whole_and_licensed() -> None:
    assert vendored.problems() == []


def test_every_entry_says_where_it_came_from() -> None:
    for entry in vendored.manifest():
        assert entry["name"]
        assert entry["version"]
        assert entry["licence"]
        assert entry["source"]


def _folder(tmp_path: Path, code: bytes) -> Path:
    (tmp_path / "thing-1.0").mkdir()
    (tmp_path / "thing-1.0/thing.js").write_bytes(code)
    (tmp_path / "thing-1.0/LICENSE.txt").write_text("MIT")
    entry = {
        "name": "thing",
        "version": "1.0",
        "licence": "MIT",
        "source": "npm thing",
        "files": {"thing.js": ""},
    }
    (tmp_path / "MANIFEST.json").write_text(json.dumps([entry]))
    return tmp_path


def test_refreshing_strips_source_maps_and_fills_in_the_integrity(tmp_path: Path) -> None:
    root = _folder(tmp_path, b"run();\n//# sourceMappingURL=thing.js.map\n")
    vendored.main(root)
    assert (root / "thing-1.0/thing.js").read_bytes() == b"run();\n"
    assert vendored.problems(root) == []


def test_a_changed_file_and_a_stranger_are_reported(tmp_path: Path) -> None:
    root = _folder(tmp_path, b"run();\n")
    vendored.main(root)
    (root / "thing-1.0/thing.js").write_bytes(b"steal();\n")
    (root / "thing-1.0/other.js").write_bytes(b"")
    assert vendored.problems(root) == [
        "thing-1.0/thing.js does not match its integrity",
        "thing-1.0/other.js is not in the manifest",
    ]
