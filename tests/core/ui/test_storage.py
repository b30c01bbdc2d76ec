"""All static files can be collected as production does it: each file that a style names is there."""

import json

from django.core.files.storage import storages
from django.core.management import call_command


def test_static_files_are_collected_as_production_does(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "core.ui.storage.HouseStorage"}}
    assert type(storages["staticfiles"]).__name__ == "HouseStorage"

    call_command("collectstatic", interactive=False, verbosity=0)

    hashed = json.loads((tmp_path / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    assert hashed["lms/player.js"] != "lms/player.js"
    assert (tmp_path / "vendor" / "h5p-standalone-3.8.0" / "styles" / "h5p.css").exists()
