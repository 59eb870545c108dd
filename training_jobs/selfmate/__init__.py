"""SelfMate's training job."""
