"""Custom Rasa components of the bot."""
