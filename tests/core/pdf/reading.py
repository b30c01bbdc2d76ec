"""Read finished PDFs the way others do: with poppler, qpdf, zbar and OpenCV."""

import shutil
import subprocess
from pathlib import Path

import cv2
import numpy
import pytest


def run_tool(pdf: bytes, folder: Path, tool: str, *arguments: str) -> str:
    """Run ``tool`` on the file (``{}`` in the arguments) and return what it prints; it must succeed."""
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")
    file = folder / "document.pdf"
    file.write_bytes(pdf)
    command = [tool, *(argument.replace("{}", str(file)) for argument in arguments)]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def text_of(pdf: bytes, folder: Path) -> str:
    """All text, as a reader would copy it."""
    return run_tool(pdf, folder, "pdftotext", "-enc", "UTF-8", "{}", "-")


def fonts_of(pdf: bytes, folder: Path) -> list[list[str]]:
    """One row for each font: name, …, embedded, subset, with a ToUnicode map, object, generation."""
    return [line.split() for line in run_tool(pdf, folder, "pdffonts", "{}").splitlines()[2:]]


def picture_of(pdf: bytes, folder: Path, dpi: int) -> Path:
    """The first page as a PNG file."""
    run_tool(
        pdf, folder, "pdftoppm", "-r", str(dpi), "-gray", "-png", "-singlefile", "{}", str(folder / "page")
    )
    return folder / "page.png"


def pixels_of(pdf: bytes, folder: Path, dpi: int) -> numpy.ndarray:
    """The first page as grey levels, 0 for black."""
    return cv2.imread(str(picture_of(pdf, folder, dpi)), cv2.IMREAD_GRAYSCALE)
