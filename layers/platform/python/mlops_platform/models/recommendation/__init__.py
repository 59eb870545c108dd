"""Recommendation: estimators that score items from a user's history, and their blend."""
