"""The dialogue: what to say next, what to keep, what to file. Rasa calls it, nothing here calls Rasa."""
