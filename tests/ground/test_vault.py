"""The vault: what it keeps, what it refuses, and that its key belongs to its data."""

from __future__ import annotations

import base64
import hmac
import stat

import asyncpg
import pytest
from pydantic import SecretStr

from survey.settings import Settings
from survey.vault import Vault, VaultError, check_vault, open_vault, open_vault_for
from survey.vault_keys import key_path

WANG = "+8615400000001"
LI = "+8615400000002"


def test_what_is_sealed_opens_again_and_looks_different_each_time(vault):
    first, second = vault.seal("王秀英"), vault.seal("王秀英")

    assert first != second
    assert "王秀英".encode() not in first
    assert vault.open(first) == vault.open(second) == "王秀英"


def test_a_number_is_found_by_its_token_under_one_key_only(vault):
    other = Vault(bytes(32))

    assert vault.token(WANG) == vault.token(WANG)
    assert len({vault.token(WANG), vault.token(LI), other.token(WANG), other.token(LI)}) == 4
    assert len(vault.token(WANG)) == 32


def test_the_permanent_random_number_is_the_first_53_bits_of_an_hmac_of_the_number(vault):
    extracted = hmac.digest(bytes(32), bytes(range(32)), "sha256")  # HKDF written out (RFC 5869)
    key = hmac.digest(extracted, b"minyi/vault/1/prn\x01", "sha256")
    bits = int.from_bytes(hmac.digest(key, WANG.encode(), "sha256"), "big") >> (256 - 53)

    assert vault.prn(WANG) == bits / 2**53


def test_many_are_sealed_and_found_as_each_of_them_alone(vault):
    numbers = [WANG, LI, WANG]

    assert vault.tokens(numbers) == [vault.token(number) for number in numbers]
    assert vault.prns(numbers) == [vault.prn(number) for number in numbers]
    sealed = vault.seal_all([WANG, None, "王秀英", "", WANG])
    assert [one and vault.open(one) for one in sealed] == [WANG, None, "王秀英", None, WANG]
    assert len(set(sealed)) == 4
    assert vault.tokens([]) == vault.prns([]) == vault.seal_all([]) == []


@pytest.mark.parametrize("many", [Vault.tokens, Vault.prns])
def test_one_number_in_another_form_stops_all_of_them(vault, many):
    with pytest.raises(ValueError, match=r"must be in E\.164 form") as refusal:
        many(vault, [WANG, WANG + "\n", LI])
    assert WANG not in str(refusal.value)


def test_permanent_random_numbers_are_spread_evenly(vault):
    drawn = sorted(vault.prn(f"+861540000{n:04d}") for n in range(2000))

    furthest = max(max(abs(u - i / 2000), abs(u - (i + 1) / 2000)) for i, u in enumerate(drawn))
    assert (
        furthest < 1.63 / 2000**0.5
    )  # Kolmogorov's bound at 1 %; the numbers are fixed, so this cannot flicker
    assert all(0 <= u < 1 for u in drawn)


@pytest.mark.parametrize("number", ["15400000001", "+86 154 0000 0001", "", "+0154", "王"])
def test_a_number_in_another_form_is_refused_without_repeating_it(vault, number):
    with pytest.raises(ValueError, match=r"must be in E\.164 form") as refusal:
        vault.token(number)
    assert not number or number not in str(refusal.value)


def test_altered_and_foreign_values_do_not_open(vault):
    sealed = vault.seal("王秀英")

    with pytest.raises(VaultError, match="altered or cut short"):
        vault.open(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(VaultError, match=f"sealed with key {vault.key_id}, but this process has "):
        Vault(bytes(32)).open(sealed)


@pytest.fixture
def installed(tmp_path) -> Settings:
    return Settings(data_dir=tmp_path / "data", key_file=tmp_path / "keys" / "minyi.key")


def test_the_first_run_makes_a_key_that_only_its_owner_can_read(installed):
    first = open_vault(installed, may_create=True)

    assert stat.S_IMODE(installed.key_file.stat().st_mode) == 0o600
    assert [path.name for path in installed.key_file.parent.iterdir()] == ["minyi.key"]
    assert open_vault(installed, may_create=False).key_id == first.key_id


def test_without_leave_no_key_is_made(installed):
    with pytest.raises(VaultError, match=r"There is no vault key: .*minyi\.key does not exist"):
        open_vault(installed, may_create=False)
    assert not installed.key_file.exists()


def test_a_key_file_that_others_can_read_is_refused_with_the_remedy(installed):
    open_vault(installed, may_create=True)
    installed.key_file.chmod(0o640)

    with pytest.raises(VaultError) as refusal:
        open_vault(installed, may_create=True)
    assert str(refusal.value) == (
        f"Others can read the vault's key file {installed.key_file} (mode 0640). "
        f"Run: chmod 600 {installed.key_file}"
    )


def test_a_file_that_holds_no_key_is_refused(installed):
    installed.key_file.parent.mkdir()
    installed.key_file.write_text("hello\n")
    installed.key_file.chmod(0o600)

    with pytest.raises(VaultError, match="does not hold a vault key, which is 32 random bytes in base64"):
        open_vault(installed, may_create=True)


def test_the_key_does_not_lie_beside_the_data(tmp_path):
    beside = Settings(data_dir=tmp_path / "data", key_file=tmp_path / "data" / "minyi.key")

    with pytest.raises(VaultError, match="lies inside the data folder"):
        open_vault(beside, may_create=True)
    assert not key_path(Settings(data_dir=tmp_path / "data")).is_relative_to(tmp_path / "data")


def test_each_checkout_has_a_key_of_its_own(tmp_path):
    one, other = (key_path(Settings(data_dir=tmp_path / name / ".minyi")) for name in ("one", "other"))

    assert one.name.startswith("one-")
    assert one != other


def test_a_key_in_the_environment_wins(installed):
    key = SecretStr(encoded(bytes(range(32))))
    given = installed.model_copy(update={"vault_key": key})

    assert open_vault(given, may_create=False).key_id == Vault(bytes(range(32))).key_id


def test_a_wrong_key_in_the_environment_is_refused_without_repeating_it():
    with pytest.raises(VaultError) as refusal:
        open_vault(Settings(vault_key=encoded(b"short")), may_create=False)
    assert (
        str(refusal.value) == "MINYI_VAULT_KEY does not hold a vault key, which is 32 random bytes in base64."
    )


def encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


@pytest.fixture
async def with_check_table(bare_database):
    """A database with the one table that the vault itself needs, as the first migration makes it."""
    conn = await asyncpg.connect(bare_database)
    await conn.execute("CREATE SCHEMA survey")
    await conn.execute("CREATE TABLE survey.vault_check (key_id text PRIMARY KEY, proof bytea NOT NULL)")
    yield conn
    await conn.close()


async def test_an_empty_database_takes_the_key_and_no_other_later(with_check_table, installed):
    first = await open_vault_for(with_check_table, installed)

    await check_vault(with_check_table, first)
    other = Vault(bytes(32))
    with pytest.raises(VaultError) as refusal:
        await check_vault(with_check_table, other)
    assert str(refusal.value) == (
        f"The database is sealed with key {first.key_id}, but this process has key {other.key_id}. "
        "Set MINYI_VAULT_KEY or MINYI_KEY_FILE to the key with which the data was made."
    )


async def test_data_without_their_key_are_not_given_a_new_one(with_check_table, installed):
    first = await open_vault_for(with_check_table, installed)
    installed.key_file.unlink()

    with pytest.raises(VaultError) as refusal:
        await open_vault_for(with_check_table, installed)
    assert str(refusal.value).endswith(f"The database is sealed with key {first.key_id}.")
    assert not installed.key_file.exists()
