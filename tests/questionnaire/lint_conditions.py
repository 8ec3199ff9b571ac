"""Conditions as a team might write them, and the questions that they are about."""

from hypothesis import strategies as st

from survey.questionnaire import from_json

VALUES = st.sampled_from(
    ["${Q1}", "${Q2}", "${Q3}", "${fact}", "${mode}", "'1'", "'2'", "'web'", "''", "1", "2", "."]
)
SIMPLE = st.builds(
    lambda left, sign, right: f"{left} {sign} {right}",
    VALUES,
    st.sampled_from(["=", "!=", "<", ">="]),
    VALUES,
)
CALLS = st.sampled_from(
    [
        "selected(${Q2}, '1')",
        "replied(${Q1})",
        "is-missing(${Q1}, 'dk')",
        "count-selected(${Q2}) > 1",
        "false()",
        "regex(${Q1}, '[12]')",
    ]
)
CONDITIONS = st.recursive(
    SIMPLE | CALLS,
    lambda inner: (
        st.builds(lambda a, sign, b: f"({a} {sign} {b})", inner, st.sampled_from(["and", "or"]), inner)
        | inner.map("not({})".format)
    ),
    max_leaves=4,
)

ASKED = from_json(
    {
        "format": 2,
        "code": "asked",
        "version": 1,
        "title": {"zh": "题"},
        "may_know": ["fact"],
        "choices": {
            name: [{"code": code, "label": {"zh": code}} for code in codes]
            for name, codes in {"c": "123", "d": "pq", "e": "qr"}.items()
        },
        "items": [
            {"id": "Q1", "kind": "select_one", "choices": "c", "prompt": {"zh": "问?"}},
            {"id": "Q2", "kind": "select_multiple", "choices": "c", "prompt": {"zh": "问?"}},
            {"id": "Q3", "kind": "integer", "prompt": {"zh": "问?"}},
            {"id": "Q4", "kind": "select_one", "choices": "d", "prompt": {"zh": "问?"}},
            {"id": "Q5", "kind": "select_one", "choices": "e", "prompt": {"zh": "问?"}},
        ],
    }
)
