"""What becomes of each given form, as text. `python tests/questionnaire/xlsform_verdicts.py` writes it anew."""

from __future__ import annotations

from pathlib import Path

from survey.questionnaire.xlsform import Dropped, FormRefused, read_form

FILE = Path(__file__).parent / "xlsforms" / "given_forms.txt"


def verdict(file: Path) -> str:
    """A line for the form: what is asked, or that it is refused; and a line for each feature at its place."""
    try:
        conversion = read_form(file.read_bytes(), file.name)
    except FormRefused as refusal:
        return "\n".join([f"{file.name}: refused", *map(_line, refusal.faults), ""])
    asked = " ".join(item.id for item in conversion.questionnaire.questions)
    return "\n".join([f"{file.name}: asks {asked}", *map(_line, conversion.dropped), ""])


def _line(one: Dropped) -> str:
    place = one.place.cell or f"{one.place.line}:{one.place.column}"
    return f"  {place} {one.feature}{f' ({one.name})' if one.name else ''}: {one.effect}"


def forms_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.name != "README.md")


def expected() -> dict[str, str]:
    """By file name."""
    parts = FILE.read_text("utf-8").split("\n\n")
    return {part.split(":", 1)[0]: part.rstrip("\n") + "\n" for part in parts if part.strip()}


if __name__ == "__main__":
    given = Path(__file__).resolve().parents[3] / "shared" / "forms"
    FILE.write_text("\n".join(verdict(file) for file in forms_in(given)), "utf-8")
