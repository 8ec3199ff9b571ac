"""`minyi bench dialogue` as a person runs it: with a node, without one, and with one that does not do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from stand_ins import (
    BROKEN_NODE,
    installed,
    node_that_says,
    npm_that_fails,
    npm_that_installs,
    stand_in,
)
from typer.testing import CliRunner, Result

from workers.bench import ours
from workers.bench.installing import PACKAGE, VERSION, default_folder
from workers.bench.sessions import fingerprint
from workers.cli import app

Bench = Callable[..., Result]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Runs `minyi bench dialogue …` in a moment, with what lies in tmp_path/bin as its only programs."""

    def run(*arguments: str) -> Result:
        own = {"PATH": str(tmp_path / "bin"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
        return CliRunner().invoke(app, ["bench", "dialogue", "--seconds", "0.01", *arguments], env=own)

    return run


def test_without_node_ours_is_measured_alone(bench: Bench) -> None:
    done = bench()

    assert done.exit_code == 0
    assert "民意 Minyi, 经 JSON" in done.stdout and "比值 ratio" not in done.stdout
    assert done.stderr == (
        "minyi bench dialogue: flow-runner was left out: node is not on the PATH. To compare with "
        f"{PACKAGE}, install Node.js (16 or newer) with npm and run this again.\n"
    )


def test_without_node_the_json_holds_ours_and_the_reason(bench: Bench) -> None:
    body = json.loads(bench("--json").stdout)

    assert list(body) == [
        "bench",
        "date",
        "machine",
        "headline",
        "ratios",
        "answers_per_second",
        "fingerprints",
        "left_out",
    ]
    assert body["left_out"].startswith("node is not on the PATH.")
    assert {name: len(one["rounds"]) for name, one in body["answers_per_second"].items()} == {
        "ours_json": 5,
        "ours_memory": 5,
    }


def test_a_required_ratio_that_could_not_be_measured_is_not_met(bench: Bench) -> None:
    done = bench("--require-ratio", "10")

    assert done.exit_code == 1
    assert done.stderr.endswith("a ratio of 10 was required, and none could be measured.\n")


def test_beside_a_slow_node_the_required_ratio_is_met(bench: Bench, tmp_path: Path) -> None:
    node_that_says(tmp_path / "bin", ours.check(), answers=1)

    done = bench("--require-ratio", "10", "--json", "--node-modules", str(installed(tmp_path / "there")))

    body = json.loads(done.stdout)
    assert (done.exit_code, done.stderr) == (0, "")
    assert body["answers_per_second"]["theirs_memory"] == {"median": 1.0, "rounds": [1.0] * 5}
    assert {name: len(one["rounds"]) for name, one in body["ratios"].items()} == {
        "json_to_memory": 5,
        "memory_to_memory": 5,
        "json_to_json": 5,
    }
    assert body["fingerprints"] == dict.fromkeys(("ours", "theirs"), fingerprint(ours.check()))
    assert (body["machine"]["node"], body["left_out"]) == ("99.0.0", None)


def test_beside_a_fast_node_it_is_not(bench: Bench, tmp_path: Path) -> None:
    node_that_says(tmp_path / "bin", ours.check(), answers=10**9)
    folder = installed(tmp_path / "there")

    done = bench("--require-ratio", "10", "--rounds", "6", "--node-modules", str(folder / "node_modules"))

    assert done.exit_code == 1
    assert "1,000,000,000" in done.stdout and "比值 ratio" in done.stdout
    assert done.stderr == "minyi bench dialogue: the median ratio is 0.00, below the required 10.\n"


def test_other_answers_are_not_compared(bench: Bench, tmp_path: Path) -> None:
    played = ours.check()
    node_that_says(tmp_path / "bin", [*played[:-1], played[0]], answers=1)

    done = bench("--node-modules", str(installed(tmp_path / "there")))

    assert (done.exit_code, done.stdout) == (3, "")
    assert "the two sides stored different answers" in done.stderr


def test_a_node_that_breaks_is_left_out_with_its_reason(bench: Bench, tmp_path: Path) -> None:
    stand_in(tmp_path / "bin", "node", BROKEN_NODE)

    done = bench("--node-modules", str(installed(tmp_path / "there")))

    assert done.exit_code == 0
    assert done.stderr == (
        "minyi bench dialogue: flow-runner was left out: flow-runner's process ended (Error: Cannot find module "
        "'node:module'). Node.js 16 or newer is needed.\n"
    )


def test_a_node_that_ends_halfway_leaves_ours_measured_alone(bench: Bench, tmp_path: Path) -> None:
    node_that_says(tmp_path / "bin", ours.check(), answers=0)

    body = json.loads(bench("--json", "--node-modules", str(installed(tmp_path / "there"))).stdout)

    assert "(Error: out of memory)" in body["left_out"]
    assert {name: len(one["rounds"]) for name, one in body["answers_per_second"].items()} == {
        "ours_json": 5,
        "ours_memory": 5,
    }


def test_a_package_that_cannot_be_installed_is_left_out(bench: Bench, tmp_path: Path) -> None:
    node_that_says(tmp_path / "bin", ours.check(), answers=1)
    npm_that_fails(tmp_path / "bin", "ENOTFOUND")

    done = bench()

    assert done.exit_code == 0
    assert done.stderr == (
        f"minyi bench dialogue: flow-runner was left out: {PACKAGE} {VERSION} could not be installed into "
        f"{tmp_path}/cache/minyi/flow-runner-{VERSION} (npm says ENOTFOUND). Run `npm ci` there by hand to see "
        "more, or name a folder that has it with --node-modules.\n"
    )


def test_it_is_installed_once_in_the_cache_and_runs_nothing_of_the_packages(
    bench: Bench, tmp_path: Path
) -> None:
    node_that_says(tmp_path / "bin", ours.check(), answers=1)
    npm_that_installs(tmp_path / "bin")

    done = bench()

    folder = tmp_path / "cache" / "minyi" / f"flow-runner-{VERSION}"
    assert (done.exit_code, done.stderr) == (0, "")
    assert (folder / "called").read_text().split()[:2] == ["ci", "--ignore-scripts"]
    npm_that_fails(tmp_path / "bin", "EUNEEDED")
    assert bench().stderr == ""


def test_another_version_is_not_measured(bench: Bench, tmp_path: Path) -> None:
    node_that_says(tmp_path / "bin", ours.check(), answers=1)
    npm_that_installs(tmp_path / "bin", version="1.0.10")

    assert "(npm installed another version, or none)" in bench().stderr


def test_a_folder_of_somebody_else_stays_as_it_is(bench: Bench, tmp_path: Path) -> None:
    node_that_says(tmp_path / "bin", ours.check(), answers=1)
    npm_that_installs(tmp_path / "bin")
    theirs = installed(tmp_path / "project", version="0.9.0")
    (theirs / "package.json").write_text('{"name": "project"}')
    before = sorted(theirs.rglob("*"))

    done = bench("--node-modules", str(theirs))

    assert f"{theirs} holds other files, and no {PACKAGE} {VERSION}." in done.stderr
    assert sorted(theirs.rglob("*")) == before
    assert (theirs / "package.json").read_text() == '{"name": "project"}'


def test_fewer_than_five_rounds_are_refused(bench: Bench) -> None:
    assert bench("--rounds", "4").exit_code == 2


@pytest.mark.parametrize(("cache", "folder"), [("/elsewhere", "/elsewhere"), ("not/absolute", "~/.cache")])
def test_the_cache_is_the_users(cache: str, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", cache)

    assert default_folder() == Path(folder).expanduser() / "minyi" / f"flow-runner-{VERSION}"
