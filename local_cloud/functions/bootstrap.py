"""First code of an execution environment, run by the function's interpreter: `-I -S bootstrap.py`.

Arguments: the directory of the Lambda runtime client, then the function's own import path. With
`-S` no site-packages are on the path, so that a function sees its asset and layers alone.
"""

import os
import sys


def main() -> None:
    """Hand over to AWS's runtime client."""
    client_directory, *import_path = sys.argv[1:]
    sys.path[:0] = import_path
    sys.path.append(client_directory)
    sys.argv = ["bootstrap", os.environ["_HANDLER"]]
    from awslambdaric.__main__ import main as serve  # noqa: PLC0415 (the path is set just above)

    serve(sys.argv)


if __name__ == "__main__":
    main()
