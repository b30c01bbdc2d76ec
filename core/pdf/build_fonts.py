"""Build the certificate fonts once, from the published Noto Serif SC outlines (never at run time).

    python core/pdf/build_fonts.py noto-serif-sc-0.4.3.tgz      # file made by ``npm pack`` (name: see SOURCE)
    python core/pdf/build_fonts.py --check                      # compare the committed files with MANIFEST.json

Three files come out, byte for byte the same on every machine with the same fontTools:

* ``NotoSerifSC-Regular.ttf`` and ``NotoSerifSC-Bold.ttf``: the 8,105 characters of the Table of General
  Standard Chinese Characters (2013), everything in GB 2312, and the Latin, punctuation, full-width and
  number blocks that names, titles and dates use;
* ``NotoSerifSC-Rare.ttf``: every other character the typeface has (20,650), in the regular weight only:
  a second weight would add 10 MB for names met a few times a year, so bold text thickens these outlines.

Hints, kerning, vertical metrics and substitution tables go: documents are set horizontally, without shaping.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import tarfile
from pathlib import Path

import fontTools
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent / "fonts"
SOURCE = "@expo-google-fonts/noto-serif-sc"
SOURCE_VERSION = "0.4.3"
SOURCE_SHA512 = (
    "7d2994a62485b527b21d5e39ff6c543b2e5275f131925430c0c28dddc4230190"
    "2e8c84c70e649ba4c1c255d08c851a8c8d0b6ed19460736f6ef00f825376a47f"
)
WEIGHTS = {
    "Regular": "package/400Regular/NotoSerifSC_400Regular.ttf",
    "Bold": "package/700Bold/NotoSerifSC_700Bold.ttf",
}
STANDARD_CHARACTERS = HERE / "standard-characters.txt"

# Blocks beside the ideographs, as (first, last): what a name, a title, a serial or an address can hold.
EXTRA_BLOCKS = (
    (0x0020, 0x024F),  # Latin with every pinyin and European letter
    (0x0370, 0x045F),  # Greek and Cyrillic
    (0x1E00, 0x1EFF),  # Latin Extended Additional
    (0x2000, 0x206F),  # general punctuation
    (0x2070, 0x218F),  # superscripts, currency, letter-like, number forms
    (0x2190, 0x22FF),  # arrows, mathematical operators
    (0x2460, 0x24FF),  # enclosed numbers
    (0x2500, 0x26FF),  # boxes, geometric shapes, symbols
    (0x3000, 0x303F),  # CJK punctuation
    (0x3220, 0x33FF),  # enclosed and squared forms
    (0xFE30, 0xFE4F),  # compatibility punctuation
    (0xFF00, 0xFFEF),  # full width
)


def standard_characters() -> set[int]:
    """The 8,105 code points of the 2013 national table (committed list, from Unihan's kTGH field)."""
    lines = STANDARD_CHARACTERS.read_text(encoding="utf-8").splitlines()
    return {ord(char) for line in lines if not line.startswith("#") for char in line}


def gb2312_characters() -> set[int]:
    """Every code point of GB 2312, derived from Python's own codec."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def main_characters() -> set[int]:
    """Code points of the two main faces."""
    extra = {code for first, last in EXTRA_BLOCKS for code in range(first, last + 1)}
    return standard_characters() | gb2312_characters() | extra


def subset(source: bytes, codes: set[int], style: str) -> bytes:
    """Return a TrueType file holding only ``codes``, its PostScript name ending in ``style``."""
    font = TTFont(io.BytesIO(source), recalcTimestamp=False, lazy=False)
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "gasp", "prep"]
    options.glyph_names = False
    options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]
    options.name_languages = [0x409]
    options.notdef_outline = True
    subsetter = Subsetter(options=options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    # The reader in sfnt.py understands one character map: the complete one, format 12.
    font["cmap"].tables = [table for table in font["cmap"].tables if table.format in (4, 12)]
    glyphs = font["glyf"]
    if any(glyphs[name].isComposite() for name in font.getGlyphOrder()):
        raise SystemExit("a composite glyph: sfnt.py copies outlines one by one and cannot take it")
    font["name"].setName(f"NotoSerifSC-{style}", 6, 3, 1, 0x409)
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def read_source(archive: Path) -> dict[str, bytes]:
    """Unpack the two weights and the licence; stop when the archive is not the pinned one."""
    if hashlib.sha512(archive.read_bytes()).hexdigest() != SOURCE_SHA512:
        raise SystemExit(f"{archive.name} is not {SOURCE} {SOURCE_VERSION}")
    with tarfile.open(archive) as tar:
        wanted = {**WEIGHTS, "OFL": "package/LICENSE_FONT"}
        return {key: tar.extractfile(name).read() for key, name in wanted.items()}  # type: ignore[union-attr]


def build(archive: Path) -> dict[str, bytes]:
    """Return the three font files by name."""
    source = read_source(archive)
    codes = main_characters()
    everything = set(TTFont(io.BytesIO(source["Regular"]), lazy=True).getBestCmap())
    return {
        "NotoSerifSC-Regular.ttf": subset(source["Regular"], codes, "Regular"),
        "NotoSerifSC-Bold.ttf": subset(source["Bold"], codes, "Bold"),
        "NotoSerifSC-Rare.ttf": subset(source["Regular"], everything - codes, "Rare"),
        "OFL.txt": source["OFL"],
    }


def manifest(files: dict[str, bytes]) -> dict[str, object]:
    """Describe the files: origin, licence, tool, and for each its size, hash and number of characters."""
    entries = {}
    for name, data in sorted(files.items()):
        entries[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        if name.endswith(".ttf"):
            entries[name]["characters"] = len(TTFont(io.BytesIO(data), lazy=True).getBestCmap())
    return {
        "source": SOURCE,
        "version": SOURCE_VERSION,
        "sha512": SOURCE_SHA512,
        "licence": "OFL-1.1",
        "copyright": "(c) 2017-2024 Adobe (http://www.adobe.com/); licence text in OFL.txt",
        "fonttools": fontTools.version,
        "standard_characters": "Unicode Unihan 15.0, field kTGH (Unicode licence)",
        "files": entries,
    }


def check() -> None:
    """Stop with a message when a committed file differs from MANIFEST.json."""
    recorded = json.loads((HERE / "MANIFEST.json").read_text(encoding="utf-8"))["files"]
    for name, entry in recorded.items():
        if hashlib.sha256((HERE / name).read_bytes()).hexdigest() != entry["sha256"]:
            raise SystemExit(f"{name} differs from MANIFEST.json")


def main() -> None:
    """Command line: build from the archive given, or check what is committed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path, nargs="?", help=f"npm pack {SOURCE}@{SOURCE_VERSION}")
    parser.add_argument("--check", action="store_true", help="only compare the committed files")
    arguments = parser.parse_args()
    if arguments.check or not arguments.archive:
        check()
        return
    files = build(arguments.archive)
    for name, data in files.items():
        (HERE / name).write_bytes(data)
    text = json.dumps(manifest(files), indent=2, ensure_ascii=False) + "\n"
    (HERE / "MANIFEST.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
