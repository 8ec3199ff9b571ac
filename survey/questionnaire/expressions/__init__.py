"""XLSForm's expression language, in the subset that docs/expressions.md states: `${Q1} = '3' or selected(${Q2}, 'a')`."""

from survey.questionnaire.expressions.errors import ExpressionError
from survey.questionnaire.expressions.expression import Expression, compile_expression
from survey.questionnaire.expressions.functions import FUNCTIONS, REFUSED
from survey.questionnaire.expressions.known import Known

__all__ = ["FUNCTIONS", "REFUSED", "Expression", "ExpressionError", "Known", "compile_expression"]
