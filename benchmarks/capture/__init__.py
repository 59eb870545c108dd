"""How a log subscription carries predictions into the profiles, whatever befalls it."""
