"""What is wrong with a questionnaire before anybody is asked by it. docs/lint.md lists the rules."""

from survey.questionnaire.lint.checking import lint, lint_yaml
from survey.questionnaire.lint.finding import Finding, Severity
from survey.questionnaire.lint.length import Estimate, estimate
from survey.questionnaire.lint.rendering import render, to_json
from survey.questionnaire.lint.rules import Rule, rules

__all__ = [
    "Estimate",
    "Finding",
    "Rule",
    "Severity",
    "estimate",
    "lint",
    "lint_yaml",
    "render",
    "rules",
    "to_json",
]
