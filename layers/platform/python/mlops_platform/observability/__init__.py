"""How the platform speaks of itself while it runs."""
