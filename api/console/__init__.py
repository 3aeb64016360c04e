"""The caseworkers' console: pages rendered here, kept fresh by htmx, usable without any script."""
