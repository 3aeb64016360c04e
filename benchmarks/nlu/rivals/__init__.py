"""Rasa's stock components on our training data and messages; see `run`."""
