"""What the other packages stand on: settings, database, keys, clock, logs."""
