"""What can be wrong while the templates are written."""


class SynthesisError(Exception):
    """The root of every error that stops a synthesis on purpose."""


class UnknownEnvironmentError(SynthesisError):
    """No environment of that name is described."""


class UnsupportedComputeError(SynthesisError):
    """A model asks for a place to train that the templates do not know yet."""


class LayerNotBuiltError(SynthesisError):
    """A third-party layer has not been built from its present requirements."""


class PackageTooLargeError(SynthesisError):
    """A function and its layers exceed what Lambda unpacks."""
