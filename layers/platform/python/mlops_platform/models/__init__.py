"""One package for each model."""
