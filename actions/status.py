"""进度、补充、撤回."""

from actions.base import TopicAction


class ActionStatus(TopicAction):
    """check_status."""

    action_name = "action_status"
    intents = frozenset({"check_status"})


class ActionUpdateCase(TopicAction):
    """update_case."""

    action_name = "action_update_case"
    intents = frozenset({"update_case"})


class ActionWithdrawCase(TopicAction):
    """withdraw_case."""

    action_name = "action_withdraw_case"
    intents = frozenset({"withdraw_case"})
