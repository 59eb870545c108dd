"""The steps of a training pipeline, one call for each state of its state machine."""
