"""Settings: which place wins, and what is said about a fault."""

from __future__ import annotations

import fcntl
import json
import os

import pytest

from survey.settings import Settings, SettingsError, load_settings


def settings(folder, *, toml: str = "", flags=None, **environ: str) -> Settings:
    if toml:
        (folder / "minyi.toml").write_text(toml, encoding="utf-8")
    return load_settings(flags, environ=environ, folder=folder)


def refusal(folder, **given) -> str:
    with pytest.raises(SettingsError) as error:
        settings(folder, **given)
    return str(error.value)


def test_a_flag_wins_over_the_environment_over_the_file_over_the_default(tmp_path):
    toml = "web_port = 8001\ncentre = '991701'\nlog_level = 'ERROR'\n"
    environ = {"MINYI_WEB_PORT": "8002", "MINYI_CENTRE": "991702"}

    chosen = settings(tmp_path, toml=toml, flags={"web_port": 8003, "clock": None}, **environ)

    assert (chosen.web_port, chosen.centre, chosen.log_level) == (8003, "991702", "ERROR")
    assert (chosen.clock, chosen.web_host) == (None, "127.0.0.1")


def test_the_folder_of_the_data_is_looked_for_beside_the_file(tmp_path):
    assert settings(tmp_path).data_dir == tmp_path / ".minyi"
    assert settings(tmp_path, MINYI_DATA_DIR="/srv/minyi").data_dir.as_posix() == "/srv/minyi"


def test_addresses_are_known_by_the_names_that_everybody_uses(tmp_path):
    chosen = settings(tmp_path, DATABASE_URL="postgresql://db/minyi", REDIS_URL="redis://cache/0")

    assert (chosen.database_url, chosen.redis_url) == ("postgresql://db/minyi", "redis://cache/0")
    assert settings(
        tmp_path, DATABASE_URL="postgresql://a", MINYI_DATABASE_URL="postgresql://b"
    ).database_url == ("postgresql://b")


def test_an_unknown_variable_is_named_with_what_was_probably_meant(tmp_path):
    assert refusal(tmp_path, MINYI_WEBPORT="1") == (
        "Unknown setting webport (environment variable MINYI_WEBPORT). Did you mean MINYI_WEB_PORT?"
    )


def test_an_unknown_key_is_named_with_its_file_and_line(tmp_path):
    toml = "# ours\nweb_port = 8001\n\ncenter = '991701'\n"

    assert refusal(tmp_path, toml=toml) == (
        f"Unknown setting center ({tmp_path}/minyi.toml, line 4). Did you mean centre?"
    )


def test_an_unknown_flag_is_a_fault_too(tmp_path):
    assert refusal(tmp_path, flags={"web_prot": 1}) == (
        "Unknown setting web_prot (command line flag --web-prot). Did you mean web_port?"
    )


def test_every_wrong_value_is_named_with_its_place(tmp_path):
    said = refusal(tmp_path, toml="number_plan = 'imaginary'\n", MINYI_WEB_PORT="eighty").splitlines()

    assert len(said) == 2
    assert said[0].startswith(f"number_plan ({tmp_path}/minyi.toml, line 1): Input should be 'real'")
    assert said[1].startswith(
        "web_port (environment variable MINYI_WEB_PORT): Input should be a valid integer"
    )
    assert all(line.endswith("Correct the value there, or remove it to use the default.") for line in said)


def test_a_section_and_broken_toml_are_refused(tmp_path):
    assert refusal(tmp_path, toml="[web_port]\nvalue = 1\n") == (
        f"web_port ({tmp_path}/minyi.toml, line 1) must be one value, not a list or a section."
    )
    assert refusal(tmp_path, toml="web_port 8001\n").startswith(f"{tmp_path}/minyi.toml is not valid TOML: ")


def test_secrets_are_not_shown(tmp_path):
    shown = repr(
        settings(
            tmp_path,
            MINYI_CARRIER_AUTH_TOKEN="tell-nobody",
            MINYI_VAULT_KEY="tell-nobody",
            DATABASE_URL="postgresql://minyi:tell-nobody@db/minyi",
        )
    )

    assert "tell-nobody" not in shown


@pytest.fixture
def running(tmp_path):
    """A launcher that has published its addresses, and holds its lock for as long as it lives."""
    data = tmp_path / ".minyi"
    (data / "up").mkdir(parents=True)
    body = {
        "purpose": "up",
        "held_by": "up/lock",
        "settings": {"database_url": "postgresql://here/minyi", "redis_url": "redis://here/0", "web_port": 9},
    }
    (data / "services.json").write_text(json.dumps(body))
    descriptor = os.open(data / "up" / "lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield descriptor
    os.close(descriptor)


def test_a_running_launcher_fills_in_what_is_not_set_otherwise(running, tmp_path):
    chosen = settings(tmp_path, MINYI_WEB_PORT="8002", REDIS_URL="redis://mine/0")

    assert chosen.database_url == "postgresql://here/minyi"
    assert (chosen.redis_url, chosen.web_port) == ("redis://mine/0", 8002)
    assert load_settings(environ={}, folder=tmp_path, use_launcher=False).database_url is None


def test_a_launcher_that_died_says_nothing(running, tmp_path):
    fcntl.flock(running, fcntl.LOCK_UN)

    assert settings(tmp_path).database_url is None


def test_a_damaged_file_of_a_launcher_is_named(running, tmp_path):
    path = tmp_path / ".minyi" / "services.json"
    path.write_text("{")

    assert refusal(tmp_path).startswith(f"{path} cannot be understood (")
