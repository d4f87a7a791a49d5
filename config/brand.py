"""The centre's colours as the stylesheet needs them: pure arithmetic on #rrggbb, after WCAG 2.2."""

from dataclasses import dataclass

BLACK, WHITE = "#000000", "#ffffff"
# The darkest paper of the dark theme (tokens.css); links in the brand's colour must be readable on it.
DARK_SURFACE = "#1e2427"
READABLE = 4.5


def channels(colour):
    """#rrggbb as three numbers 0-255."""
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def luminance(colour):
    """Relative luminance, 0 (black) to 1 (white)."""
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (channel / 255 for channel in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    """Contrast of two colours, 1 (none) to 21 (black on white)."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(first, second, share):
    """A colour between two others: `share` 0 is the first, 1 the second."""
    pairs = zip(channels(first), channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lightened_for(surface, colour, least=READABLE):
    """The colour with as little white mixed in as makes it readable on a dark surface."""
    steps = (mixed(colour, WHITE, step / 20) for step in range(21))
    return next(step for step in steps if contrast(step, surface) >= least)


@dataclass(frozen=True)
class Brand:
    """The colour of a centre's filled areas and of the words upon them."""

    colour: str = "#17564e"
    ink: str = WHITE

    @classmethod
    def with_readable_ink(cls, colour):
        """The brand whose words are black or white, whichever stands out more."""
        return cls(colour, max((WHITE, BLACK), key=lambda ink: contrast(colour, ink)))

    @property
    def on_dark(self):
        return lightened_for(DARK_SURFACE, self.colour, least=7)

    def stylesheet(self):
        return (
            "@layer tokens, brand, base, layout, components, print;\n"
            "@layer brand { :root { "
            f"--brand: {self.colour}; --brand-ink: {self.ink}; --brand-on-dark: {self.on_dark};"
            " } }\n"
        )
