"""Categorization's training job."""
