"""What each role may do: the table `roles.yaml`, read once, checked, and asked in one way.

Every operation of staff names the right it needs and calls `demand`; nothing else decides. What the
table does not grant is refused, for unknown roles everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .errors import BadInput, NotAllowed
from .states import Role, Worded


class Right(Worded):
    """One thing a role may be allowed to do; the word is what a refusal says."""

    CASE_READ = "case_read", "查看案件"
    CASE_REVEAL = "case_reveal", "查看完整的个人信息"
    CASE_PRINT_FULL = "case_print_full", "打印完整的个人信息"
    CASE_NOTE = "case_note", "写内部备注"
    CASE_REPLY = "case_reply", "答复居民、接管对话"
    CASE_CLAIM = "case_claim", "认领"
    CASE_WORK = "case_work", "变更状态、期限、地区和部门"
    CASE_CLOSE = "case_close", "选定处置类别、办结"
    CASE_CONFIRM = "case_confirm", "复核“不再符合”"
    CASE_CONFIRM_TOWNSHIP = "case_confirm_township", "在权限放到乡镇的地方复核"
    CASE_GRANT = "case_grant", "登记救助金额"
    CASE_GRANT_CONFIRM = "case_grant_confirm", "复核救助金额"
    CASE_ASSIGN = "case_assign", "指派经办人"
    CASE_MERGE = "case_merge", "合并重复的申报"
    CASE_FILE = "case_file", "登记走访、上报和反映"
    LEAD_WORK = "lead_work", "接收、退回、答复线索"
    ALERT_TAKE = "alert_take", "接手紧急提醒"
    REPORT_READ = "report_read", "查看报表"
    REPORT_TAKE = "report_take", "下载报表"
    VIEW_SHARE = "view_share", "共享筛选条件"
    ACCESS_READ = "access_read", "查看查阅记录"
    AUDIT_READ = "audit_read", "核验操作记录"
    CONTENT_EDIT = "content_edit", "编辑答复内容"
    LANGUAGE_TEACH = "language_teach", "标注没听懂的话"
    STAFF_MANAGE = "staff_manage", "管理账号"
    WEBHOOK_MANAGE = "webhook_manage", "管理事件推送"
    TOKEN_MANAGE = "token_manage", "管理接口令牌"
    ROUTING_EDIT = "routing_edit", "修改分派表"


CHANGES_CASES = frozenset(
    right for right in Right if right.startswith(("case_", "lead_", "alert_"))
)
#: Who does this sees no case. Sentences without names are not to be read beside the cases.
BESIDE_CASES = frozenset(
    (Right.STAFF_MANAGE, Right.WEBHOOK_MANAGE, Right.TOKEN_MANAGE, Right.CONTENT_EDIT,
     Right.LANGUAGE_TEACH, Right.ROUTING_EDIT)
)  # fmt: skip
CHANGES_CASES -= {Right.CASE_READ, Right.CASE_REVEAL, Right.CASE_PRINT_FULL}


@dataclass(frozen=True)
class Grant:
    """A row of the table."""

    all_departments: bool
    rights: frozenset[Right]
    replaces: tuple[str, ...]
    code: bool = False  # asked for a second factor where the setting says "roles"


NOTHING = Grant(False, frozenset(), ())


@cache
def table() -> Mapping[Role, Grant]:
    """The table; raises ValueError when a row breaks the separation of duties or is misspelt."""
    grants = {
        Role(name): Grant(
            {"all": True, "own": False}[row["departments"]],
            frozenset(map(Right, row["rights"])),
            tuple(row.get("replaces", ())),
            bool(row.get("code", False)),
        )
        for name, row in _document()["roles"].items()
    }
    for role, grant in grants.items():
        cases = {right for right in grant.rights if right in CHANGES_CASES}
        sees = Right.CASE_READ in grant.rights
        if grant.rights & BESIDE_CASES and (sees or cases):
            raise ValueError(f"roles.yaml: {role} manages accounts or content and sees cases")
        if Right.AUDIT_READ in grant.rights and cases:
            raise ValueError(f"roles.yaml: {role} audits and changes cases")
        if Right.ACCESS_READ in grant.rights and Right.CASE_CLOSE in grant.rights:
            raise ValueError(f"roles.yaml: {role} watches over what it closes itself")
        if Right.CASE_PRINT_FULL in grant.rights and Right.CASE_REVEAL not in grant.rights:
            raise ValueError(f"roles.yaml: {role} prints in full what it may not see in full")
        if (cases or Right.CASE_REVEAL in grant.rights) and not sees:
            raise ValueError(f"roles.yaml: {role} works on cases without seeing them")
    return grants


def grant(role: str) -> Grant:
    """The row of a role; an unknown one is granted nothing."""
    try:
        return table().get(Role(role), NOTHING)
    except ValueError:
        return NOTHING


def may(role: str, right: Right) -> bool:
    """Whether the table grants the role this right."""
    return right in grant(role).rights


def needs_code(role: str, compulsory: str) -> bool:
    """Whether the role must have a second factor; `compulsory` is off, roles or all."""
    return compulsory == "all" or (compulsory == "roles" and grant(role).code)


def demand(role: str, right: Right) -> None:
    """Raises NotAllowed when the table does not grant the role this right."""
    if not may(role, right):
        raise NotAllowed(f"您的账号没有“{right.word}”的权限")


def role_named(name: str, department: str) -> Role:
    """A role by its name, or by the name it had in an earlier version. Raises BadInput."""
    if name in list(Role):
        return Role(name)
    for role, row in table().items():
        if name in row.replaces:
            return role
    if name == "clerk":
        split: Mapping[str, str] = _document()["clerk"]
        return Role(split.get(department, split["other"]))
    raise BadInput("role", "没有这个角色")


@cache
def _document() -> dict[str, Any]:
    return dict(yaml.safe_load((Path(__file__).parent / "roles.yaml").read_text("utf-8")))
