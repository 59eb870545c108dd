"""Which scope a route of the HTTP API asks for."""


def required_scope(method: str, path: str) -> str:
    """Return the scope that a request needs; what is not named here needs the strongest.

    Examples
    --------
    >>> required_scope("POST", "/ml/fraud_detection/predict")
    'predict'
    >>> required_scope("POST", "/ml/fraud_detection/feedback")
    'predict'
    >>> required_scope("GET", "/models")
    'read'
    >>> required_scope("GET", "/models/fraud_detection/drift")
    'read'
    >>> required_scope("POST", "/models/fraud_detection/promote/production")
    'operate'
    >>> required_scope("POST", "/models/fraud_detection/rollback")
    'operate'
    >>> required_scope("GET", "/models/fraud_detection/releases")
    'read'
    >>> required_scope("POST", "/approvals/7")
    'approve'
    """
    first = path.strip("/").partition("/")[0]
    if first == "ml":
        return "predict"
    if method in {"GET", "HEAD"}:
        return "read"
    return "operate" if first == "models" else "approve"
