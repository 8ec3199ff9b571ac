"""Draw report files as pictures, to be looked at: HTML in a browser, DOCX through LibreOffice and PDF.

What a reader meets is seen in no test of the text: a table that runs out of the page, a font that has only boxes, a heading
alone at the foot of a page. This draws every page and finds what a machine can find; somebody looks at the rest.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

NEEDED = {
    "chromium": "chromium",
    "soffice": "libreoffice-writer",
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pdffonts": "poppler-utils",
}
"""Programs, and the packages of Debian that have them."""
PATIENCE_S = 180
BOX, UNKNOWN = "\u25a1", "\ufffd"
SCREENS = {"wide": 1366, "phone": 390}

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def report_pictures(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder with report files (.html, .docx), as `minyi report … --out` wrote it."),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for the pictures.")] = Path("report-pictures"),
) -> None:
    """Draw every HTML and DOCX file of a folder, page by page, and say which pages need a second look.

    Example:  minyi report weekly --period 2026-W11 --lang zh --lang en --out reports && python -m scripts.report_pictures reports

    Exit codes: 0 all drawn and nothing found, 1 something was found, 3 a program is missing, or there is nothing to draw.
    """
    missing = sorted({package for program, package in NEEDED.items() if shutil.which(program) is None})
    if missing:
        refuse(f"apt-get install {' '.join(missing)} fonts-wqy-zenhei  # without these nothing is drawn")
    files = sorted(path for path in folder.glob("*") if path.suffix in (".html", ".docx"))
    if not files:
        refuse(f"{folder} has no .html and no .docx; write some with `minyi report`")
    out.mkdir(parents=True, exist_ok=True)
    found = 0
    for path in files:
        pages, faults = drawn(path, out)
        found += len(faults)
        typer.echo(f"{path.name}: {pages} pictures" + "".join(f"\n  ! {fault}" for fault in faults))
    typer.echo(f"{len(files)} files drawn into {out}; {found} faults found. Now look at them.")
    sys.exit(1 if found else 0)


def refuse(why: str) -> None:
    """Nothing is drawn; says why."""
    typer.echo(f"report_pictures: {why}", err=True)
    raise typer.Exit(3)


def drawn(path: Path, out: Path) -> tuple[int, list[str]]:
    """How many pictures there are of a file, and what a machine finds wrong with it."""
    if path.suffix == ".html":
        pdf, screens = out / f"{path.name}.pdf", list(screenshots(path, out))
        run("chromium", *HEADLESS, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", path.resolve().as_uri())
    else:
        run("soffice", "--headless", "--convert-to", "pdf", "--outdir", str(out / "docx"), str(path))
        pdf, screens = out / f"{path.name}.pdf", []
        (out / "docx" / f"{path.stem}.pdf").replace(pdf)
    run("pdftoppm", "-r", "60", "-png", str(pdf), str(out / path.name))
    pages = sorted(out.glob(f"{path.name}-*.png"))
    return len(pages) + len(screens), list(faults_of(pdf))


HEADLESS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")


def screenshots(path: Path, out: Path) -> Iterator[Path]:
    """The page as on the two screens that it is made for."""
    for name, width in SCREENS.items():
        shot = out / f"{path.name}.{name}.png"
        run(
            "chromium",
            *HEADLESS,
            f"--window-size={width},3000",
            f"--screenshot={shot}",
            path.resolve().as_uri(),
        )
        yield shot


def faults_of(pdf: Path) -> Iterator[str]:
    """Characters that no font had, fonts that are not in the file, pages with nothing but a line on them."""
    text = run("pdftotext", "-layout", str(pdf), "-")
    if BOX in text or UNKNOWN in text:
        yield "a character stands as a box"
    pages = text.split("\f")[:-1]
    for number, page in enumerate(pages, 1):
        lines = [line for line in page.splitlines() if line.strip() and not line.strip().startswith("—")]
        if len(pages) > 1 and len(lines) < 2:
            yield f"page {number} has next to nothing on it"
        if lines and number < len(pages) and is_heading(lines[-1]):
            yield f"page {number} ends with a heading: {lines[-1].strip()}"
    for line in run("pdffonts", str(pdf)).splitlines()[2:]:
        if line.split()[-5] == "no":
            yield f"font not in the file: {line.split()[0]}"


def is_heading(line: str) -> bool:
    """一、 or （一）, and nothing that ends like a sentence."""
    said = line.strip()
    numbered = (said[:1] in "一二三四五六七八九十" and "、" in said[:4]) or said.startswith("（")
    return numbered and not said.endswith(("。", "；", "."))


def run(program: str, *words: str) -> str:
    """What a program says. Ends the script where it fails."""
    done = subprocess.run([program, *words], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    if done.returncode:
        typer.echo(f"report_pictures: {program} failed:\n{done.stderr[-2000:]}", err=True)
        raise typer.Exit(3)
    return done.stdout


if __name__ == "__main__":
    app()
