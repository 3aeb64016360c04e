"""Loads the dated parameters, refuses what contradicts itself, and answers "what held then, there".

A value is verified when its evidence is of grade S (original text of record), A (government site),
B (official press) or R (full text of a law). Other grades are loaded as unverified: `in_force`
passes over them, nothing shows them, no rule decides by them. Files whose figures cannot be right
as printed are set aside ("quarantined") until a person confirms a reading.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from rules import regions
from rules.errors import HukouNeeded, ParameterError, ParameterNotInForce, UnknownRegion
from rules.parameter_checks import LIVING_STANDARDS, quarantine, refuse_low_tekun, refuse_overlaps
from rules.parameter_shape import Row, gaps_of, rows_of
from rules.parameter_values import MONTHLY, VERIFIED_GRADES, YEARLY, Gap, Parameter, Quarantined

FOLDER = Path(__file__).resolve().parent / "parameters"
GRADES = VERIFIED_GRADES | frozenset("CXMD")
POPULATIONS = ("all", "urban", "rural")
STALE_MONTHS = 18


@dataclass(slots=True, eq=False)
class Store:
    """All parameters of one folder, checked as a whole. `Store.load` raises ParameterError."""

    parameters: list[Parameter]
    quarantined: list[Quarantined] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    _index: dict[tuple[str, str], list[Parameter]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Store":
        """Read every YAML file below the folder and check them against each other."""
        parameters: list[Parameter] = []
        gaps: list[Gap] = []
        for path in sorted(folder.glob("*/*.yml")):
            read, missing = _read_file(path)
            parameters += read
            gaps += missing
        return cls.of(parameters, gaps)

    @classmethod
    def of(cls, parameters: Iterable[Parameter], gaps: Iterable[Gap] = ()) -> "Store":
        """A store of these values; misprints are set aside, contradictions refused."""
        sound, aside = quarantine(list(parameters))
        refuse_overlaps(sound)
        refuse_low_tekun(sound)
        store = cls(sound, aside, list(gaps))
        for parameter in sound:
            store._index.setdefault((parameter.name, parameter.region_code), []).append(parameter)
        return store

    def in_force(
        self,
        parameter: str,
        region: str,
        on: date,
        population: str = "all",
        hukou: str | None = None,
    ) -> Parameter:
        """The verified value that holds for the place on the day, nearest layer first.

        `hukou` (urban | rural) or `population` picks the group; a value for everybody answers
        any group. Raises ParameterNotInForce, or HukouNeeded when only the group decides.
        """
        group = hukou if hukou in ("urban", "rural") else population
        gap = ""
        skipped = False
        for code in regions.layers(region):
            rows = [p for p in self._index.get((parameter, code), ()) if p.covers(on)]
            found = [p for p in rows if p.verified]
            match = [p for p in found if p.population == group] or [
                p for p in found if p.population == "all"
            ]
            if match:
                stale = match[0].unit.startswith("元") and _months(match[0], on) > STALE_MONTHS
                return replace(match[0], stale=stale, local_unverified=skipped)
            if found and group == "all":
                raise HukouNeeded(parameter, region, on, "城镇和农村不同，要先知道户口")
            if rows:
                skipped = True
                gap = gap or f"{rows[0].title}有数字但没有核实"
        raise ParameterNotInForce(parameter, region, on, self._why(parameter, region, on) or gap)

    def history(self, parameter: str, region: str) -> list[Parameter]:
        """Every verified value of the place itself, oldest first, even without a known start."""
        rows = [p for p in self._index.get((parameter, region), ()) if p.verified]
        return sorted(rows, key=lambda p: (p.effective_from or date.min, p.population))

    def _why(self, parameter: str, region: str, on: date) -> str:
        chain = regions.layers(region)
        for aside in self.quarantined:
            same = aside.parameter.name == parameter and aside.parameter.region_code in chain
            if same and aside.parameter.covers(on):
                return f"{aside.parameter.title}金额待核实：{aside.reason_zh}"
        for missing in self.gaps:
            if missing.name == parameter and missing.region_code in chain:
                place = regions.region(missing.region_code).name
                return f"{place}{missing.label or missing.name}：{missing.reason_zh}"
        return ""


@cache
def files_store() -> Store:
    """The parameters of the files, read once per process."""
    return Store.load()


_using: ContextVar[Store | None] = ContextVar("parameters in use", default=None)


def default_store() -> Store:
    """The parameters of the surrounding `using`; without one, those of the files."""
    return _using.get() or files_store()


@contextmanager
def using(store: Store) -> Iterator[None]:
    """Whatever names no store of its own goes by this one: a turn, a request, a command."""
    token = _using.set(store)
    try:
        yield
    finally:
        _using.reset(token)


def in_force(
    parameter: str,
    region: str,
    on: date,
    population: str = "all",
    hukou: str | None = None,
) -> Parameter:
    """The published value; see `Store.in_force`."""
    return default_store().in_force(parameter, region, on, population, hukou)


def history(parameter: str, region: str) -> list[Parameter]:
    """The published values over time; see `Store.history`."""
    return default_store().history(parameter, region)


def quarantined() -> list[Quarantined]:
    """Values set aside until a person confirms them."""
    return list(default_store().quarantined)


def _months(parameter: Parameter, on: date) -> float:
    start = parameter.effective_from or on
    months = (on.year - start.year) * 12 + on.month - start.month
    return months + (on.day - start.day) / 31


# Reading -------------------------------------------------------------------------------------


class _Loader(yaml.CSafeLoader):
    """The safe loader (libyaml's, twenty times faster), but a key given twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise ParameterError(f"{node.start_mark}: 同一个键写了两次")
        return super().construct_mapping(node, deep=deep)


def _read_file(path: Path) -> tuple[list[Parameter], list[Gap]]:
    with path.open(encoding="utf-8") as file:
        try:
            content = yaml.load(file, Loader=_Loader)  # noqa: S506 - a safe loader, see below
        except yaml.YAMLError as broken:
            raise ParameterError(f"{path}: 不是有效的 YAML：{broken}") from None
    rows = list(rows_of(path, content))
    code = str(content["region"])
    if code != path.parent.name:
        raise ParameterError(f"{path}: region 与文件夹不一致：{code}")
    read: list[Parameter] = []
    for where, name, block, row in rows:
        read += _read_row(where, code, str(content["programme"]), name, block, row)
    gaps = [Gap(name, code, reason, label) for name, label, reason in gaps_of(path, content)]
    return read, gaps


_ROW_KEYS = frozenset({
    "population", "applies_to", "from", "to", "value", "range", "at_least", "comparison",
    "page_stamp", "unit", "document", "clause", "grade", "url", "end_inferred", "note",
    "ratio_note", "checked_until",
})  # fmt: skip


def _read_row(
    where: str, code: str, programme: str, name: str, block: Row, row: Row
) -> Iterator[Parameter]:
    if unknown := set(row) - _ROW_KEYS:
        raise ParameterError(f"{where}: 不认识的键 {sorted(map(str, unknown))}")
    if not str(row.get("document") or "").strip():
        raise ParameterError(f"{where}: 没有出处（document）")
    grade = str(row.get("grade") or "")
    if grade not in GRADES:
        raise ParameterError(f"{where}: 证据级别不对：{grade!r}")
    if not row.get("unit"):
        raise ParameterError(f"{where}: 没有单位")
    if name in LIVING_STANDARDS and row["unit"] not in (MONTHLY, YEARLY):
        raise ParameterError(f"{where}: 生活标准的单位要写成“{MONTHLY}”或“{YEARLY}”：{row['unit']}")
    population = row.get("population", "all")
    if population not in POPULATIONS:
        raise ParameterError(f"{where}: 人口口径不对：{population}")
    start, end = row.get("from"), row.get("to")
    if start and end and end < start:
        raise ParameterError(f"{where}: 止期早于起期")
    if start is not None and start == row.get("page_stamp"):
        raise ParameterError(f"{where}: 起期不能取自网页的抓取时间")
    url = str(row.get("url") or "")
    if url and grade not in "AB":
        raise ParameterError(f"{where}: {grade} 级证据不写网址")
    if ("value" in row) == ("range" in row):
        raise ParameterError(f"{where}: 要有 value 或 range，且只要一个")
    low, high = row["range"] if "range" in row else (row["value"], row["value"])
    for amount in (low, high):
        if isinstance(amount, bool) or not isinstance(amount, int | float) or amount < 0:
            raise ParameterError(f"{where}: 数值不对：{amount!r}")
    if low > high:
        raise ParameterError(f"{where}: 区间上下限颠倒")
    for place in row.get("applies_to") or [code]:
        yield Parameter(
            name=name,
            value=row.get("value"),
            low=low,
            high=high,
            at_least=bool(row.get("at_least", False)),
            unit=str(row["unit"]),
            region_code=str(place),
            region_name=_name_of(where, str(place)),
            population=population,
            document=str(row["document"]),
            clause=str(row.get("clause") or ""),
            evidence_grade=grade,
            effective_from=start,
            effective_to=end,
            checked_until=row.get("checked_until"),
            verified=grade in VERIFIED_GRADES,
            programme=programme,
            label=str(block.get("label") or ""),
            comparison=str(row.get("comparison") or ""),
            note=str(row.get("note") or ""),
            url=url,
            end_inferred=bool(row.get("end_inferred", False)),
            ratio_note=str(row.get("ratio_note") or ""),
        )


def _name_of(where: str, place: str) -> str:
    try:
        return regions.region(place).name
    except UnknownRegion as unknown:
        raise ParameterError(f"{where}: {unknown}") from None
