"""How the files of a package are handed out: as what, and under which policy the browser runs them."""

from __future__ import annotations

from pathlib import PurePosixPath

# Of texts no character set is named: many packages are in GBK and say so themselves.
TYPES = {
    "html": "text/html",
    "htm": "text/html",
    "xhtml": "application/xhtml+xml",
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "json": "application/json",
    "map": "application/json",
    "webmanifest": "application/manifest+json",
    "wasm": "application/wasm",
    "xml": "application/xml",
    "xsd": "application/xml",
    "xsl": "application/xml",
    "txt": "text/plain",
    "md": "text/plain",
    "csv": "text/csv",
    "pdf": "application/pdf",
    "vtt": "text/vtt",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "ico": "image/x-icon",
    "cur": "image/x-icon",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "wav": "audio/wav",
    "aac": "audio/aac",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "ogv": "video/ogg",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "otf": "font/otf",
}
UNKNOWN = "application/octet-stream"
SANDBOX = "allow-scripts allow-same-origin allow-forms"


def type_of(name: str) -> str:
    """The MIME type of a file of a package."""
    return TYPES.get(PurePosixPath(name).suffix.lower().removeprefix("."), UNKNOWN)


def content_policy(base: str, site: str) -> str:
    """The policy of what is in a package: its scripts may do what they like with its own files, and reach nothing else,
    not even other addresses of their own host. `base` ends with a stroke; `site` is the origin that may show it."""
    own = f"{base} 'unsafe-inline' 'unsafe-eval' data: blob:"
    return "; ".join(
        [
            f"default-src {own}",
            f"connect-src {base} data: blob:",
            f"frame-src {base} data: blob:",
            f"worker-src {base} blob:",
            "form-action 'none'",
            f"base-uri {base}",
            f"frame-ancestors {site} {_origin(base)}",
            f"sandbox {SANDBOX}",
        ]
    )


def player_policy(base: str, site: str) -> str:
    """The policy of the page between the lesson and the content: our two scripts, and a frame with the content."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {base}player/",
            f"style-src {base}player/",
            f"frame-src {base} about:",
            "form-action 'none'",
            "base-uri 'none'",
            f"frame-ancestors {site}",
            f"sandbox {SANDBOX}",
        ]
    )


def _origin(base: str) -> str:
    scheme, _, rest = base.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
