"""From prediction records to profiles: each prediction counts once, what was lost is known."""
