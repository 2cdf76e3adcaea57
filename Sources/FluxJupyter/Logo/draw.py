#!/usr/bin/env python3
"""Draws logo-32x32.png and logo-64x64.png beside it: the shapes of logo-svg.svg, 8 × 8 samples a pixel."""
import os
import struct
import zlib

GREEN, WHITE, GOLD = (0x1F, 0x6F, 0x54, 255), (255, 255, 255, 255), (0xF2, 0xC1, 0x4E, 255)


def colour(x, y):
    """Of a point of the 64 × 64 drawing."""
    dx, dy = max(12 - x, x - 52, 0), max(12 - y, y - 52, 0)
    if dx * dx + dy * dy > 144:
        return (0, 0, 0, 0)
    if (x - 32) ** 2 + (y - 14) ** 2 <= 25:
        return GOLD
    if 4 <= x <= 60 and 44 <= y <= 50:
        return WHITE
    if y <= 46 and 21 ** 2 <= (x - 32) ** 2 + (y - 46) ** 2 <= 27 ** 2:
        return WHITE
    return GREEN


def draw(size, samples=8):
    step = 64 / size / samples
    rows = b""
    for row in range(size):
        rows += b"\0"
        for column in range(size):
            points = [colour((column * samples + i + 0.5) * step, (row * samples + j + 0.5) * step) for i in range(samples) for j in range(samples)]
            alpha = sum(p[3] for p in points)
            rows += bytes(round(sum(p[k] * p[3] for p in points) / alpha) if alpha else 0 for k in range(3)) + bytes([round(alpha / len(points))])

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


for size in (32, 64):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), f"logo-{size}x{size}.png"), "wb") as file:
        file.write(draw(size))
