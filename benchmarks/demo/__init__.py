"""The main job on the local cloud, from an empty machine to a second release, measured."""
