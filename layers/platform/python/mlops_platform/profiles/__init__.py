"""Monitoring is counting: what was seen in training and in production, as histograms that merge."""
