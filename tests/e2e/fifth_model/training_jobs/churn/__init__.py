"""Churn's training job."""
