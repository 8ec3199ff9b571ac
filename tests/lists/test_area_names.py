"""Names of places, looked up as lists write them."""

import pytest

from survey.sampling.area_names import AreaNames
from survey.sampling.refusals import FieldRefused

CITY = AreaNames(
    {
        "991702": "驿东区",
        "991721": "遂澜县",
        "991702100": "沙店镇",
        "991721100": "沙店镇",
        "991721101": "竹坡镇",
        "991721100200": "王庄村",
        "991721101200": "王庄村",
    }
)


@pytest.mark.parametrize(
    ("township", "village", "code"),
    [
        ("竹坡镇", "", "991721101"),
        ("竹坡镇", "王庄村", "991721101200"),
        ("竹坡镇王庄村", "", "991721101200"),
        ("遂澜县沙店镇", "王 庄 村", "991721100200"),
        ("驿东区沙店镇", "", "991702100"),
        ("991721100", "王庄村", "991721100200"),
        ("991721100200", "", "991721100200"),
        ("991721100", "991721100200", "991721100200"),
        ("９９１７２１１０１", "", "991721101"),
    ],
)
def test_a_place_is_found_by_name_or_code(township: str, village: str, code: str) -> None:
    assert CITY.resolve(township, village) == code


@pytest.mark.parametrize(
    ("township", "village", "said", "field"),
    [
        ("沙店镇", "", '"沙店镇" is a township of 驿东区 and 遂澜县; write the county in front', "township"),
        ("遂澜县", "", '"遂澜县" is a county; write the township or street', "township"),
        ("竹坡乡", "", 'unknown township "竹坡乡"; nearest known names: 竹坡镇', "township"),
        ("竹坡镇", "王楼村", 'unknown village "王楼村" in 竹坡镇; nearest known names: 王庄村', "village"),
        ("竹坡镇王楼村", "", 'unknown village "王楼村" in 竹坡镇; nearest known names: 王庄村', "township"),
        (
            "驿东区沙店镇",
            "王庄村",
            'unknown village "王庄村" in 沙店镇; no known name is like it; check the spelling',
            "village",
        ),
        (
            "北京",
            "",
            'unknown township "北京"; no known name is like it; check the spelling',
            "township",
        ),
    ],
)
def test_a_place_that_cannot_be_found(township: str, village: str, said: str, field: str) -> None:
    with pytest.raises(FieldRefused) as no:
        CITY.resolve(township, village)
    assert (str(no.value), no.value.field) == (said, field)
