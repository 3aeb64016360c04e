"""One module per topic: how a conversation about it begins, what it asks, how it ends."""
