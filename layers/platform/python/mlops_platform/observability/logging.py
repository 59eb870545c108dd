"""Structured logs, the same in every function."""

from aws_lambda_powertools import Logger

logger = Logger(service="selfmonitor-mlops", utc=True)
