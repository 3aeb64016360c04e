"""Answers in plain words per programme and question, every figure dated, every answer cited."""
