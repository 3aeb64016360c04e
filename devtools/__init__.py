"""The newcomer's and the operator's commands; the only package that may import all others."""
