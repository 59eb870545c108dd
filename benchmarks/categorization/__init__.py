"""The categorization model on any table of labelled card transactions."""
