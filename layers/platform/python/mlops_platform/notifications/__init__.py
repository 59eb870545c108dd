"""What happened to a model, told to people: once per incident and channel."""
