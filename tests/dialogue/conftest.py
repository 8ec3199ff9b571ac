"""People and facts that the dialogue tests share."""

from collections.abc import Mapping

import pytest


@pytest.fixture
def facts() -> Mapping[str, str]:
    """What is known before an interview in Suilan."""
    return {
        "centre": "遂澜",
        "staff_no": "1021",
        "frame": "list",
        "signature": "遂澜民调中心",
        "case_short": "0037",
        "result": "路灯已修好",
        "query_code": "K7Q2M9XA",
    }
