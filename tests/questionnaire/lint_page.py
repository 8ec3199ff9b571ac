"""The part of docs/lint.md that lists the rules, as the table of rules has it."""

from survey.questionnaire.lint import rules

FROM = "\n## The rules\n"


def rules_as_page() -> str:
    return "".join(
        f"\n### {name}\n\n{rule.severity}: {rule.what}\n\nWhy: {rule.why}\n\n"
        f"What to do: {_shown(rule.remedy.en)}. {_shown(rule.remedy.zh)}。\n"
        for name, rule in rules().items()
    )


def _shown(sentence: str) -> str:
    """Braces as a reader writes them."""
    return sentence.replace("{{", "{").replace("}}", "}")
