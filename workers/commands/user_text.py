"""How accounts, their roles and what happened to them are printed."""

from __future__ import annotations

import json
from typing import Any, Final
from zoneinfo import ZoneInfo

import typer

from survey.access.granting import NewPassword
from survey.access.roles import RolesPolicy, needs_second_factor, roles_policy
from survey.access.sign_in_policy import sign_in_policy
from survey.store.access_events import Event, NumberRead
from survey.store.accounts import Account
from survey.store.recording_reads import Hearing

LOCAL: Final = ZoneInfo("Asia/Shanghai")
KINDS: Final = {
    "added": "开通 added",
    "reset": "重置 reset",
    "disabled": "停用 disabled",
    "enabled": "启用 enabled",
    "roles_set": "改岗位 roles set",
    "password_given": "密码正确 password given",
    "signed_in": "登录 signed in",
    "signed_out": "退出 signed out",
    "failed": "失败 failed",
    "locked": "锁定 locked",
    "password_changed": "改密码 password changed",
    "second_factor_set": "设验证码 second factor set",
    "second_factor_removed": "取消验证码 second factor removed",
    "recovery_code_used": "用备用码 recovery code used",
    "refused": "越权被拒 refused",
    "unit_set": "代单位办理 works for a unit",
    "unit_taken": "不再代单位办理 works for it no more",
    "line_token": "浏览器线路凭证 token of a line in the browser",
}


def shown_once(made: NewPassword, json_: bool) -> None:
    """The first password to standard output, and nothing else there; what to do with it to standard error."""
    if json_:
        typer.echo(
            json.dumps({**record(made.account), "password": made.password}, ensure_ascii=False, indent=2)
        )
        return
    days = sign_in_policy().password.first_days
    typer.echo(made.password)
    typer.echo(
        f"首次密码,只显示这一次,{days}天内登录并改掉。The first password, shown this once: to be used and changed within {days}"
        f" days.\n{line(made.account)}",
        err=True,
    )
    if needs_second_factor(made.account.grants) and made.account.totp_cipher is None:
        typer.echo(
            "这个岗位登录还要手机验证码,首次登录时设置。This role also needs a code from a telephone; it is set up at the first"
            " sign-in.",
            err=True,
        )


def record(account: Account) -> dict[str, Any]:
    """An account as JSON, without what it signs in with."""
    return {
        "name": account.name,
        "called": account.called,
        "employment": account.employment,
        "roles": [{"role": one.role, "area": one.area} for one in account.grants],
        "second_factor": account.totp_cipher is not None,
        "must_change_password": account.must_change,
        "created_at": account.created_at.isoformat(),
        "created_by": account.created_by,
        "disabled_at": account.disabled_at.isoformat() if account.disabled_at else None,
    }


def line(account: Account, unit: str | None = None) -> str:
    """An account in one line. `unit`: for which it works."""
    roles = roles_policy().roles
    held = ", ".join(f"{roles[one.role].zh} {one.role}:{one.area}" for one in account.grants)
    marks = [
        f"单位 unit {unit}" if unit else "",
        "外包 contractor" if account.employment == "contractor" else "",
        "有验证码 second factor" if account.totp_cipher is not None else "",
        "待改密码 first password" if account.must_change else "",
        "已停用 disabled" if account.disabled_at else "",
    ]
    return "  ".join(filter(None, (account.name, account.called, held, *marks)))


def role_lines(policy: RolesPolicy) -> str:
    """Each role with what it may do, Chinese above English."""
    lines = []
    for name, row in policy.roles.items():
        granted = [policy.permissions[one] for one in row.may]
        code = "  +验证码 code" if any(one.second_factor for one in granted) else ""
        lines.append(f"{name}  {row.zh}  {row.en}{code}")
        lines.append(f"    {'、'.join(one.zh for one in granted)}")
        lines.append(f"    {', '.join(one.en for one in granted)}")
    return "\n".join(lines)


def event_line(one: Event) -> str:
    """One event in one line, in Chinese time."""
    where = f"从 from {one.source}" if one.source else "命令行 command line"
    who = one.name or "(无此账号 no such account)"
    by = f"由 by {one.by}" if one.by and one.by != one.name else ""
    parts = (f"{one.at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}", who, KINDS[one.kind], by, where, one.detail)
    return "  ".join(filter(None, parts))


def read_line(one: NumberRead) -> str:
    """One read of a number in one line, in Chinese time."""
    who = one.staff if one.account else f"{one.staff}(无账号 no account)"
    call = f"呼叫 call {one.attempt}" if one.attempt else ""
    parts = (
        f"{one.at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}",
        who,
        f"居民 person {one.person_id}",
        one.reason,
        call,
    )
    return "  ".join(filter(None, parts))


def hearing_line(one: Hearing) -> str:
    """One recording that somebody heard, in one line, in Chinese time."""
    when = f"{one.at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"
    return "  ".join((when, one.staff, f"访问 interview {one.interview} {one.question_id}", one.reason))
