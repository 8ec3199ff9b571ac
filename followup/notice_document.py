"""Who is told what, by which way and in which words, as a table for people: made from policy `notices`. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from followup.notice_templates import Template, notice_policy, text_of, title_of

TO = {
    "liaison": "联络员 liaison",
    "leader": "分管领导 leader",
    "duty": "值班 duty",
    "resident": "反映人 resident",
}
WAYS = {"text": "短信 text", "mail": "邮件 mail"}


def table() -> str:
    """One row a template, in the order of the policy."""
    rows = [_row(key, template) for key, template in notice_policy().templates.items()]
    return "\n".join(
        ["| Template | 标题 title | To | Ways | Receipt | As a text |", "|---|---|---|---|---|---|", *rows]
    )


def _row(key: str, template: Template) -> str:
    facts = {**template.example, "centre": "遂澜县社情民意调查中心", "query_code": "K7Q2M9XA"}
    title = f"{title_of(template, facts, 'zh')} {title_of(template, facts, 'en')}"
    cells = [
        f"`{key}`",
        title,
        TO[template.to],
        " → ".join(_ways(template)),
        f"{template.receipt_hours:g} h" if template.receipt_hours is not None else "",
        text_of(template, facts, "zh"),
    ]
    return "| " + " | ".join(" ".join(cell.replace("|", "/").split()) for cell in cells) + " |"


def _ways(template: Template) -> Iterator[str]:
    for channel in template.channels:
        yield WAYS[channel]
    yield "电话告知 call" if template.to == "resident" else "督导台 supervisor"
