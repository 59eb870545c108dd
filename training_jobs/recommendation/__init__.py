"""Recommendation's training job."""
