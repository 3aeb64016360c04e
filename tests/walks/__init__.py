"""Random residents: long walks through every flow, and what has to hold after every turn."""
