"""自主申报, and reports for somebody else."""

from actions.base import TopicAction


class ActionDeclare(TopicAction):
    """self_declare."""

    action_name = "action_declare"
    intents = frozenset({"self_declare"})


class ActionReportForOther(TopicAction):
    """report_for_other."""

    action_name = "action_report_for_other"
    intents = frozenset({"report_for_other"})
