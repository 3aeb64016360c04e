"""Questions about the rules."""

from actions.base import TopicAction


class ActionAnswer(TopicAction):
    """The fourteen ask_* intents."""

    action_name = "action_answer"
    intents = frozenset(
        {
            "ask_program_overview",
            "ask_eligibility_conditions",
            "ask_amount_standard",
            "ask_how_to_apply",
            "ask_materials",
            "ask_processing_time",
            "ask_where_to_apply",
            "ask_income_property_rules",
            "ask_family_definition",
            "ask_review_or_stop",
            "ask_appeal_complaint",
            "ask_payment_problem",
            "ask_other_benefits",
            "ask_privacy",
        }
    )
