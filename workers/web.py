"""The web process: webhooks of the carrier, the respondent's form, and the pages of those who work here."""

import asyncio
import gc
import signal
from functools import partial
from time import monotonic
from typing import Any

import structlog
from aiohttp import web

from followup.api.document import document
from followup.api.serving import Served, api_app
from followup.api.table import OPERATIONS
from followup.open311.serving import Open311
from followup.reports.board import case_matters
from followup.reports.live import flag_tiles, notice_tiles
from followup.web.appeal_pages import APPEAL, AppealPages
from followup.web.callback_pages import CallbackPages
from followup.web.chart_pages import ChartPages
from followup.web.flag_pages import FlagPages
from followup.web.month_pages import MONTH, MonthPages
from followup.web.office_pages import OfficePages
from followup.web.report_pages import ReportPages
from followup.web.resident_pages import ResidentPages
from followup.web.unit_desk_pages import UnitDeskPages
from followup.web.unit_pages import unit_routes
from followup.web.unit_quality_page import UnitQualityPage
from survey import desk_shift
from survey.access.passwords import Passwords
from survey.access.signing_in import SigningIn
from survey.caller_settings import browser_key, our_accounts
from survey.field.calendar_cn import spring_festival
from survey.openid_settings import openid_of
from survey.settings import Settings
from survey.web.appointment_pages import APPOINTMENTS, AppointmentPages
from survey.web.audio import audio_routes
from survey.web.board_pages import BoardPages
from survey.web.call_sheet_pages import SHEET, CallSheetPages
from survey.web.caller_pages import CallerPages
from survey.web.campaign_pages import CampaignPages
from survey.web.day_page import day_routes
from survey.web.desk_pages import DeskPages
from survey.web.form import form_routes
from survey.web.gate import Gate
from survey.web.handover_pages import HandoverPages
from survey.web.home_page import Step, home_routes
from survey.web.inbound_calls import inbound_routes
from survey.web.line_pages import LinePages
from survey.web.linked import linked_routes
from survey.web.masked import masked_routes
from survey.web.openid_pages import OpenIdPages
from survey.web.people_pages import PeoplePages
from survey.web.quality_pages import QualityPages
from survey.web.sign_in_pages import sign_in_routes
from survey.web.webhooks import Webhooks, activity_middleware
from workers.runtime import Service, database_url, open_service

log = structlog.get_logger()

CONNECTIONS = 10
"""All of them open at once: people come at eight in the morning, and after a restart, all together."""
COLLECT_AFTER = (50_000, 20, 100)
"""Objects made before cyclic garbage is looked for, and rounds between the older generations. At Python's own 700 that is done
many times a second while residents answer, and a quarter of the processor time goes into it."""

STEPS = (
    Step("desk.work", "拨打下一位", "Call the next person", "队列按时间排好,一次一位。",
         "The queue is in order; one person at a time.", path="/desk"),
    Step("numbers.read", "看等人处理的事", "See what waits for a person", "要求人工的、说到危险的、有录音要听的。",
         "Who asked for a person, spoke of danger, or left a recording.", path="/handovers"),
    Step("cases.decide", "决定不满意的事项", "Decide on dissatisfied answers", "看居民怎么说,再次交办或驳回。",
         "Read what the resident said; send it out again, or reject.", path="/flags"),
    Step("day.read", "看现场", "Watch the field", "排队、人员、接通完成率、配额、线路、等人处理的事,实时更新。",
         "Queue, people, rates, quotas, lines and what waits for a person, live.", path="/board"),
    Step("campaigns.manage", "安排调查项目", "Run campaigns", "新建、检查、审批、启动、暂停,看进度和队列为什么空。",
         "Write one, check, approve, start, pause it; how it stands and why its queue is empty.", path="/campaigns"),
    Step("quality.check", "抽查访问", "Check interviews", "听抽中的和可疑的访问,给结论;差错率逐人算。",
         "Listen to those that were drawn or look suspicious; error rates by surveyor.", path="/quality"),
    Step("cases.supervise", "交办和裁定", "Dispatch and decide", "待交办、退单、延期,按时限排好。",
         "What waits to be dispatched, returns, more time asked for; the first due first.", path="/dispatch"),
    Step("accounts.manage", "管账号", "Look after accounts", "开通、重置、停用、改岗位。",
         "Give out, reset, disable, change roles.", path="/people"),
    Step("access.audit", "查登录与越权", "See who signed in and who was refused", "新的在前。",
         "Newest first.", command="minyi user log"),
    Step("day.read", "看今天的情况", "See the day", "队列、通话、等人处理的事,自动刷新。",
         "Queues, calls and what waits for a person; it refreshes itself.", path="/"),
    Step("reports.read", "看图", "Look at charts", "安全感、各乡镇、回访、红黄绿。",
         "Safety, townships, callbacks, colours.", path="/charts"),
    Step("cases.read", "看回访", "Look into callbacks", "报告里每个数背后是哪几件,逐件看到原话。",
         "Which callbacks are behind each number of a report, down to what was said.", path="/callbacks"),
    Step("shifts.plan", "排班", "Plan shifts", "这一周谁什么时候上班。",
         "Who works when this week.", path="/people/shifts"),
    Step("reports.read", "看报告", "Read reports", "已签发的报告。",
         "What was issued.", path="/reports"),
    Step("cases.handle", "办理本单位的事项", "Handle your unit's cases", "签收、反馈、退单、申请延期。",
         "Sign, report, return, ask for more time.", path="/unit"),
)  # fmt: skip
"""What the people who work here can do, the most urgent first: the first that somebody may do is their next step."""


async def serve(settings: Settings) -> None:
    """Serve until told to stop (SIGTERM, Ctrl-C)."""
    async with open_service(settings, "web", ready=CONNECTIONS) as service:
        runner = await app_runner(service)
        await runner.setup()
        await web.TCPSite(runner, settings.web_host, settings.web_port).start()
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stopping.set)
        await stopping.wait()
        await runner.cleanup()


async def app_runner(service: Service) -> web.AppRunner:
    """The application, about to be served. Without an access log: the address of a form is a resident's secret."""
    app = await build_app(service)
    spring_festival(service.ground.clock.now().year)  # half a second of imports that somebody would wait for
    gc.collect()
    gc.freeze()  # what is loaded by now stays, and need not be looked at again
    gc.set_threshold(*COLLECT_AFTER)
    return web.AppRunner(app, access_log=None)


async def build_app(service: Service) -> web.Application:
    """The application: signed webhooks, health, and the page that shows the day."""
    ground, settings = service.ground, service.settings
    app = web.Application(middlewares=[activity_middleware(ground)])
    first, *further = our_accounts(settings)
    webhooks = Webhooks(
        ground,
        auth_token=first.token,
        public_url=settings.public_url,
        further={account.sid: account.token for account in further},
    )
    app.add_routes(webhooks.routes())
    app.add_routes(linked_routes(ground, verify=webhooks.verified))
    app.add_routes(masked_routes(ground, public_url=settings.public_url, verify=webhooks.verified))
    app.add_routes(
        inbound_routes(
            ground, verify=webhooks.verified, public_url=settings.public_url, centre=settings.centre
        )
    )
    app.add_routes(form_routes(ground))
    app.add_routes(audio_routes(ground))
    app.add_routes(unit_routes(ground))
    app.add_routes([web.get("/health", _health)])
    passwords = Passwords()
    gate = Gate(
        SigningIn(ground, passwords),
        public_url=settings.public_url,
        fictional=settings.number_plan == "fictional",
        proxies=settings.web_proxies,
    )
    openid = OpenIdPages(ground, gate, openid_of(settings))
    app.add_routes(openid.routes())
    app.add_routes(sign_in_routes(gate, [partial(desk_shift.leave, ground)], openid.button))
    app.add_routes(home_routes(gate, STEPS))
    app.add_routes(ResidentPages(ground, gate.source, monotonic).routes())
    app.add_routes(ReportPages(ground, settings.centre, gate, database_url(settings)).routes())
    app.add_routes(ChartPages(ground, settings.centre, gate, database_url(settings)).routes())
    app.add_routes(CallbackPages(ground, settings.centre, gate, service.line.carrier).routes())
    app.add_routes(FlagPages(ground, settings.centre, gate).routes())
    app.add_routes(PeoplePages(ground, settings.centre, gate, passwords).routes())
    app.add_routes(QualityPages(ground, settings.centre, gate, service.line.carrier).routes())
    app.add_routes(OfficePages(ground, settings.centre, gate).routes())
    app.add_routes(UnitQualityPage(ground, settings.centre, gate).routes())
    app.add_routes(UnitDeskPages(ground, settings.centre, gate).routes())
    board = BoardPages(ground, settings.centre, gate, [case_matters(settings.centre)])
    app.add_routes(board.routes())
    app.on_shutdown.append(board.close)
    known = bool(settings.carrier_account_sid and settings.carrier_number)
    app.add_routes(CampaignPages(ground, settings.centre, gate, caller_known=known).routes())
    app.add_routes(HandoverPages(ground, settings.centre, gate).routes())
    app.add_routes(CallerPages(ground, settings.centre, gate).routes())
    line = LinePages(ground, settings.centre, gate, browser_key(settings))
    app.add_routes(line.routes())
    app.add_routes(
        DeskPages(
            ground, settings.centre, settings.number_plan, gate, line, [APPEAL], [APPOINTMENTS, MONTH, SHEET]
        ).routes()
    )
    app.add_routes(AppealPages(ground, settings.centre, gate).routes())
    app.add_routes(MonthPages(ground, settings.centre, gate).routes())
    app.add_routes(AppointmentPages(ground, settings.centre, gate).routes())
    app.add_routes(CallSheetPages(ground, settings.centre, gate).routes())
    app.add_routes(
        day_routes(
            ground.pool,
            ground.clock,
            settings.centre,
            gate,
            [flag_tiles(settings.centre), notice_tiles(settings.centre)],
        )
    )
    app.add_subapp("/api/v1", api_app(Served(ground, settings.number_plan), OPERATIONS, document(OPERATIONS)))
    app.add_subapp("/open311/v2", Open311(ground, settings.number_plan, settings.centre).app())
    return app


async def _health(request: web.Request) -> web.Response:
    body: dict[str, Any] = {"ok": True}
    return web.json_response(body)
