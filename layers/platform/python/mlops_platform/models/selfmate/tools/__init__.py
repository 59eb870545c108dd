"""What answers are computed with: pure functions over a user's own purchases and goals."""
