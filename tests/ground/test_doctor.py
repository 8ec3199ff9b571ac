"""The doctor: a line for each thing, and a remedy for each that is not well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from survey.settings import Settings
from survey.vault import open_vault
from workers import doctor_machine
from workers.doctor import Finding, examine
from workers.embedded import Services


async def examined(settings: Settings) -> dict[str, Finding]:
    return {finding.subject: finding for finding in await examine(settings)}


@pytest.fixture
def nothing_set(tmp_path) -> Settings:
    return Settings(data_dir=tmp_path / ".minyi", key_file=tmp_path / "minyi.key", web_port=0)


async def test_a_fresh_machine_has_hints_and_no_faults(nothing_set, tmp_path):
    found = await examined(nothing_set)

    assert [finding for finding in found.values() if finding.level == "fault"] == []
    assert all(finding.remedy for finding in found.values() if finding.level != "ok")
    assert found["database"] == Finding(
        "database", "hint", "no database is running", "Start `minyi up`, or set DATABASE_URL to one of yours."
    )
    assert found["data folder"].said == f"{tmp_path}/.minyi will be made by `minyi up`"
    assert list(tmp_path.iterdir()) == []


async def test_a_configured_machine_is_well(nothing_set, servers: Services, database):
    open_vault(nothing_set, may_create=True)
    settings = nothing_set.model_copy(
        update={"database_url": database, "redis_url": servers.redis_url, "number_plan": "fictional"}
    )

    found = await examined(settings)

    for subject in (
        "python",
        "embedded servers",
        "vault key",
        "web port",
        "database",
        "redis",
        "number plan",
    ):
        assert found[subject].level == "ok", found[subject]
    assert "schema up to date" in found["database"].said
    password = database.split(":")[2].split("@")[0]
    assert not any(password in finding.said + finding.remedy for finding in found.values())


async def test_an_older_schema_is_told_with_the_command_that_mends_it(nothing_set, bare_database):
    found = await examined(nothing_set.model_copy(update={"database_url": bare_database}))

    if found["database"].level == "fault":
        assert found["database"].said.startswith("The database is older than this program")
        assert found["database"].remedy == "Run `minyi migrate`."
    else:
        pytest.fail("a database without any schema was found to be well")


async def test_data_sealed_with_another_key_are_told(nothing_set, database):
    conn = await asyncpg.connect(database)
    await conn.execute("INSERT INTO survey.vault_check (key_id, proof) VALUES ('00ff', 'x')")
    await conn.close()
    open_vault(nothing_set, may_create=True)

    found = await examined(nothing_set.model_copy(update={"database_url": database}))

    assert found["database"].level == "fault"
    assert found["database"].said.startswith(
        "The database is sealed with key 00ff, but this process has key "
    )
    assert (
        found["database"].remedy
        == "Set MINYI_VAULT_KEY or MINYI_KEY_FILE to the key with which the data was made."
    )


@pytest.mark.parametrize(
    ("subject", "wrong", "remedy"),
    [
        ("database", {"database_url": "postgresql://127.0.0.1:1/x"}, "Start it, or correct DATABASE_URL."),
        ("redis", {"redis_url": "redis://127.0.0.1:1/0"}, "Start it, or correct REDIS_URL."),
        ("carrier", {"carrier_base_url": "ftp://x"}, "Set MINYI_CARRIER_BASE_URL like http://127.0.0.1:8090"),
        (
            "carrier",
            {"carrier_base_url": "http://127.0.0.1:1"},
            "Start it, or correct MINYI_CARRIER_BASE_URL.",
        ),
        (
            "number plan",
            {"number_plan": "fictional", "carrier_number": "+8613800000000"},
            "Set MINYI_CARRIER_NUMBER to one beginning with +86154",
        ),
        ("browser lines", {"carrier_api_key_sid": "SK" + "1" * 32}, "Set all of them, or neither of the two"),
        (
            "browser lines",
            {
                "carrier_api_key_sid": "SK" + "1" * 32,
                "carrier_api_key_secret": "x",
                "public_url": "http://10.0.0.5:8080",
            },
            "Set MINYI_PUBLIC_URL to an https address.",
        ),
    ],
)
async def test_each_fault_has_its_remedy(nothing_set, subject, wrong, remedy):
    account = {"carrier_account_sid": "AC0", "carrier_auth_token": "secret"}
    settings = Settings(**(nothing_set.model_dump() | account | wrong))

    found = (await examined(settings))[subject]

    assert found.level == "fault"
    assert found.remedy.startswith(remedy)


def test_a_key_that_others_can_read_and_a_folder_of_nobodys_are_faults(nothing_set, tmp_path):
    open_vault(nothing_set, may_create=True)
    nothing_set.key_file.chmod(0o644)
    file = tmp_path / "file"
    file.touch()

    assert doctor_machine.key(nothing_set).remedy == f"Run: chmod 600 {nothing_set.key_file}"
    assert doctor_machine.data_folder(Settings(data_dir=file / "data")) == Finding(
        "data folder",
        "fault",
        f"{file}/data cannot be written by this user",
        "Set MINYI_DATA_DIR to a folder of yours.",
    )


def test_a_machine_without_browser_and_font_is_told_which_packages_bring_them(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(doctor_machine, "FONT_FOLDERS", (tmp_path,))

    assert doctor_machine.browser().remedy == "apt install chromium"
    assert doctor_machine.chinese_font().remedy == "apt install fonts-wqy-zenhei"
    (tmp_path / "wqy-zenhei.ttc").touch()
    assert doctor_machine.chinese_font().level == "ok"


async def test_texts_that_are_kept_too_long_are_a_fault(
    nothing_set: Settings, conn: asyncpg.Connection, database: str
) -> None:
    open_vault(nothing_set, may_create=True)
    settings = nothing_set.model_copy(update={"database_url": database})
    sent = "INSERT INTO survey.text_out (body, segments, at) VALUES ('还行', 1, $1)"
    now = datetime.now(UTC)
    await conn.execute(sent, now - timedelta(days=181))
    assert (await examined(settings))["kept texts"] == Finding(
        "kept texts", "ok", "bodies of texts are kept 180 days; none was old enough yet, 0 forgotten by now"
    )
    await conn.execute(sent, now - timedelta(days=183))
    found = (await examined(settings))["kept texts"]
    assert (found.level, found.remedy) == ("fault", "Some are kept too long: start a worker, `minyi up`.")
