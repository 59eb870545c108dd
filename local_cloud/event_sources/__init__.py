"""Event source mappings: queues and table streams, polled as Lambda polls them.

moto calls the function inside the caller that writes to the queue or table, one message at a time,
and knows neither filters nor partial failures.
"""
