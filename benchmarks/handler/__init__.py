"""What one prediction costs inside the function: the complete handler, and its stages."""
