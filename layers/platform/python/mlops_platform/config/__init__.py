"""What the platform is told about functions, models and environments (standard library only)."""
