"""Staff only: the JSON API for services and the console for people; not for residents."""
