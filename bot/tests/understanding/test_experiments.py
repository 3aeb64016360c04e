"""The benchmark's variants: smaller parts lie in larger ones, a family leaves nothing behind."""

from __future__ import annotations

from collections import Counter

from benchmarks.nlu import experiments

from bot.components.understanding.lexicon import default_lexicon
from bot.components.understanding.pipeline import Understander

_EXAMPLES = [
    (f"{label}的第{n}句", label) for label, many in (("甲", 40), ("乙", 6)) for n in range(many)
]


def test_a_part_keeps_the_shares_of_the_labels() -> None:
    half = experiments.part(_EXAMPLES, 0.5)
    assert Counter(label for _, label in half) == {"甲": 20, "乙": 4}


def test_a_smaller_part_lies_in_a_larger_one_and_is_the_same_again() -> None:
    quarter, half = (experiments.part(_EXAMPLES, share) for share in (0.25, 0.5))
    assert set(quarter) < set(half)
    assert quarter == experiments.part(list(reversed(_EXAMPLES)), 0.25)


def test_every_family_is_known_and_leaves_no_feature_behind() -> None:
    featurise = Understander.untrained(default_lexicon()).featurise
    everything = featurise("我们家三口人，没有车，低保一个月多少钱？")
    for name, letters in experiments.FAMILIES.items():
        left = experiments.without(featurise, letters)("我们家三口人，没有车，低保一个月多少钱？")
        assert 0 < len(left) < len(everything), name
        assert not {feature[0] for feature in left} & set(letters), name
    assert {feature[0] for feature in everything} == set("".join(experiments.FAMILIES.values()))


def test_the_spread_of_costs() -> None:
    assert experiments.spread([float(n) for n in range(100)]) == {
        "p50": 50.0, "p95": 95.0, "p99": 99.0, "max": 99.0
    }  # fmt: skip
