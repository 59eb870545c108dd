"""Training jobs, one folder for each model."""
