"""The recommendation model on public data, beside tuned baselines."""
