"""Cases: what residents declared, who must answer it, by when, and every step taken.

Public doors: `cases.service` (operations), `cases.repository` (scoped reading),
`cases.staff` (people, sessions, service tokens), `cases.sweep` (reminders and repairs).
"""
