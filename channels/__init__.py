"""The public edge: channel adapters, the gateway to the dialogue engine, and delivery."""
