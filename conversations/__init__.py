"""Conversations: inbox, who holds the chat, thread, outbox, token vault, dialogue state."""
