"""The dialogue: what to say next, what to keep, what to file. Rasa calls it; it calls nobody."""
