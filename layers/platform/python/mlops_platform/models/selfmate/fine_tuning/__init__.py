"""Tune the encoder itself, on machines that have torch: nothing else of the platform needs it."""
