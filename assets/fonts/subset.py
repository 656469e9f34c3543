#!/usr/bin/env python3
"""Makes the fonts of this folder, and crates/vault-ui/src/icons.rs, from their published originals.

    subset.py INTER_VARIABLE.ttf JETBRAINS_MONO_REGULAR.ttf PHOSPHOR_SRC_DIR

Inter 4 (OFL-1.1), JetBrains Mono 2.242 (OFL-1.1) and `src/` of the npm package @phosphor-icons/web 2.1.2 (MIT). Needs fonttools.
"""

import io
import re
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).resolve().parent
RUST = HERE.parents[1] / "crates/vault-ui/src/icons.rs"

# Latin, Latin Extended, Greek, Cyrillic, punctuation, currency, arrows, key symbols, boxes of progress and geometry.
TEXT = (
    "U+0020-007E,U+00A0-024F,U+0259,U+02B0-02FF,U+0300-036F,U+0370-03FF,U+0400-052F,U+1E00-1EFF,U+2000-206F,U+2070-209F,"
    "U+20A0-20C0,U+2116,U+2122,U+2190-21FF,U+2200-22FF,U+2303,U+2318,U+2325,U+2326,U+232B,U+23CE,U+2423,U+25A0-25FF,U+2713,U+FFFD"
)
FEATURES = "kern,calt,ccmp,locl,mark,mkmk,tnum,zero"

# Names of Phosphor. Only what the program uses.
REGULAR = """
activity address-book airplane archive arrow-bend-up-left arrow-clockwise arrow-counter-clockwise arrow-down arrow-left arrow-right
arrow-square-in arrow-square-out arrow-up arrows-clockwise arrows-down-up bank bell calendar calendar-x camera caret-down caret-left
caret-right caret-up caret-up-down certificate chart-bar check check-circle circle circle-half clipboard clipboard-text clock clock-countdown
clock-counter-clockwise cloud cloud-slash code command copy corners-out credit-card currency-btc currency-circle-dollar database
desktop device-mobile devices dice-five dots-six-vertical dots-three dots-three-vertical download-simple envelope-simple eye eye-slash
factory faders file file-audio file-code file-csv file-image file-lock file-pdf file-plus file-text file-video file-zip fingerprint
first-aid-kit flag floppy-disk folder folder-open folder-simple gear gear-six git-branch git-diff globe graph hand-pointing hard-drive
hard-drives hash heartbeat house house-line identification-badge identification-card image info key key-return keyboard lifebuoy lightning
link link-simple list list-bullets list-magnifying-glass lock lock-key lock-key-open lock-open lock-simple magic-wand magnifying-glass
magnifying-glass-minus magnifying-glass-plus map-pin minus moon note note-pencil numpad package paint-brush palette paper-plane-tilt
paperclip pause pencil-simple percent phone plugs plus plus-circle printer prohibit push-pin qr-code question receipt rows seal-check
selection-all shapes share-network shield shield-check shield-slash shield-warning sidebar-simple sign-out sliders-horizontal sort-ascending
spinner stack star stop-circle subtract-square suitcase sun swap tag target terminal terminal-window text-aa text-t textbox timer translate trash
trash-simple tray tree-structure umbrella upload-simple user user-circle vault wallet warning warning-circle warning-octagon wifi-high
wrench x x-circle
""".split()
FILL = "check-circle circle push-pin star warning warning-circle".split()
# Filled glyphs share their code points with the regular ones, so they move to a private plane of their own.
FILL_PLANE = 0xF0000


def reduce(font: TTFont, unicodes: list[int], features: str) -> TTFont:
    options = subset.Options()
    options.layout_features = features.split(",") if features else []
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.glyph_names = False
    reducer = subset.Subsetter(options)
    reducer.populate(unicodes=unicodes)
    reducer.subset(font)
    return font


def codes(css: Path, class_name: str) -> dict[str, int]:
    text = css.read_text()
    found = re.findall(r"\.%s\.ph-([a-z0-9-]+):before \{\s*content: \"\\([0-9a-f]+)\"" % class_name, text)
    return {name: int(code, 16) for name, code in found}


def moved(font: TTFont, offset: int) -> TTFont:
    from fontTools.ttLib.tables._c_m_a_p import cmap_format_12

    best = font.getBestCmap()
    table = cmap_format_12(12)
    table.platformID, table.platEncID, table.language, table.format, table.reserved = 3, 10, 0, 12, 0
    table.cmap = {code + offset: glyph for code, glyph in best.items()}
    font["cmap"].tables = [table]
    return font


def reload(font: TTFont) -> TTFont:
    out = io.BytesIO()
    font.save(out)
    out.seek(0)
    return TTFont(out)


def main() -> None:
    inter, mono, phosphor = sys.argv[1], sys.argv[2], Path(sys.argv[3])

    text = subset.parse_unicodes(TEXT.replace("U+", ""))
    font = reduce(TTFont(inter), text, FEATURES)
    axes = {axis.axisTag for axis in font["fvar"].axes}
    limits = {"wght": (400, 400, 600)}
    if "opsz" in axes:
        limits["opsz"] = 14
    if "slnt" in axes:
        limits["slnt"] = 0
    font = instancer.instantiateVariableFont(reload(font), limits)
    font.save(HERE / "Inter.ttf")
    reduce(TTFont(mono), text, "ccmp,locl,mark,mkmk,zero").save(HERE / "JetBrainsMono.ttf")

    regular = codes(phosphor / "regular/style.css", "ph")
    names = [name for name in REGULAR if name in regular]
    missing = sorted(set(REGULAR) - set(names))
    if missing:
        print("not in Phosphor:", " ".join(missing))
    used = [regular[name] for name in names]
    reduce(TTFont(phosphor / "regular/Phosphor.ttf"), used, "").save(HERE / "Phosphor.ttf")
    fill = codes(phosphor / "fill/style.css", "ph-fill")
    filled = reduce(TTFont(phosphor / "fill/Phosphor-Fill.ttf"), [fill[name] for name in FILL], "")
    moved(filled, FILL_PLANE).save(HERE / "PhosphorFill.ttf")

    rows = [(name, regular[name]) for name in names] + [(f"{name}-fill", fill[name] + FILL_PLANE) for name in FILL]
    lines = [
        "//! Icons of the interface, as characters of the icon font. Made by `assets/fonts/subset.py`; do not edit.",
        "",
        "// One line each; the name says what it shows.",
        "#![allow(missing_docs, reason = \"the name of the picture is all there is to say\")]",
        "",
    ]
    for name, code in rows:
        lines.append(f'pub const {name.upper().replace("-", "_")}: &str = "\\u{{{code:x}}}";')
    lines += ["", "/// Every icon, for the test that the fonts hold them.", "pub const ALL: &[&str] = &["]
    lines += [f"    {name.upper().replace('-', '_')}," for name, _ in rows]
    lines += ["];", ""]
    RUST.write_text("\n".join(lines))


main()
