"""Whether a site answers, well and in Swedish, within three minutes: python -m tests.served ADDRESS."""

from __future__ import annotations

import json
import sys
import time
import urllib.request

PATIENCE = 180


def answer(address: str) -> str:
    """What an address answers."""
    with urllib.request.urlopen(address, timeout=5) as response:
        return str(response.read().decode())


def main(address: str) -> int:
    """0 once the site is well and its front page leads to sign-in."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            found = json.loads(answer(f"{address}/health"))
            break
        except (OSError, ValueError) as fault:
            if time.monotonic() > until:
                print(f"{address} does not answer: {fault}", file=sys.stderr)
                return 1
            time.sleep(0.5)
    front = answer(f"{address}/")
    well = found["status"] == "ok" and 'lang="sv"' in front and "/konto/login/" in front
    print(f"{address}: {found}, front page {'as it should be' if well else 'is not as it should be'}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
