"""What a household may be entitled to, on a date, in a place: pure functions over facts and law."""
