"""初筛 and bare facts."""

from actions.base import TopicAction


class ActionScreen(TopicAction):
    """start_screening."""

    action_name = "action_screen"
    intents = frozenset({"start_screening"})


class ActionInform(TopicAction):
    """inform_facts, affirm, deny."""

    action_name = "action_inform"
    intents = frozenset({"inform_facts", "affirm", "deny"})
