"""Which columns are never read in."""

import pytest

from survey.sampling.refused_columns import holds_id_card, refused_heading


@pytest.mark.parametrize(
    ("heading", "holds"),
    [
        ("身份证号码", "ID-card or passport numbers"),
        ("证 件 号", "ID-card or passport numbers"),
        ("ID Card No.", "ID-card or passport numbers"),
        ("健康状况", "health"),
        ("精神障碍等级", "health"),
        ("HealthStatus", "health"),
        ("是否重点人员", "a police or stability label"),
        ("重管对象类别", "a police or stability label"),
        ("社区矫正", "a police or stability label"),
        ("刑释解教人员", "a police or stability label"),
        ("吸毒史", "a police or stability label"),
        ("邪教", "a police or stability label"),
        ("上访次数", "a police or stability label"),
        ("宗教", "religion"),
        ("religion", "religion"),
        ("民族", "ethnicity"),
        ("Race", "ethnicity"),
        ("指纹", "biometrics"),
        ("DNA", "biometrics"),
        ("经度", "GPS positions"),
        ("home_lat", "GPS positions"),
        ("ＧＰＳ", "GPS positions"),
    ],
)
def test_a_heading_that_is_never_read_in(heading: str, holds: str) -> None:
    assert refused_heading(heading) == holds


@pytest.mark.parametrize(
    "heading",
    [
        "姓名",
        "电话",
        "乡镇",
        "村",
        "出生年",
        "诉求内容",
        "承办单位",
        "办理结果",
        "工单号",
        "备注",
        "trace",
        "platform",
        "Surface",
        "",
    ],
)
def test_a_harmless_heading(heading: str) -> None:
    assert refused_heading(heading) is None


def test_an_id_card_number_is_known_by_its_check_digit() -> None:
    assert holds_id_card("11010519491231002X")
    assert holds_id_card("本人11010519491231002x反映")
    assert holds_id_card("１１０１０５１９４９１２３１００２Ｘ")
    assert not holds_id_card("110105194912310021")  # check digit wrong
    assert not holds_id_card("11010519491331002X")  # month 13
    assert not holds_id_card("911010519491231002X")  # part of a longer number
    assert not holds_id_card("GD20260302-00017")
