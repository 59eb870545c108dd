"""Lambda on a laptop: the real runtime client in a warm, isolated process per environment."""
