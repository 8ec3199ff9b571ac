"""The first page after the sign-in: who one is, one obvious next step, and the rest beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from survey.access.roles import Permission, needs_second_factor, roles_policy
from survey.access.signing_in import Visit
from survey.store import areas
from survey.web.gate import HOME, NEXT_STEP, Gate, address
from survey.web.shell import page


@dataclass(frozen=True)
class Step:
    """What somebody can do who has `permission`: at `path`, or, where there is no page yet, by `command`.

    In a command {name} is theirs, and {linked} the flag with which contractors work, who see no numbers.
    """

    permission: Permission
    zh: str
    en: str
    sub_zh: str
    sub_en: str
    path: str = ""
    command: str = ""


@dataclass(frozen=True)
class Held:
    """A role as the page names it."""

    zh: str
    en: str
    area_zh: str
    area_en: str
    may_zh: str
    may_en: str


def home_routes(gate: Gate, steps: Sequence[Step]) -> list[web.RouteDef]:
    """`/home`. `steps`: what there is to do, the most urgent first."""

    async def home(request: web.Request, visit: Visit) -> web.StreamResponse:
        who = visit.who
        linked = " --linked" if who.contractor else ""
        open_steps = [
            (
                one,
                address(request, one.path) if one.path else "",
                one.command.format(name=who.name, linked=linked),
            )
            for one in steps
            if one.permission in who.permissions
        ]
        async with gate.signing.pool.acquire() as conn:
            names = await areas.names_of(conn, [one.area for one in who.grants])
        values = {
            "who": who,
            "first": open_steps[:1],
            "others": open_steps[1:],
            "held": [_held(one.role, names[one.area]) for one in who.grants],
            "has_code": visit.account.totp_cipher is not None,
            "needs_code": needs_second_factor(who.grants),
            "form_token": gate.form_token(request),
            "sign_out": address(request, "/sign-out"),
            "password": address(request, NEXT_STEP["password"]),
            "factor": address(request, NEXT_STEP["enrol"]),
        }
        return page(request, "survey.web", "home.html", values)

    return [web.get(HOME, gate.open_to_signed_in(home))]


def _held(role: str, name: tuple[str, str]) -> Held:
    policy = roles_policy()
    row = policy.roles[role]
    granted = [policy.permissions[one] for one in row.may]
    return Held(
        row.zh, row.en, *name, "、".join(one.zh for one in granted), ", ".join(one.en for one in granted)
    )
