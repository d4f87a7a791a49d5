"""Contrast of colours as WCAG 2 defines it. Pure: no Django, no database. Colours are written #rrggbb."""

LEAST_CONTRAST = 4.5
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


def lightened(colour, papers, least=LEAST_CONTRAST + 1):
    """The colour mixed with as little white as makes it readable on every one of the papers."""
    for white in range(0, 101, 5):
        mixed = "#" + "".join(f"{round(value + (255 - value) * white / 100):02x}" for value in channels(colour))
        if min(contrast(mixed, paper) for paper in papers) >= least:
            return mixed
    return "#ffffff"
