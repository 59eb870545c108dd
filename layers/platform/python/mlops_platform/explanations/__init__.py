"""Why a model answers as it does: contributions of single inputs that add up to the answer."""
