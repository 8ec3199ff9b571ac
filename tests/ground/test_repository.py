"""The files around the code: what they name exists, and what they promise is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from survey.settings import Settings
from survey.twin.__main__ import options_of

ROOT = Path(__file__).resolve().parents[2]


def test_every_copied_source_of_the_dockerfile_exists():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    sources = [source for line in lines if line.startswith("COPY ") for source in line.split()[1:-1]]

    assert {"requirements.lock", "survey", "followup", "workers"} <= set(sources)
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_the_image_does_not_run_as_root():
    users = [
        line.split()[1] for line in (ROOT / "Dockerfile").read_text().splitlines() if "USER " in line[:5]
    ]

    assert users[-1] not in ("root", "0")


def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_the_compose_file_fits_the_compose_specification():
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run(
        [*check, str(ROOT / "docker-compose.yml")], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n")


def test_every_service_that_stays_says_whether_it_is_healthy():
    services = compose()["services"]

    assert {"postgres", "valkey", "web", "worker", "twin"} <= set(services)
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["migrate"]


def test_only_the_pages_are_published_and_only_on_this_machine():
    published = {
        name: service["ports"] for name, service in compose()["services"].items() if "ports" in service
    }

    assert published == {"web": ["127.0.0.1:8080:8080"]}


def test_the_compose_file_sets_only_settings_that_exist():
    services = compose()["services"]
    given = {key for name in ("migrate", "web", "worker") for key in services[name]["environment"]}
    settings = {key.removeprefix("MINYI_").lower() for key in given if key.startswith("MINYI_")}

    assert settings <= set(Settings.model_fields)
    assert {"database_url", "redis_url", "vault_key", "public_url"} <= settings


def filled(word: str) -> str:
    """With the default of each variable, as where the environment sets none."""
    return re.sub(r"\$\{\w+:?-([^}]*)\}", r"\1", word)


def test_the_twin_of_the_compose_file_understands_its_command_line(monkeypatch):
    twin = compose()["services"]["twin"]
    for name, value in twin["environment"].items():
        monkeypatch.setenv(name, value)

    assert twin["command"][:2] == ["minyi", "twin"]
    options = options_of([filled(word) for word in twin["command"][2:]])

    assert (options.host, options.port) == ("0.0.0.0", 8090)
    assert options.inbound_url == "http://web:8080/twilio/text"


def test_a_compose_file_without_a_vault_key_or_a_password_does_not_start():
    text = (ROOT / "docker-compose.yml").read_text()

    assert re.search(r"MINYI_VAULT_KEY: \$\{MINYI_VAULT_KEY:\?", text)
    assert "POSTGRES_PASSWORD:-" not in text


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("target", ["help", "demo", "up", "test", "lint", "lock", "golden", "clean"])
def test_make_help_lists_every_target_with_what_it_does(target):
    assert re.search(rf"^  make {target} +\S.+$", make("help", "--no-print-directory").stdout, re.MULTILINE)


def test_make_says_what_is_missing_when_python_cannot_make_a_venv(tmp_path):
    lame = tmp_path / "python3"
    lame.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n')
    lame.chmod(0o755)

    done = make("test", f"PYTHON={lame}", f"VENV={tmp_path}/venv")

    assert done.returncode != 0
    assert "its ensurepip is missing. On Debian and Ubuntu: apt install python3-venv" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_make_says_which_python_is_needed(tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\nif [ "$1" = --version ]; then echo Python 3.9.2; exit 0; fi\nexit 1\n')
    old.chmod(0o755)

    done = make("demo", f"PYTHON={old}", f"VENV={tmp_path}/venv")

    assert done.returncode != 0
    assert "Python 3.11 or newer is needed, not Python 3.9.2." in done.stderr


def test_the_lock_holds_hashes_and_no_server_address():
    lock = (ROOT / "requirements.lock").read_text()
    pins = re.findall(r"^[A-Za-z0-9._-]+==", lock, re.MULTILINE)

    assert len(pins) > 50
    assert len(re.findall(r"^\S+==[^\n]* \\\n    --hash=sha256:", lock, re.MULTILINE)) == len(pins)
    assert "://" not in lock
    assert "--index" not in lock and "--extra-index" not in lock


def test_ci_runs_the_command_that_the_readme_names_and_nothing_after_it():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()

    assert lines[-1] == "exec make test"
    assert "export MARKERS=" in lines
    assert subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=False).returncode == 0


def test_the_licence_is_apache_2():
    assert (ROOT / "LICENSE").read_text().split("\n", 3)[1:3] == [
        "                                 Apache License",
        "                           Version 2.0, January 2004",
    ]
