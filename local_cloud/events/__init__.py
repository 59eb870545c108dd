"""EventBridge: rules deliver to their targets, schedules fire on the cloud's clock."""
