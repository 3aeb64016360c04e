"""Danger to life."""

from actions.base import TopicAction


class ActionSafety(TopicAction):
    """crisis_emergency."""

    action_name = "action_safety"
    intents = frozenset({"crisis_emergency"})
