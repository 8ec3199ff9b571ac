"""Settings of a process, each from the first that has it: flag, environment, `minyi.toml`, launcher, default.

One frozen class; a name that it does not know is refused, with the place where it was found and a way out.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from survey.settings_sources import (
    SettingsError,
    Source,
    from_environment,
    from_flags,
    from_launcher,
    from_toml,
)

__all__ = ["Settings", "SettingsError", "load_settings"]


class Settings(BaseModel):
    """Everything that differs between one installation and another; policies live in the database instead."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    database_url: str | None = Field(default=None, repr=False)
    redis_url: str | None = Field(default=None, repr=False)
    data_dir: Path = Path(".minyi")
    key_file: Path | None = None
    vault_key: SecretStr | None = None
    carrier_base_url: str | None = None
    carrier_account_sid: str = ""
    carrier_auth_token: SecretStr = SecretStr("")
    carrier_number: str = "+8615400000000"
    carrier_accounts: SecretStr = SecretStr("")
    carrier_numbers: str = ""
    carrier_api_key_sid: str = ""
    carrier_api_key_secret: SecretStr = SecretStr("")
    number_plan: Literal["real", "fictional"] = "real"
    public_url: str = "http://127.0.0.1:8080"
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    web_proxies: int = Field(default=0, ge=0, le=9)
    clock: str | None = None
    carrier_calls_per_second: float = Field(default=1.0, gt=0)
    carrier_texts_per_second: float = Field(default=1.0, gt=0)
    carrier_timeout_s: float = Field(default=10.0, gt=0)
    openid_issuer: str = ""
    openid_client_id: str = ""
    openid_client_secret: SecretStr = SecretStr("")
    openid_called: str = "统一认证/the common sign-in"
    smtp_url: SecretStr | None = None
    smtp_from: str = ""
    smtp_ca: Path | None = None
    centre: str = "991721"
    webhook_private: bool = False
    webhook_loopback: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


def load_settings(
    flags: Mapping[str, object] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
    use_launcher: bool = True,
) -> Settings:
    """Settings of this process, read once at its start.

    `flags` are those of the command line; a flag that is None was not given. `environ` and `folder` (in which
    `minyi.toml` and a relative `data_dir` are looked for) are those of the process unless given.
    `use_launcher=False` is for commands that start servers themselves: they do not look for running ones.
    Raises SettingsError, whose message lists every fault with its place and remedy.
    """
    folder = folder or Path.cwd()
    known = tuple(Settings.model_fields)
    chosen: dict[str, tuple[object, str]] = {}
    for source in (
        from_toml(folder / "minyi.toml", known),
        from_environment(os.environ if environ is None else environ, known),
        from_flags(flags or {}, known),
    ):
        chosen.update(source)
    data_dir = folder / _data_dir(chosen)
    if use_launcher:
        chosen = {**from_launcher(data_dir, known, already=frozenset(chosen)), **chosen}
    return _validated({**chosen, "data_dir": (data_dir, "data_dir")})


def _data_dir(chosen: Source) -> Path:
    value, place = chosen.get("data_dir", (Settings.model_fields["data_dir"].default, "default"))
    if not isinstance(value, str | Path) or not str(value):
        raise SettingsError(f"data_dir ({place}) must be the path of a folder, not {value!r}.")
    return Path(value).expanduser()


def _validated(chosen: Source) -> Settings:
    try:
        return Settings.model_validate({name: value for name, (value, _) in chosen.items()})
    except ValidationError as error:
        faults = [_fault(str(e["loc"][0]), e["msg"], chosen) for e in error.errors()]
        raise SettingsError("\n".join(faults)) from None


def _fault(name: str, reason: str, chosen: Source) -> str:
    place = chosen[name][1] if name in chosen else "default"
    return f"{name} ({place}): {reason}. Correct the value there, or remove it to use the default."
