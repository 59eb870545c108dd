"""The fraud model on public data, by the Fraud Detection Handbook's protocol."""
