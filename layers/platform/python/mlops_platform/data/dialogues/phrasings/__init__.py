"""The wordings of each split; none stands in two of them."""
