"""Categorization: card descriptors, hashed features, estimator, users' corrections."""
