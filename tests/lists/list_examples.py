"""A small county, and how its lists are read in these tests."""

from datetime import date
from zoneinfo import ZoneInfo

from survey.sampling import resident_lists
from survey.sampling.list_specs import ClosedCaseRow, closed_cases, residents
from survey.sampling.lists import ListRead, read_list
from survey.sampling.resident_lists import ResidentList

MONDAY = date(2026, 3, 9)
SHANGHAI = ZoneInfo("Asia/Shanghai")
AREAS = {
    "991721": "遂澜县",
    "991721001": "建城街道",
    "991721100": "沙店镇",
    "991721101": "竹坡镇",
    "991721100200": "王庄村",
    "991721100201": "李楼村",
    "991721101200": "王庄村",
}
UNITS = {
    "991721-police": "遂澜县公安局",
    "991721-urban": "遂澜县城管局",
    "991721-dcs-party": "遂澜县委督查室",
}
CASE_HEADINGS = "工单号,诉求人,联系电话,诉求内容,类别,所属区域/乡镇,承办单位,办结时间,办理结果,是否联系群众"


def read_residents(data: str | bytes, file_name: str = "residents.csv") -> ResidentList:
    spec = residents(AREAS, plan="fictional", today=MONDAY, dialling_code="0396")
    return resident_lists.read_residents(data.encode() if isinstance(data, str) else data, file_name, spec)


def read_cases(*lines: str) -> ListRead[ClosedCaseRow]:
    spec = closed_cases(AREAS, UNITS, plan="fictional", today=MONDAY, tz=SHANGHAI)
    return read_list("\n".join((CASE_HEADINGS, *lines)).encode(), "closed_cases.csv", spec)
