"""SelfMate's language understanding: a sentence encoder and what is read off it."""
