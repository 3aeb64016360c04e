"""Screens one household: facts in, verdicts with reasons out. Nothing here decides a case."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from rules import distance, reasons, regions
from rules import facts as schema
from rules import law as laws
from rules.circumstances import aged
from rules.criteria import LIKELY, NEED_ANSWERS, NEED_PERSON, UNLIKELY
from rules.evaluate import criteria_of, evaluate
from rules.facts import Facts
from rules.household import (
    ALL_COLUMNS,
    COLUMNS,
    described_person,
    frame,
    household_row,
    person_rows,
)
from rules.law import Law
from rules.missing import missing_of
from rules.parameter_store import Store
from rules.programmes import REGISTRY, needed_for, relations
from rules.programmes.danrenbao import old_split
from rules.programmes.jiantui import months_rule
from rules.programmes.linshi import RULES_2026
from rules.verdict import Reason, Screening, Verdict
from rules.worlds import Worlds


def screen(
    facts: Facts,
    region: str | None,
    on: date,
    declined: frozenset[str] = frozenset(),
    store: Store | None = None,
    focus: Collection[str] | None = None,
) -> Screening:
    """What the household may be entitled to on the day in the place.

    `focus` names the programmes to look at; None: those of the first screening.

    `declined` are facts the resident does not know or would not say: they are never listed as
    missing, and a verdict that waits for nothing else goes to a person. Raises FactError for an
    impossible value and UnknownRegion; contradicting facts go to a person.
    """
    facts = schema.understood(facts)
    for error in schema.impossible(facts, on):
        raise error
    law = laws.of(region, on, store)
    further = focus is not None
    programmes = REGISTRY if focus is None else needed_for(focus)
    facts = aged(facts, on)
    household, persons = household_row(facts, further), person_rows(facts, further)
    probes = distance.probes(household, persons[0])
    rows = [household | person for person in persons]
    columns = ALL_COLUMNS if further else COLUMNS
    steps = [(at, *step) for at, own in enumerate(rows) for step in distance.steps(own)]
    others = [*(row for _, row in probes), *(row for _, _, row in steps)]
    table = evaluate(frame([*rows, *others], columns), law, programmes).to_dicts()
    evaluated, probed = table[: len(rows)], table[len(rows) :]
    changed = [(code, row) for (code, _), row in zip(probes, probed[: len(probes)], strict=True)]
    stepped: dict[int, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for (at, code, _), row in zip(steps, probed[len(probes) :], strict=True):
        stepped[at].append((code, row))
    criteria = criteria_of(law, programmes)
    verdicts: list[Verdict] = []
    useful: dict[str, dict[str, float]] = {}
    for programme in programmes:
        if focus is not None and programme.code not in focus:
            continue
        subjects = evaluated if programme.subject == "person" else evaluated[:1]
        for index, row in enumerate(subjects):
            outcome = row[programme.column]
            if outcome is None or (programme.column == "danrenbao" and _idle_person(row)):
                continue
            missing = missing_of(programme.column, row, law, criteria)
            wanted = [key for key in missing if key not in declined]
            if wanted and declined and programme in REGISTRY:
                # With some facts never to be known, others may have lost their power to settle it.
                useful = useful or _influence(rows, law, declined)
                wanted = [key for key in wanted if useful[key][programme.column] > 0]
            legs = reasons.of_criteria(criteria[programme.column], row, law)
            if programme.column in ("dibao", "jiantui", "danrenbao", "dibao_bianyuan"):
                legs += reasons.general(row, law, outcome)
                legs += _own_notes(programme.column, row, law, outcome)
            else:
                legs += _notes(programme.code, row, law)
            legs += programme.notes(row, law, outcome)
            legs += relations.reasons_of(programme.column, row)
            if outcome == LIKELY and (figure := programme.wider(row, law)) is not None:
                department = relations.catalogue()[programme.code].department
                legs.append(reasons.of_a_wider_place(figure, department))
            if outcome == NEED_ANSWERS and not wanted:
                outcome = NEED_PERSON
                clause = "有的情况说不准，由工作人员核实"
                legs.append(reasons.note("not_known_to_resident", "PM-04", clause))
            verdicts.append(
                Verdict(
                    program=programme.code,
                    subject=programme.subject,
                    kind=_kind(programme.kind, programme.code, outcome, row, law),
                    person=(
                        described_person(facts, index, further)
                        if programme.subject == "person"
                        else ""
                    ),
                    outcome=outcome,
                    reasons=legs,
                    missing=wanted if outcome == NEED_ANSWERS else [],
                    distance=distance.of(
                        programme.column,
                        row,
                        law,
                        changed,
                        criteria[programme.column],
                        stepped[index],
                    ),
                    amount=programme.estimate(row, law) if outcome == LIKELY else None,
                )
            )
    return Screening(on, region, verdicts, _place(region), list(law.gaps))


def _influence(
    rows: list[dict[str, Any]], law: Law, declined: frozenset[str]
) -> dict[str, dict[str, float]]:
    worlds = Worlds(rows[0], law, declined)
    outcomes = evaluate(worlds.frame(rows), law).slice(len(rows))
    found = worlds.influence(outcomes, [programme.column for programme in REGISTRY])
    return defaultdict(lambda: defaultdict(float), found)


def _place(region: str | None) -> str:
    """The name of the nearest named layer."""
    return regions.region(regions.layers(region)[0]).full_name if region else ""


def _idle_person(row: dict[str, Any]) -> bool:
    """Whether there is nothing to say about a single person beside the household's own verdict.

    Without a standard that verdict already goes to a person, whoever is ill or disabled.
    """
    signs = (
        "single_disability", "single_multiple", "single_illness", "single_adult", "single_local",
        "single_clergy",
    )  # fmt: skip
    if row["law_state"] in ("none", "elsewhere"):
        return True
    return row["danrenbao"] != NEED_ANSWERS and not any(row.get(sign) is True for sign in signs)


def _kind(kind: str, code: str, outcome: str, row: dict[str, Any], law: Law) -> str:
    if code != "linshi":
        return kind
    if row["aid_shock"]:
        fast = law.on >= RULES_2026 and law.fast_track_days is not None
        return "kuaijiu" if fast else "jinan"
    if outcome == UNLIKELY or not row["aid_spending"]:
        return "jinan" if row["aid_other_shock"] else kind
    return "zhichu"


def _own_notes(column: str, row: dict[str, Any], law: Law, outcome: str) -> list[Reason]:
    """What only one of the income-tested programmes has to say."""
    if column == "jiantui" and outcome == LIKELY and law.exit_months is not None:
        months = law.exit_months
        return [reasons.note("exit_months", months_rule(law), months.citation(), months)]
    if column == "danrenbao" and old_split(law) and row["registered_poor"]:
        clause = "2020年9月7日以前：未脱贫建档立卡户中的重残、重病人员分户，不再查收入财产"
        return [reasons.note("means_test_skipped", "DB-28", clause)]
    return []


def _notes(code: str, row: dict[str, Any], law: Law) -> list[Reason]:
    """What goes with the programmes that do not test income first."""
    note = reasons.note
    found: list[Reason] = []
    if code == "linshi":
        clause = "在急难发生地申请，不要求本地户口"
        found.append(Reason("no_local_hukou_needed", "LS-07", clause, met=True))
        if row["aid_shock"] and law.on >= RULES_2026 and law.fast_track_days:
            days, cap = law.fast_track_days, law.fast_track_cap
            found.append(note("fast_track_days", "LS-03", days.citation(), days))
            if cap is not None:
                found.append(note("fast_track_cap", "LS-04", cap.citation(), cap))
        if row["shock"] == "disaster":
            found.append(note("disaster_relief_first", "LS-01", "自然灾害先由应急管理部门救助"))
        if row["linshi"] == NEED_PERSON and row["aid_spending"] and row["aid_covered"] is False:
            clause = "当地上年度人均可支配收入没有核实的数字"
            found.append(note("no_verified_parameter", "LS-02", clause))
    if code == "yiliao":
        in_key_group = row["gets_dibao"] or row["gets_tekun"]
        if row["yiliao"] == LIKELY and in_key_group and law.medical_ratio is not None:
            ratio = law.medical_ratio
            found.append(note("medical_ratio", "YL-03", ratio.citation(), ratio))
        if row["yiliao"] == NEED_PERSON:
            clause = "因病致贫的当地条件没有核实的数字"
            found.append(note("no_verified_parameter", "YL-09", clause))
        clause = "先由基本医保、大病保险报销，再由医疗救助"
        found.append(note("insurance_first", "YL-01", clause))
    return found
