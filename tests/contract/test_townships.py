"""How the list of townships is made from the statistical bureau's."""

from devtools.townships import townships

LISTED = [
    {"code": "500233204", "name": "磨子土家族乡", "areaCode": "500233"},
    {"code": "152921400", "name": "额鲁特街道办事处", "areaCode": "152921"},
    {"code": "500233116", "name": "拔山镇", "areaCode": "500233"},
    {"code": "350902500", "name": "蕉城工业园区", "areaCode": "350902"},
    {"code": "150172001", "name": "稀土路街道", "areaCode": "150172"},
    {"code": "110101001", "name": "东华门街道", "areaCode": "110101"},
    {"code": "150581400", "name": "红星农场", "areaCode": "150581"},
]


def test_townships_are_kept_and_parks_and_other_regions_are_not() -> None:
    counties = {row["areaCode"] for row in LISTED} - {"150172"}
    assert townships(LISTED, counties) == [
        ("150581400", "红星农场", ""),
        ("152921400", "额鲁特街道", ""),
        ("500233116", "拔山镇", ""),
        ("500233204", "磨子土家族乡", "磨子乡"),
    ]
