"""How static files are kept in production: hashed and compressed, but for vendored players that are read as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Their styles name fonts in forms that no browser of today asks for, and that are not sent; the content's own host serves them.
AS_THEY_ARE = "vendor/h5p-standalone-"


class HouseStorage(CompressedManifestStaticFilesStorage):
    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        hashed = {
            name: at for name, at in paths.items() if not PurePath(name).as_posix().startswith(AS_THEY_ARE)
        }
        yield from super().post_process(hashed, *args, **options)
