"""Packs the program into a wheel: `pip install` and `uvx` put it on the PATH.

    python3 packaging/pypi/build_wheel.py --binary target/release/zoom-runner --out target/wheel

Python's standard library is all it needs. The same program makes the same wheel, byte for byte.
"""

import argparse
import base64
import hashlib
import os
import re
import sysconfig
import zipfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")

METADATA = """\
Metadata-Version: 2.4
Name: zoom-runner
Version: {version}
Summary: {summary}
License-Expression: MIT OR Apache-2.0
License-File: LICENSE-MIT
License-File: LICENSE-APACHE
Keywords: zoom,soar,mcp,security
Requires-Python: >=3.8
Description-Content-Type: text/markdown

{readme}"""

WHEEL = """\
Wheel-Version: 1.0
Generator: zoom-runner
Root-Is-Purelib: false
{tags}"""


def read(name):
    with open(os.path.join(ROOT, name), "rb") as file:
        return file.read()


def from_cargo(key):
    """A text of the [package] table."""
    return re.search(rf'(?m)^{key} = "(.*)"$', read("Cargo.toml").decode()).group(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--out", required=True, help="the wheel's directory")
    parser.add_argument("--platform", default=re.sub("[-.]", "_", sysconfig.get_platform()),
                        help="the wheel's platform tag, such as manylinux_2_17_x86_64.musllinux_1_1_x86_64")
    options = parser.parse_args()

    version = from_cargo("version")
    tags = "".join(f"Tag: py3-none-{tag}\n" for tag in options.platform.split("."))
    info = f"zoom_runner-{version}.dist-info"
    name = "zoom-runner.exe" if options.platform.startswith("win") else "zoom-runner"
    with open(options.binary, "rb") as file:
        program = file.read()
    readme = read("packaging/pypi/README.md").decode()
    files = {
        f"zoom_runner-{version}.data/scripts/{name}": program,
        f"{info}/METADATA": METADATA.format(version=version, summary=from_cargo("description"), readme=readme).encode(),
        f"{info}/WHEEL": WHEEL.format(tags=tags).encode(),
        f"{info}/licenses/LICENSE-MIT": read("LICENSE-MIT"),
        f"{info}/licenses/LICENSE-APACHE": read("LICENSE-APACHE"),
    }
    record = f"{info}/RECORD"
    digest = {path: base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
              for path, data in files.items()}
    lines = [f"{path},sha256={digest[path]},{len(data)}\n" for path, data in files.items()]
    files[record] = "".join([*lines, f"{record},,\n"]).encode()

    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, f"zoom_runner-{version}-py3-none-{options.platform}.whl")
    with zipfile.ZipFile(path, "w") as wheel:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = (0o100755 if "/scripts/" in name else 0o100644) << 16
            wheel.writestr(entry, data, zipfile.ZIP_DEFLATED)
    print(path)


if __name__ == "__main__":
    main()
