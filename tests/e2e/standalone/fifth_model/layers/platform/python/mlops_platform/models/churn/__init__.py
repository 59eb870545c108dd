"""Churn: request, features, estimator, inference."""
