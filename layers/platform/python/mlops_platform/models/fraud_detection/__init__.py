"""Fraud detection: request, features, estimator, inference."""
