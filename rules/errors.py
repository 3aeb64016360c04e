"""What the rules refuse, each with the facts of the refusal in its attributes.

RulesError
├── UnknownRegion            the code is neither in the gazetteer nor a GB/T 2260 descendant of it
│   └── AmbiguousRegion      several divisions have the name; carries them as (name, code)
├── FactError                a resident's fact is impossible; carries the field and a Chinese reason
├── ParameterError           a parameter file breaks a rule of the store (raised at load)
└── ParameterNotInForce      no verified value for this region, date and population
    └── HukouNeeded          there is one for each hukou, and the hukou was not given
"""

from collections.abc import Sequence
from datetime import date


class RulesError(Exception):
    """Base of everything the rules raise on purpose."""


class UnknownRegion(RulesError, ValueError):
    """No such administrative division."""

    def __init__(self, code: str) -> None:
        self.code = code
        known = "没有这个行政区划代码" if code[:1].isdigit() else "没有找到这个地方"
        super().__init__(f"{known}：{code[:40]}")


class AmbiguousRegion(UnknownRegion):
    """A name that several divisions have; whoever gave it has to say which."""

    SHOWN = 6

    def __init__(self, name: str, options: Sequence[tuple[str, str]]) -> None:
        super().__init__(name)
        self.options = tuple(options)
        said = "、".join(f"{place}（{code}）" for place, code in self.options[: self.SHOWN])
        more = "等" if len(self.options) > self.SHOWN else ""
        self.args = (f"有几个地方叫“{name[:40]}”，请写代码：{said}{more}",)


class FactError(RulesError):
    """An impossible or contradicting fact; `reason_zh` can be shown to the resident."""

    def __init__(self, field: str, reason_zh: str) -> None:
        self.field = field
        self.reason_zh = reason_zh
        super().__init__(f"{field}: {reason_zh}")


class ParameterError(RulesError):
    """A parameter file that must not be published as it stands."""


class ParameterNotInForce(RulesError):
    """No verified value; `gap` says why when the files know (unverified, quarantined, missing)."""

    def __init__(self, name: str, region: str, on: date, gap: str = "") -> None:
        self.name = name
        self.region = region
        self.on = on
        self.gap = gap
        super().__init__(f"{region} 在 {on} 没有可用的 {name}" + (f"（{gap}）" if gap else ""))


class HukouNeeded(ParameterNotInForce):
    """The standard differs between urban and rural and the hukou is not known."""
