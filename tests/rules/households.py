"""Small seeded generator of complete households: every askable fact is answered."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PLACES = ("500233", "500112", "350902", "350922", "350503", "120104", "152201", "513431", "350100")


@dataclass(frozen=True)
class Household:
    """A place, the truth about a household, and what it says before it is asked."""

    region: str
    truth: dict[str, Any]
    opening: dict[str, Any]
    told: dict[str, Any]


def households(count: int, seed: int = 7) -> Iterator[Household]:
    """`count` households; the same seed gives the same ones."""
    dice, study = random.Random(seed), random.Random(-seed - 1)
    for _ in range(count):
        size = dice.choices([1, 2, 3, 4, 5, 6], [20, 25, 22, 18, 10, 5])[0]
        per_head = dice.choice([0, dice.uniform(0, 600), dice.uniform(500, 1200), 700, 630,
                                dice.uniform(900, 4000)])  # fmt: skip
        level = dice.choices(["无", "一级", "二级", "三级", "四级"], [70, 8, 9, 8, 5])[0]
        truth: dict[str, Any] = {
            "household_size": size,
            "monthly_income_total": round(per_head * size),
            "hukou": dice.choices(["rural", "urban", "nonlocal"], [62, 35, 3])[0],
            "car": dice.random() < 0.12,
            "deposit": dice.choice([0, 0, 0, 2000, 8000, 30000, 200000]),
            "shock": dice.choices(
                ["none", "fire", "accident", "sudden_illness", "disaster", "job_loss"],
                [75, 3, 5, 8, 3, 6],
            )[0],
            "medical_expense_self": dice.choice([0, 0, 0, 500, 4000, 15000, 60000, 150000]),
            "tuition": study.choice([0, 0, 0, 0, 1200, 5800, 20000]),
            "disability_level": level,
            "disability_type": dice.choice(["肢体", "视力", "听力", "智力", "精神"]),
            "critical_illness_insured": dice.random() < 0.12,
            "age": dice.randint(5, 90),
            "employed": dice.random() < 0.5,
            "pension_kind": dice.choice(["resident", "employee"]),
        }
        if dice.random() < 0.15:
            truth["pension_monthly"] = dice.choice([150, 200, 1500, 2800])
            truth["monthly_income_total"] += truth["pension_monthly"]
        if dice.random() < 0.08:
            truth["receiving"] = [dice.choice(["dibao", "tekun", "canji_butie"])]
        # Told without being asked: pensions and aid received; and a hukou from elsewhere, which is
        # not asked for where one standard serves everybody (the verdict says where to apply).
        stated = {key: truth[key] for key in ("pension_monthly", "receiving") if key in truth}
        if truth["hukou"] == "nonlocal":
            stated["hukou"] = "nonlocal"
        told = dict(stated)
        for key in ("household_size", "monthly_income_total", "hukou", "disability_level"):
            if dice.random() < 0.3:
                stated[key] = truth[key]
        yield Household(dice.choice(PLACES), truth, stated, told)
