"""The one table of permissions: closed, separated, and the same for old names."""

from __future__ import annotations

import pytest

from cases import rights
from cases.errors import BadInput, NotAllowed
from cases.rights import Right
from cases.states import Role


def test_every_role_has_a_row_and_every_right_an_owner() -> None:
    assert set(rights.table()) == set(Role)
    granted = {right for grant in rights.table().values() for right in grant.rights}
    assert granted == set(Right)


@pytest.mark.parametrize("role", ["", "nobody", "supervisor", "clerk", "viewer", "admin"])
def test_an_unknown_role_may_do_nothing(role: str) -> None:
    for right in Right:
        assert not rights.may(role, right)
        with pytest.raises(NotAllowed):
            rights.demand(role, right)
    assert not rights.grant(role).all_departments


def test_duties_are_separated() -> None:
    for role in (Role.ADMINISTRATOR, Role.CONTENT_EDITOR):
        assert not rights.may(role, Right.CASE_READ)
    auditor = rights.grant(Role.AUDITOR).rights
    assert auditor == {Right.CASE_READ, Right.ACCESS_READ, Right.AUDIT_READ}
    for role, grant in rights.table().items():
        if Right.ACCESS_READ in grant.rights:
            assert Right.CASE_CLOSE not in grant.rights, role


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"departments": "own", "rights": ["staff_manage", "case_read"]}, "sees cases"),
        ({"departments": "own", "rights": ["audit_read", "case_read", "case_note"]}, "changes"),
        ({"departments": "own", "rights": ["access_read", "case_read", "case_close"]}, "watches"),
        ({"departments": "own", "rights": ["case_note"]}, "without seeing"),
        ({"departments": "own", "rights": ["case_fly"]}, "case_fly"),
    ],
)
def test_a_table_that_mixes_duties_is_refused(
    row: dict[str, object], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = {"roles": {"auditor": row}}
    monkeypatch.setattr(rights, "_document", lambda: document)
    with pytest.raises(ValueError, match=fault):
        rights.table.__wrapped__()


@pytest.mark.parametrize(
    ("old", "department", "role"),
    [
        ("clerk", "xiangzhen", Role.TOWNSHIP_CLERK),
        ("clerk", "minzheng", Role.COUNTY_REVIEWER),
        ("clerk", "duty", Role.DUTY_OFFICER),
        ("clerk", "yibao", Role.DEPARTMENT_OFFICER),
        ("supervisor", "minzheng", Role.COUNTY_REVIEWER),
        ("viewer", "minzheng", Role.AUDITOR),
        ("inspector", "minzheng", Role.INSPECTOR),
    ],
)
def test_old_names_lead_to_the_role_that_took_their_place(
    old: str, department: str, role: Role
) -> None:
    assert rights.role_named(old, department) is role


def test_a_name_that_never_was_is_refused() -> None:
    with pytest.raises(BadInput):
        rights.role_named("root", "minzheng")
