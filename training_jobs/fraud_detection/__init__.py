"""Fraud detection's training job."""
