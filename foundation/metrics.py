"""What is counted, by hand and few: names and meanings in one place for all processes.

Labels are small closed sets (a channel, a kind of failure), never ids and never words of people.
Each process shows its own numbers at `/metrics`.
"""

from prometheus_client import Counter, Gauge, Histogram

INBOX_MESSAGES = Counter("wenzhu_inbox_messages", "Updates accepted from residents", ["channel"])
INBOX_REPEATS = Counter("wenzhu_inbox_repeats", "Updates a channel sent again", ["channel"])
INBOX_AGE = Gauge("wenzhu_inbox_oldest_seconds", "Age of the oldest unanswered message")
INBOX_DEAD = Gauge("wenzhu_inbox_dead", "Messages given up")
OUTBOX_AGE = Gauge("wenzhu_outbox_oldest_seconds", "Age of the oldest undelivered reply")
OUTBOX_DEAD = Gauge("wenzhu_outbox_dead", "Replies given up")
SEND_FAILURES = Counter("wenzhu_send_failures", "Deliveries a channel refused", ["channel", "kind"])
RASA_SECONDS = Histogram(
    "wenzhu_rasa_seconds",
    "Time until the dialogue engine answered",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16),
)
BOT_FAILURES = Counter("wenzhu_bot_failures", "Turns that ended in an apology", ["kind"])
ACTION_FAILURES = Counter("wenzhu_action_failures", "Actions that ended in an apology", ["action"])
FILINGS = Counter("wenzhu_filings", "Declarations filed", ["channel", "urgency"])
DUTY_LEADS = Counter("wenzhu_duty_leads", "Leads opened for danger to life", ["kind"])
UNROUTED = Gauge("wenzhu_unrouted_cases", "Cases without a department; must be 0")
OVERDUE = Gauge("wenzhu_overdue_leads", "Leads past their deadline")
REVEALS = Counter("wenzhu_reveals", "Masked values shown to a caseworker")
WEBHOOK_AGE = Gauge("wenzhu_webhook_oldest_seconds", "Age of the oldest undelivered webhook")
WEBHOOK_DEAD = Gauge("wenzhu_webhook_dead", "Webhook deliveries given up")
LIMITED = Counter("wenzhu_limited_requests", "Requests refused by a rate limit", ["limit"])
SERVER_ERRORS = Counter("wenzhu_server_errors", "Responses with status 5xx", ["process"])
