"""Contrast of colours as WCAG 2 defines it. Pure: no Django, no database. Colours are written #rrggbb."""

from colorsys import hls_to_rgb, rgb_to_hls

LEAST_CONTRAST = 4.5
# Strong colours glare on dark screens.
CALMER = 0.5
# What words and buttons in the centre's colour stand on: the papers of config/static/css/tokens.css, light and dark.
PAPERS = ("#ffffff", "#faf7f1", "#f1ece2")
PAPERS_IN_THE_DARK = ("#15191b", "#1e2427", "#101315")


def channels(colour):
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def luminance(colour):
    """Relative luminance in [0, 1]."""
    shares = [value / 255 for value in channels(colour)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Contrast ratio in [1, 21], whichever comes first."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lightened(colour, papers, least=LEAST_CONTRAST + 2.5):
    """The colour in its own hue, a little calmer, as light as makes it readable on every one of the papers."""
    hue, lightness, saturation = rgb_to_hls(*(value / 255 for value in channels(colour)))
    for step in range(51):
        shares = hls_to_rgb(hue, lightness + (1 - lightness) * step / 50, saturation * CALMER)
        lighter = "#" + "".join(f"{round(share * 255):02x}" for share in shares)
        if min(contrast(lighter, paper) for paper in papers) >= least:
            return lighter
    return "#ffffff"
