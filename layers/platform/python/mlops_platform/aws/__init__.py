"""The AWS doors that several modules go through."""
