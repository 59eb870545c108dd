"""CloudWatch Logs subscription filters: asynchronous, batched, and faulty when asked to be."""
