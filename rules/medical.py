"""A medical hardship as an ordered list of five kinds of aid, and what the rounds may be worth.

凉山's "五位一体" (YL-13): insurance premiums, outpatient, inpatient, temporary aid, charity, each
once. The rounds count only costs inside the three catalogues after insurance. The first takes a
verified ratio and limit; the second, where a place has one, what is left, and never above its
ceiling. Without a verified ratio there is no figure: nobody outside the key groups is promised 70
percent.
"""

from dataclasses import dataclass
from datetime import date

from rules import law as laws
from rules.criteria import LIKELY, NEED_PERSON, UNLIKELY
from rules.facts import Facts, bounds, flag, level
from rules.law import Law
from rules.parameter_store import Store
from rules.parameter_values import Parameter
from rules.screening import screen
from rules.verdict import Verdict

_PREMIUM = "国办发〔2023〕39号四（二）1：特困全额、低保等定额"
_BILL = ("身份证或户口簿", "医保结算单和有效票据")
KEY, EDGE = "dibao_tekun", "edge_monitor_illness"
OLD, GROWN = 60, 18


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of medical aid in its place in the order."""

    code: str
    name: str
    outcome: str
    rule_id: str
    clause: str
    papers: tuple[str, ...]


def five_kinds(
    facts: Facts,
    region: str | None,
    on: date,
    declined: frozenset[str] = frozenset(),
    store: Store | None = None,
) -> list[Kind]:
    """The five kinds in the order in which they are to be used, each once, with papers.

    Charity is only ever a referral: it is "need_person" where anything medical is open, never
    "likely".
    """
    found = {v.program: v for v in screen(facts, region, on, declined, store).verdicts}
    medical, temporary = found["yiliao"], found["linshi"]
    status = medical.outcome
    spends = _met(medical, "medical_costs")
    charity = UNLIKELY if status == UNLIKELY and not spends else NEED_PERSON
    rows = (
        ("premium", "资助参加医保", status, "YL-02", _PREMIUM,
         _BILL[:1]),
        ("outpatient", "门诊救助", status, "YL-13", "先由医保报销，再由医疗救助", _BILL),
        ("inpatient", "住院救助", status, "YL-01", "只管定点医院、政策范围内的费用", _BILL),
        ("temporary", "临时救助", temporary.outcome, "LS-05", "还过不去的，看临时救助", _BILL),
        ("charity", "慈善帮扶", charity, "QT-10", "愿意的话，由工作人员转给慈善组织", ()),
    )  # fmt: skip
    return [Kind(*row) for row in rows]


def _met(verdict: Verdict, code: str) -> bool | None:
    return next((reason.met for reason in verdict.reasons if reason.code == code), None)


def groups(facts: Facts) -> list[str]:
    """Which groups of a low-income family a person belongs to; several may hold at once."""
    low, high = bounds(facts, "age")
    severity = level(facts)
    found = []
    if low is not None and low >= OLD:
        found.append("old")
    if high is not None and high < GROWN:
        found.append("child")
    if severity in (1, 2):
        found.append("severely_disabled")
    if flag(facts, "critical_illness_insured") or flag(facts, "disease"):
        found.append("seriously_ill")
    return found


@dataclass(frozen=True, slots=True)
class Bill:
    """One year's treatment in fen: all of it, the part inside the catalogues, what insurance paid.

    Raises ValueError when the parts cannot belong to one bill.
    """

    total: int
    inside: int
    insured: int

    def __post_init__(self) -> None:
        if not 0 <= self.insured <= self.inside <= self.total:
            raise ValueError("报销的钱不能多于目录内的费用，目录内的费用不能多于总费用")

    @property
    def allowed(self) -> int:
        """What the family still bears inside the catalogues."""
        return self.inside - self.insured


@dataclass(frozen=True, slots=True)
class Round:
    """What one round may be worth (fen), how it was reckoned, and by which values."""

    amount: int
    formula: str
    parameters: tuple[Parameter, ...]


def first_round(bill: Bill, group: str, law: Law) -> Round | None:
    """The first round for a group (KEY: 低保 and 特困; EDGE: margin, monitored, ill); None: ask.

    A "not less than" ratio gives the least there may be.
    """
    ratio = law.find(f"medical_aid_large_expense_ratio_{group}")
    cap = law.find("medical_aid_large_expense_cap") if ratio else None
    if ratio is None and group == KEY:
        ratio = law.find("medical_aid_ratio_min_dibao_tekun")
    return _round(bill.allowed, ratio, cap)


def second_round(bill: Bill, first: Round | None, law: Law) -> Round | None:
    """A second round on what the first left, where ratio and ceiling are both published."""
    ratio, ceiling = law.find("medical_aid_second_ratio"), law.find("medical_aid_second_ceiling")
    if first is None or ceiling is None:
        return None
    return _round(bill.allowed - first.amount, ratio, ceiling)


def _round(base: int, ratio: Parameter | None, cap: Parameter | None) -> Round | None:
    if ratio is None:
        return None
    amount = base * round(ratio.low * 100) // 10_000
    formula = f"目录内自己负担的{base / 100:g}元×{ratio.low:g}%"
    if cap is not None:
        limit = round(cap.low * 100)
        formula += f"，一年最多{cap.low:g}元"
        amount = min(amount, limit)
    return Round(amount, formula, (ratio, cap) if cap else (ratio,))


def law_of(region: str | None, on: date, store: Store | None = None) -> Law:
    """The law for the rounds of a place and day."""
    return laws.of(region, on, store)


def promised(kinds: list[Kind]) -> list[Kind]:
    """The kinds a household may hear as possible; charity is never among them."""
    return [kind for kind in kinds if kind.outcome == LIKELY]
