"""`python -m devtools …` is the `wenzhu` command without its entry point."""

from devtools.cli import main

main()
