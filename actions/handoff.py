"""A person instead of the bot."""

from actions.base import TopicAction


class ActionHandoff(TopicAction):
    """human_handoff."""

    action_name = "action_handoff"
    intents = frozenset({"human_handoff"})
