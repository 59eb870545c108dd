"""How far the generated world is from the facts that it was calibrated against, and how fast."""
