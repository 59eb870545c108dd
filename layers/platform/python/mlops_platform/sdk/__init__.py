"""The platform for Python programs: the classes that `mlops_platform` names at its top."""
