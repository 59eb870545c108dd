"""Import the predict function's handler and answer one request, read from standard input."""

import json
import runpy
import sys

handler = runpy.run_path(sys.argv[1])["handler"]
answer = handler(json.load(sys.stdin), None)
if answer["statusCode"] != 200:  # noqa: PLR2004 - HTTP's OK
    raise SystemExit(answer["body"])
