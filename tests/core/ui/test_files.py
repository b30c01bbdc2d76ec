"""Budgets and habits of our own style sheets, scripts and templates."""

import re
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "core/static/core"


def test_all_style_sheets_together_stay_small_when_compressed() -> None:
    data = b"".join(path.read_bytes() for path in sorted((STATIC / "css").glob("*.css")))
    assert len(zlib.compress(data, 9)) < 25_000  # deflate: brotli is smaller still


def test_our_scripts_stay_under_eight_kilobytes() -> None:
    assert sum(path.stat().st_size for path in (STATIC / "js").glob("*.js")) <= 8 * 1024


def test_style_sheets_use_only_what_older_phones_understand() -> None:
    for path in (STATIC / "css").glob("*.css"):
        css = path.read_text()
        for word in ("@layer", "oklch", "color-mix", ":has(", "@container", "&", "dvh", "inset:", "subgrid"):
            assert word not in css, f"{word} in {path.name}"


def test_components_take_every_colour_from_the_tokens() -> None:
    for name in ("base.css", "layout.css", "components.css"):
        css = re.sub(r'url\("[^"]*"\)', "", (STATIC / "css" / name).read_text())
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])", css) in ([], ["#000"])  # #000: behind a video


def test_motion_stays_under_a_fifth_of_a_second() -> None:
    tokens = (STATIC / "css/tokens.css").read_text()
    assert all(float(ms) < 200 for ms in re.findall(r"--(?:quick|calm): ([\d.]+)ms", tokens))


def test_templates_hold_no_inline_style_script_or_foreign_host() -> None:
    allowed = ("https://beian.miit.gov.cn/", "https://beian.mps.gov.cn/")
    for path in (ROOT / "core/templates").glob("**/*.html"):
        html = path.read_text()
        assert not re.search(
            r"\sstyle=|\son(click|change|submit|load|input)=|<style|<script(?![^>]*\bsrc=)(?! nonce=.\{% script_nonce %\})",
            html,
        ), path
        hosts = [url for url in re.findall(r"https?://[^\s\"'<]+", html) if not url.startswith(allowed)]
        assert hosts == [], path
