"""Build the certificate fonts once, from the published Noto Serif outlines (never at run time).

    python core/pdf/build_fonts.py FOLDER      # with the archives that ``npm pack`` makes of SOURCES
    python core/pdf/build_fonts.py --check     # compare the committed files with MANIFEST.json

Three files come out, byte for byte the same on every machine with the same fontTools:

* ``NotoSerifSC-Regular.ttf`` and ``NotoSerifSC-Bold.ttf``: the 8,105 characters of the Table of General
  Standard Chinese Characters (2013), everything in GB 2312, and the Latin, punctuation, full-width and
  number blocks that names, titles and dates use;
* ``NotoSerifSC-Rare.ttf``: every other character the typeface has (20,650), and what only its sisters have: characters of
  Hong Kong and Macao, such as 𠮷 of Japan, and the European letters of foreigners' names. In the regular weight only:
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
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent / "fonts"
SOURCES = {  # what npm serves, its version, and the SHA-512 of the archive that `npm pack` makes of it
    "@expo-google-fonts/noto-serif-sc": (
        "0.4.3",
        "7d2994a62485b527b21d5e39ff6c543b2e5275f131925430c0c28dddc4230190"
        "2e8c84c70e649ba4c1c255d08c851a8c8d0b6ed19460736f6ef00f825376a47f",
    ),
    "@expo-google-fonts/noto-serif-hk": (
        "0.4.3",
        "4e01bc235235707d59760c851869f13334fd3a26e7242ba30fcca49ade71dece"
        "15f3fc5c48e2c5f23857f6836bdaf15e0031657359dfd059f92fefd9a962f2ed",
    ),
    "@expo-google-fonts/noto-serif-jp": (
        "0.4.3",
        "2311163bd04fba0b32b8e7f9ec1c75aa447827c1271a717464f04138fc856b5a"
        "89c9f5bc0dcbb09f938819af689be3e114ed7f1357508d90b282a698eae02e6e",
    ),
    "@expo-google-fonts/noto-serif": (
        "0.4.2",
        "d71bc061e82bb690ae3cfba74b286f855f451d61330968e2904a14264bc7b7e5"
        "96bedfa1ee52abfaf917369ab01503385b72a35ce71c7cb779b34e312cc8e30d",
    ),
}
MAIN, *SISTERS = SOURCES
LETTERS = ((0x00A0, 0x024F), (0x0370, 0x045F), (0x1E00, 0x1EFF))  # of the sister that has no ideographs
WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold"}
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


def with_sisters(rare: bytes, present: set[int], sisters: list[bytes]) -> bytes:
    """Return the rare face with the characters that only its sisters have, the first sister's before the next one's. Composite
    outlines are made simple ones; ``present`` are the code points that need none."""
    font = TTFont(io.BytesIO(rare), recalcTimestamp=False, lazy=False)
    order, outlines, metrics = list(font.getGlyphOrder()), font["glyf"], font["hmtx"]
    maps = font["cmap"].tables
    known = set(present)
    for source in sisters:
        sister = TTFont(io.BytesIO(source), lazy=True)
        if sister["head"].unitsPerEm != font["head"].unitsPerEm:
            raise SystemExit("a sister of another scale")
        glyphs, names = sister.getGlyphSet(), sister.getBestCmap()
        for code in sorted(code for code in names if _is_wanted(code) and code not in known):
            drawn = DecomposingRecordingPen(glyphs)
            glyphs[names[code]].draw(drawn)
            pen = TTGlyphPen(None)
            drawn.replay(pen)
            name, glyph = f"u{code:05X}", pen.glyph()
            outlines[name] = glyph
            glyph.recalcBounds(outlines)
            metrics[name] = (sister["hmtx"][names[code]][0], getattr(glyph, "xMin", 0))
            order.append(name)
            for table in maps:
                if table.format == 12 or code <= 0xFFFF:
                    table.cmap[code] = name
            known.add(code)
    font.setGlyphOrder(order)
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def _is_wanted(code: int) -> bool:
    """Ideographs, and the letters that names of other countries are written with."""
    is_letter = any(first <= code <= last for first, last in LETTERS)
    return is_letter or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or code >= 0x20000


def read_source(folder: Path, package: str, styles: list[str]) -> dict[str, bytes]:
    """Unpack the weights and the licence of one archive; stop when it is not the pinned one."""
    version, digest = SOURCES[package]
    name = package.rpartition("/")[2]
    archive = folder / f"expo-google-fonts-{name}-{version}.tgz"
    if hashlib.sha512(archive.read_bytes()).hexdigest() != digest:
        raise SystemExit(f"{archive.name} is not {package} {version}")
    family = "NotoSerif" + name.removeprefix("noto-serif").removeprefix("-").upper()
    wanted = {style: f"package/{WEIGHTS[style]}/{family}_{WEIGHTS[style]}.ttf" for style in styles}
    with tarfile.open(archive) as tar:
        wanted["OFL"] = "package/LICENSE_FONT"
        return {key: tar.extractfile(path).read() for key, path in wanted.items()}  # type: ignore[union-attr]


def build(folder: Path) -> dict[str, bytes]:
    """Return the three font files by name, and their licences."""
    source = read_source(folder, MAIN, ["Regular", "Bold"])
    sisters = [read_source(folder, package, ["Regular"]) for package in SISTERS]
    codes = main_characters()
    everything = set(TTFont(io.BytesIO(source["Regular"]), lazy=True).getBestCmap())
    rare = subset(source["Regular"], everything - codes, "Rare")
    licences = [source["OFL"], *(each["OFL"] for each in sisters)]
    owners = list(dict.fromkeys(licence.splitlines()[0].strip() for licence in licences))
    return {
        "NotoSerifSC-Regular.ttf": subset(source["Regular"], codes, "Regular"),
        "NotoSerifSC-Bold.ttf": subset(source["Bold"], codes, "Bold"),
        "NotoSerifSC-Rare.ttf": with_sisters(rare, everything, [each["Regular"] for each in sisters]),
        "OFL.txt": b"\n".join([*owners[1:], source["OFL"]]),
    }


def manifest(files: dict[str, bytes]) -> dict[str, object]:
    """Describe the files: origin, licence, tool, and for each its size, hash and number of characters."""
    entries = {}
    for name, data in sorted(files.items()):
        entries[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        if name.endswith(".ttf"):
            entries[name]["characters"] = len(TTFont(io.BytesIO(data), lazy=True).getBestCmap())
    return {
        "sources": {name: {"version": one, "sha512": digest} for name, (one, digest) in SOURCES.items()},
        "licence": "OFL-1.1",
        "copyright": "Adobe (http://www.adobe.com/), Google Inc. and the Noto Project Authors; licence text in OFL.txt",
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
    """Command line: build from the archives given, or check what is committed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", help=f"with the archives of {', '.join(SOURCES)}")
    parser.add_argument("--check", action="store_true", help="only compare the committed files")
    arguments = parser.parse_args()
    if arguments.check or not arguments.folder:
        check()
        return
    files = build(arguments.folder)
    for name, data in files.items():
        (HERE / name).write_bytes(data)
    text = json.dumps(manifest(files), indent=2, ensure_ascii=False) + "\n"
    (HERE / "MANIFEST.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
