"""Words of the demo's own page: groups of outcome codes, identities."""

from typing import Final

from survey.web.terms import Words

GROUPS: Final[Words] = {
    "I": ("完成", "Interview"),
    "P": ("半成品", "Partial"),
    "R": ("拒访与中断", "Refusal and break-off"),
    "NC": ("未接触到", "Non-contact"),
    "O": ("其他", "Other"),
    "UH": ("是否有人未知", "Unknown if anybody is there"),
    "UO": ("资格未知", "Unknown if eligible"),
    "NE": ("不在范围", "Not eligible"),
}

GROUP_TONES: Final = {
    "I": "green", "P": "green-2", "R": "red", "NC": "amber",
    "O": "amber", "UH": "grey", "UO": "grey", "NE": "pale",
}  # fmt: skip

IDENTITIES: Final = {
    "sample": "样本",
    "callback sample": "回访样本",
    "results received": "收到结果",
    "callbacks created": "创建回访",
    "not suitable": "不宜回访",
    "due": "应访",
    "reached": "已访",
    "unreached": "未访到",
    "unrated": "未评价",
    "waiting": "待定",
    "flagged": "标记",
    "re-dispatched": "再次转办",
    "rejected": "不再转办",
    "imported": "导入事项",
    "appeals": "登记诉求",
    "open": "在办",
    "reached without its result told": "已访而未告知结果",
    "none may be": "不得有",
}
