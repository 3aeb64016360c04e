"""The parameters in force for one place and day, gathered once for the criteria.

Only verified values come in. What is missing stays None, and every rule that needs it sends the
case to a person; no value of another place stands in.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from rules import regions
from rules.errors import ParameterNotInForce
from rules.parameter_store import Store, default_store
from rules.parameter_values import MONTHLY, Parameter

GROUPS = ("urban", "rural")
CHONGQING, FUJIAN, NEIMENGGU = "500000", "350000", "150000"
# Deposits above so many monthly standards a head are looked at by a person where no verified limit
# exists. Not a legal line and never shown: the lowest limit found in any collected text, so that
# nobody is told "likely" who would fail it.
CAUTION_MONTHS = 12
# 十四五: the central basic pension is left out of income until this day; nothing found for later.
BASIC_PENSION_EXCLUDED_UNTIL = date(2025, 12, 31)
CHONGQING_NEW_RULES = date(2020, 9, 7)
# 重庆市城乡居民最低生活保障条例, as revised in 2016.
CHONGQING_REGULATION = date(2016, 5, 1)
# 内蒙古关于改革完善社会救助制度的实施办法.
NEIMENGGU_2021 = date(2021, 6, 23)


@dataclass(frozen=True, slots=True)
class Line:
    """A standard a head and year in fen; low and high differ when the document gives a range."""

    low: int
    high: int


@dataclass(frozen=True, eq=False)
class Law:
    """What the rules compare with. `region` None: the place is not known yet."""

    region: str | None
    on: date
    standards: dict[str, Parameter] = field(default_factory=dict)
    edge_multiple: Parameter | None = None
    single_multiple: Parameter | None = None
    exit_multiples: dict[str, Parameter] = field(default_factory=dict)
    exit_months: Parameter | None = None
    deposit_cap: Parameter | None = None
    edge_deposit_cap: Parameter | None = None
    employment_cost: Parameter | None = None
    fast_track_days: Parameter | None = None
    fast_track_cap: Parameter | None = None
    process_days: Parameter | None = None
    medical_ratio: Parameter | None = None
    gaps: tuple[str, ...] = ()
    store: Store | None = None

    def find(self, name: str, hukou: str | None = None, on: date | None = None) -> Parameter | None:
        """The verified value of another parameter for this place, or None. `on`: another day."""
        store = self.store or default_store()
        try:
            return store.in_force(name, self.region or regions.NATION, on or self.on, hukou=hukou)
        except ParameterNotInForce:
            return None

    def line(self, group: str) -> Line | None:
        """The standard of the group a head and year."""
        standard = self.standards.get(group)
        if standard is None:
            return None
        factor = 12 if standard.unit == MONTHLY else 1
        return Line(round(standard.low * 100) * factor, round(standard.high * 100) * factor)

    @property
    def differs_by_hukou(self) -> bool:
        """Whether urban and rural residents are measured differently here."""
        return self.line("urban") != self.line("rural")

    def inside(self, *ancestors: str) -> bool:
        """Whether the place lies in one of these divisions."""
        return regions.within(self.region, *ancestors)

    @property
    def caution_months(self) -> int:
        """Deposit a head, in monthly standards, above which a person looks at the property."""
        return int(self.deposit_cap.low) if self.deposit_cap else CAUTION_MONTHS

    @property
    def deposit_months(self) -> tuple[int, ...]:
        """Every such limit a criterion compares with; the margin's own only where verified."""
        margin = (int(self.edge_deposit_cap.low),) if self.edge_deposit_cap else ()
        return tuple(sorted({self.caution_months, *margin}))


@lru_cache(maxsize=1024)
def _cached(region: str | None, on: date, store: Store) -> Law:
    return _gather(region, on, store)


def of(region: str | None, on: date, store: Store | None = None) -> Law:
    """The law of the place on the day. Raises UnknownRegion for a code that does not exist."""
    return _cached(region, on, store or default_store())


def _gather(region: str | None, on: date, store: Store) -> Law:
    gaps: list[str] = []
    place = region or regions.NATION

    def get(name: str, hukou: str | None = None) -> Parameter | None:
        try:
            return store.in_force(name, place, on, hukou=hukou)
        except ParameterNotInForce as missing:
            if missing.gap and missing.gap not in gaps:
                gaps.append(missing.gap)
            return None

    standards: dict[str, Parameter] = {}
    exits: dict[str, Parameter] = {}
    if region is not None:
        for group in GROUPS:
            if found := get("dibao_standard", group):
                if found.at_least:
                    gaps.append(f"{found.title}只知道在{found.low}{found.unit}以上")
                    continue
                standards[group] = found
            if found := get("dibao_gradual_exit_income_cap_multiple", group):
                exits[group] = found
    edge = get("dibao_edge_income_cap_multiple")
    return Law(
        region=region,
        on=on,
        standards=standards,
        edge_multiple=edge,
        single_multiple=get("dibao_split_household_income_cap_multiple") or edge,
        exit_multiples=exits,
        exit_months=get("dibao_gradual_exit_months") or get("dibao_gradual_exit_months_max"),
        deposit_cap=get("dibao_asset_monetary_cap"),
        edge_deposit_cap=get("dibao_edge_asset_monetary_cap"),
        employment_cost=get("employment_cost_deduction"),
        fast_track_days=get("temp_aid_fast_track_days_max"),
        fast_track_cap=get("temp_aid_fast_track_amount_cap_multiple"),
        process_days=get("dibao_process_days") or get("dibao_process_workdays"),
        medical_ratio=get("medical_aid_ratio_min_dibao_tekun"),
        gaps=tuple(gaps),
        store=store,
    )
