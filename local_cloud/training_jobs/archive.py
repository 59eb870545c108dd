"""`model.tar.gz` and `output.tar.gz`: the same files always give the same bytes."""

import gzip
import io
import tarfile
from pathlib import Path


def pack(directory: Path) -> bytes:
    """Return a gzipped tar of everything in `directory`.

    Names are sorted, times are zero and owners are left out, so that equal content has an equal
    checksum.
    """
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=6) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in sorted(directory.rglob("*")):
            archive.add(path, str(path.relative_to(directory)), recursive=False, filter=_anonymous)
    return buffer.getvalue()


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mtime = 0
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member
