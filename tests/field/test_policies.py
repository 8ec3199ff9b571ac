"""Packaged policies are rows of table `policy`: key, version, valid_from, body."""

import json
from datetime import date
from pathlib import Path

import pytest

from survey import policies
from survey.policies import PolicyError, packaged

SHIPPED = [
    *(("survey.field", name) for name in ("attempts", "calling_hours", "carrier_signals", "dispositions")),
    *(
        ("followup.casework", name)
        for name in ("colours", "decision_clock", "limits", "verdict", "working_time")
    ),
]


@pytest.mark.parametrize(("package", "name"), SHIPPED)
def test_a_shipped_policy_is_a_row(package: str, name: str) -> None:
    policy = packaged(package, name)
    assert (policy.key, policy.valid_from) == (name, date(2026, 1, 1))
    assert policy.version >= 1
    assert json.loads(json.dumps(policy.body)) == policy.body


def test_a_file_that_is_no_policy_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "files", lambda package: tmp_path)
    (tmp_path / "pace.yaml").write_text("key: pace\nversion: one\nvalid_from: 2026-01-01\nbody: {}\n")
    with pytest.raises(
        PolicyError, match=r"pace.yaml of survey.tests: version missing, unknown or wrongly typed"
    ):
        packaged("survey.tests", "pace")
    (tmp_path / "list.yaml").write_text("- 1\n")
    with pytest.raises(PolicyError, match=r"list.yaml of survey.tests holds list; expected a mapping"):
        packaged("survey.tests", "list")
