"""XLSForm both ways: read by pyxform with validation off, written by openpyxl. docs/xlsform.md says what is carried over."""

from survey.questionnaire.xlsform.comparing import equivalent
from survey.questionnaire.xlsform.dropped import Dropped, FormRefused
from survey.questionnaire.xlsform.reading import Conversion, read_form
from survey.questionnaire.xlsform.writing import write_form

__all__ = ["Conversion", "Dropped", "FormRefused", "equivalent", "read_form", "write_form"]
