"""A model served from a container: the same `PredictService` as on Lambda, behind FastAPI.

One process per core, and the event loop itself computes: a turn of the assistant keeps a core busy
from its first to its last millisecond, so threads would only add their switching. A model that
looks features up over the network would stop the loop meanwhile; such models are Lambda's.
"""
