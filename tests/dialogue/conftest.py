"""What the dialogue tests share."""

import pytest
from talks import FACTS, Facts


@pytest.fixture
def facts() -> Facts:
    """What is known before an interview in Suilan."""
    return FACTS
