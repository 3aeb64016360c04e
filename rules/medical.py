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
from rules.facts import Facts, bounds, codes, flag, level, yuan
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
    ratio, cap = _terms(group, law)
    return None if ratio is None else _round(bill.allowed, ratio, cap)


def _terms(group: str, law: Law) -> tuple[Parameter | None, Parameter | None]:
    """Ratio and yearly limit of the first round, the place's own before the nation's."""
    ratio = law.find(f"medical_aid_large_expense_ratio_{group}")
    if ratio is not None:
        return ratio, law.find("medical_aid_large_expense_cap")
    return law.find("medical_aid_ratio_min_dibao_tekun") if group == KEY else None, None


def second_round(bill: Bill, first: Round | None, law: Law) -> Round | None:
    """A second round on what the first left, where ratio and ceiling are both published."""
    ratio, ceiling = law.find("medical_aid_second_ratio"), law.find("medical_aid_second_ceiling")
    if first is None or ratio is None or ceiling is None:
        return None
    return _round(bill.allowed - first.amount, ratio, ceiling)


def _round(base: int, ratio: Parameter, cap: Parameter | None) -> Round:
    amount = base * round(ratio.low * 100) // 10_000
    if cap is not None:
        amount = min(amount, round(cap.low * 100))
    return Round(amount, _formula(f"{yuan(base)}元", ratio, cap), (ratio, cap) if cap else (ratio,))


def _formula(borne: str, ratio: Parameter, cap: Parameter | None) -> str:
    formula = f"目录内自己负担的{borne}×{ratio.low:g}%"
    return f"{formula}，一年最多{yuan(cap.low * 100)}元" if cap else formula


@dataclass(frozen=True, slots=True)
class Inpatient:
    """How inpatient aid is reckoned for a status held today.

    `amount` (fen) is what would be due if all of the told own cost were inside the catalogues;
    None while the cost is not told as one figure. `limit` None: the yearly limit is not published.
    """

    formula: str
    amount: int | None
    limit: Parameter | None
    parameters: tuple[Parameter, ...]


def inpatient(
    facts: Facts, region: str | None, on: date, store: Store | None = None
) -> Inpatient | None:
    """The estimate for who holds a status; None where no ratio is verified for that group.

    A status only hoped for counts as none: who is not in a key group is promised no share.
    """
    group = group_of(facts)
    ratio, cap = _terms(group, law_of(region, on, store)) if group else (None, None)
    if ratio is None or ratio.local_unverified:
        return None  # the nearer place has a share of its own that nobody verified
    low, high = bounds(facts, "medical_expense_self")
    if not low or low != high:
        return Inpatient(_formula("钱", ratio, cap), None, cap, (ratio, cap) if cap else (ratio,))
    found = _round(low, ratio, cap)
    return Inpatient(found.formula, found.amount, cap, found.parameters)


def group_of(facts: Facts) -> str | None:
    """The group of the status held today: KEY, EDGE, or None when none is told."""
    held = set(codes(facts, "receiving") or ())
    if held & {"dibao", "tekun"}:
        return KEY
    return EDGE if held & {"dibao_bianyuan", "fangfanpin"} else None  # YL-11


def law_of(region: str | None, on: date, store: Store | None = None) -> Law:
    """The law for the rounds of a place and day."""
    return laws.of(region, on, store)


def promised(kinds: list[Kind]) -> list[Kind]:
    """The kinds a household may hear as possible; charity is never among them."""
    return [kind for kind in kinds if kind.outcome == LIKELY]
