"""Numbers that residents write never reach a page; dates, prices and case numbers stay."""

import pytest

from survey.masking import without_numbers


@pytest.mark.parametrize(
    "said",
    [
        "打我电话15412345678",
        "打我电话+8615412345678吧",
        "154 1234 5678",
        "154-1234-5678",
        "+86 154 1234 5678",
        "0396-7654321",
        "１５４１２３４５６７８",
        "991702199001011234",
        "99170219900101123X",
    ],
)
def test_a_number_is_masked(said: str) -> None:
    shown = without_numbers(said)
    assert "〔号码〕" in shown
    assert "5678" not in shown and "7654321" not in shown and "0101" not in shown


@pytest.mark.parametrize(
    "said",
    ["3月9日", "2026-03-09", "31", "欠了120000元", "991721-20260309-00037-4", "K7Q2M9XA", "23点以后,3户人家"],
)
def test_what_is_no_number_stays(said: str) -> None:
    assert without_numbers(said) == said
