"""SelfMate's understanding on public intents, beside simpler models."""
