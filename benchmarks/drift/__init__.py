"""How often the drift decision cries wolf on the generator's world, and what it finds there."""
