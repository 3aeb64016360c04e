"""Greetings, thanks, other offices, and what was not understood."""

from actions.base import TopicAction


class ActionSmalltalk(TopicAction):
    """greet, goodbye, thanks, bot_identity, out_of_scope_gov, out_of_scope_chitchat."""

    action_name = "action_smalltalk"
    intents = frozenset(
        {
            "greet",
            "goodbye",
            "thanks",
            "bot_identity",
            "out_of_scope_gov",
            "out_of_scope_chitchat",
        }
    )


class ActionNotUnderstood(TopicAction):
    """nlu_fallback."""

    action_name = "action_not_understood"
    intents = frozenset({"nlu_fallback"})
