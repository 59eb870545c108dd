"""The way of a prediction request: from an HTTP event to an answer and a record."""
