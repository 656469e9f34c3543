#!/usr/bin/env python3
"""Draws the program's mark: mark.svg and icon-*.png. The same measures are in crates/vault-ui/src/widgets/mark.rs."""

import struct
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ACCENT, ON_ACCENT = "#0F6B5C", "#FFFFFF"
SIZES = (16, 32, 48, 64, 128, 192, 256, 512)
SAMPLES = 4  # a side, for smooth edges
# Systems that cut icons to their own shape leave at least a circle of 80 % of the side (W3C, Web App Manifest §1.11.1 "Icon masks").
MASKABLE_SIZE = 512
MASKABLE_SCALE = 0.8

# All in units of a square of 48.
RADIUS = 11.0
HOLE = (24.0, 20.0, 7.0)
SLOT = ((21.4, 22.0), (26.6, 22.0), (29.6, 36.0), (18.4, 36.0))


def svg() -> str:
    slot = " ".join(f"{x:g},{y:g}" for x, y in SLOT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="{RADIUS:g}" fill="{ACCENT}"/>'
        f'<g fill="{ON_ACCENT}"><circle cx="{HOLE[0]:g}" cy="{HOLE[1]:g}" r="{HOLE[2]:g}"/><polygon points="{slot}"/></g></svg>\n'
    )


def inside(x: float, y: float) -> bool:
    dx = max(RADIUS - x, x - (48 - RADIUS), 0)
    dy = max(RADIUS - y, y - (48 - RADIUS), 0)
    return dx * dx + dy * dy <= RADIUS * RADIUS


def is_light(x: float, y: float) -> bool:
    if (x - HOLE[0]) ** 2 + (y - HOLE[1]) ** 2 <= HOLE[2] ** 2:
        return True
    if SLOT[0][1] <= y <= SLOT[2][1]:
        part = (y - SLOT[0][1]) / (SLOT[2][1] - SLOT[0][1])
        left = SLOT[0][0] + part * (SLOT[3][0] - SLOT[0][0])
        right = SLOT[1][0] + part * (SLOT[2][0] - SLOT[1][0])
        return left <= x <= right
    return False


def png(size: int, scale: float = 1.0) -> bytes:
    """With a scale below 1 the mark is smaller and its ground fills the whole square."""
    dark = bytes.fromhex(ACCENT[1:])
    rows = bytearray()
    step = 48 / (size * SAMPLES)
    for py in range(size):
        rows.append(0)
        for px in range(size):
            covered = light = 0
            for sy in range(SAMPLES):
                for sx in range(SAMPLES):
                    x, y = (px * SAMPLES + sx + 0.5) * step, (py * SAMPLES + sy + 0.5) * step
                    if scale < 1.0 or inside(x, y):
                        covered += 1
                        light += is_light(24 + (x - 24) / scale, 24 + (y - 24) / scale)
            share = light / covered if covered else 0
            rows += bytes(round(c + (255 - c) * share) for c in dark) + bytes([round(255 * covered / SAMPLES**2)])
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b"")


(HERE / "mark.svg").write_text(svg())
for size in SIZES:
    (HERE / f"icon-{size}.png").write_bytes(png(size))
(HERE / f"icon-maskable-{MASKABLE_SIZE}.png").write_bytes(png(MASKABLE_SIZE, MASKABLE_SCALE))
(HERE / "icon.png").write_bytes((HERE / "icon-256.png").read_bytes())
