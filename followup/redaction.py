"""What of a resident's words a unit does not get to read (脱敏): everything by which they could be found. Pure.

The centre keeps the words themselves; whatever is shown to a unit goes through `redacted` first. It takes out
numbers of telephones, identity cards, bank cards, messengers and plates, addresses down to the door, mail
addresses, and the names that are known. It cannot know a name that nobody told it: where the words introduce
one ("我叫…"), it goes by that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

NUMBER, IDENTITY, CARD, PLATE = "〔号码〕", "〔证件号〕", "〔卡号〕", "〔车牌〕"
DOOR, MAIL, NAME, ACCOUNT = "〔门牌〕", "〔邮箱〕", "〔姓名〕", "〔账号〕"

_D: Final = r"[0-9０-９]"
_GAP: Final = r"[ \-－—·.]?"
_NOT_IN_NUMBER: Final = (rf"(?<!{_D})", rf"(?!{_D})")
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)


def _alone(pattern: str) -> str:
    before, after = _NOT_IN_NUMBER
    return before + pattern + after


_ZH: Final = "[一二三四五六七八九十百]"
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_MAIL: Final = r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_ACCOUNT: Final = (
    r"(?P<keep>(?:微信|QQ|支付宝|抖音)(?:号码?|账号)?(?:是|为|[:\uff1a])?\s*)[A-Za-z0-9][A-Za-z0-9_\-]{4,19}"
)
_CENTURY: Final = "(?:19|20|１９|２０)"
_IDENTITY: Final = (
    rf"[1-9１-９]{_D}{{5}}{_GAP}{_CENTURY}{_D}{{2}}{_GAP}{_D}{{4}}{_GAP}{_D}{{3}}[0-9０-９XxＸｘ]"
)
_CARD: Final = rf"(?:{_D}{{4}}[ \-]?){{4}}{_D}{{0,3}}"
_MOBILE: Final = rf"\+?(?:86|８６)?{_GAP}[1１][3-9３-９]{_D}{_GAP}{_D}{{4}}{_GAP}{_D}{{4}}"
_LANDLINE: Final = rf"[0０]{_D}{{2,3}}[ \-－—]?{_D}{{7,8}}"
_SERVICE_LINE: Final = rf"[48]00[ \-]?{_D}{{3}}[ \-]?{_D}{{4}}"
_PLATE: Final = rf"(?<![A-Z0-9])[{_PROVINCES}][A-Z][·•. \-]?[A-Z0-9]{{5,6}}(?![A-Z0-9])"
_ENTRANCE: Final = rf"(?:{_D}{{1,3}}单元|{_ZH}单元)"
_ROOM: Final = rf"(?:{_D}{{1,5}}(?:室|号|户)?|{_ZH}{{1,3}}(?:楼|层)(?:{_D}{{1,5}}(?:室|号)?)?)"
_HOUSE: Final = rf"(?:{_D}{{1,4}}|{_ZH}{{1,4}})(?:号楼|号院|栋|幢|座){_ENTRANCE}?{_ROOM}?"
_IN_ROAD: Final = (
    rf"(?P<keep>(?:路|街|巷|弄|里|大道|胡同|村|屯|庄|组|社|队|区)){_D}{{1,5}}(?:-{_D}{{1,4}})?"
    rf"号(?!线|车|文|事|站|井|杆)(?:{_D}{{1,5}}室)?"
)

_RULES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), mark)
    for pattern, mark in (
        (_MAIL, MAIL),
        (_ACCOUNT, ACCOUNT),
        (_alone(_IDENTITY), IDENTITY),
        (_alone(_CARD), CARD),
        (_alone(_MOBILE), NUMBER),
        (_alone(_LANDLINE), NUMBER),
        (_alone(_SERVICE_LINE), NUMBER),
        (_alone(rf"(?<!-){_D}{{7,}}"), NUMBER),
        (r"[零〇一二三四五六七八九幺两]{7,}", NUMBER),
        (_PLATE, PLATE),
        (_HOUSE, DOOR),
        (rf"{_D}{{1,3}}单元{_D}{{1,5}}(?:室|号|户)?", DOOR),
        (_IN_ROAD, DOOR),
        (rf"{_D}{{3,4}}室", DOOR),
    )
)
"""In the order in which they are tried: what is longer and more certain first."""

_INTRODUCED: Final = (
    r"我叫|我是|本人叫?|我的名字(?:叫|是)|姓名(?:是|[:\uff1a])?\s*|联系人(?:是|[:\uff1a])?\s*"
)
_GOES_ON: Final = r"[,\uff0c。.;\uff1b、!\uff01\s]|$|住|家|的|电话|手机"
_NAMED_AFTER: Final = re.compile(
    rf"(?P<keep>{_INTRODUCED})(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)(?={_GOES_ON})"
)
_WITH_TITLE: Final = re.compile(rf"[{_SURNAMES}](?=(?:先生|女士|大爷|大妈|大叔|阿姨))")


def redacted(words: str, names: Iterable[str] = ()) -> str:
    """`words` without what leads to a person. `names`: those that are known, the resident's first of all."""
    for name in sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True):
        words = words.replace(name, NAME)
    for pattern, mark in _RULES:
        words = pattern.sub(lambda found, mark=mark: _kept(found) + mark, words)  # type: ignore[misc]
    words = _NAMED_AFTER.sub(lambda found: found["keep"] + NAME, words)
    return _WITH_TITLE.sub("某", words)


def _kept(found: re.Match[str]) -> str:
    return found.groupdict().get("keep") or ""
