"""How crowd-* elements look: contrast, dark pages, and the size of what is touched."""

from __future__ import annotations

import pytest

from tests.browser.crowd_pages import open_crowd_page

#: Pairs of colors, and the contrast that WCAG AA asks for: 4.5 for text, 3 for edges of controls.
PAIRS = [
    ("text", "surface", 4.5),
    ("text", "raised", 4.5),
    ("text", "tint", 4.5),
    ("text", "error-tint", 4.5),
    ("text", "success-tint", 4.5),
    ("text", "warning-tint", 4.5),
    ("quiet", "surface", 4.5),
    ("quiet", "raised", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "raised", 4.5),
    ("accent", "tint", 4.5),
    ("on-accent", "accent", 4.5),
    ("error", "surface", 4.5),
    ("edge", "surface", 3),
    ("error", "error-tint", 3),
    ("success", "success-tint", 3),
    ("warning", "warning-tint", 3),
]
OPT_IN = '<meta name="color-scheme" content="light dark">'
ALL = """<crowd-form>
    <crowd-instructions link-text="Look"><short-summary>S</short-summary></crowd-instructions>
    <crowd-modal link-text="Modal" link-type="button">Content</crowd-modal>
    <crowd-tabs><crowd-tab header="T">Content</crowd-tab></crowd-tabs>
    <crowd-input name="a"></crowd-input>
    <crowd-text-area name="b" rows="1"></crowd-text-area>
    <crowd-checkbox name="c">C</crowd-checkbox>
    <crowd-toggle-button name="d">D</crowd-toggle-button>
    <crowd-radio-button name="e">E</crowd-radio-button>
    <crowd-slider name="f" editable></crowd-slider>
    <crowd-classifier name="g" categories="['A']"><full-instructions>F</full-instructions>
    </crowd-classifier>
    <crowd-classifier-multi-select name="h" categories="['A']"></crowd-classifier-multi-select>
    <crowd-image-classifier name="i" categories="['A']"><worker-comment></worker-comment>
    </crowd-image-classifier>
    <crowd-alert dismissible>Alert</crowd-alert><crowd-fab icon="star"></crowd-fab>
    <crowd-icon-button icon="star"></crowd-icon-button><crowd-button>Button</crowd-button>
    <crowd-button variant="link">Link</crowd-button>
</crowd-form>"""


def read_color(page, name):
    """Return a color of the elements as red, green and blue."""
    script = """name => {
        const probe = document.createElement("span");
        probe.style.color = `var(--crowd-${name})`;
        document.querySelector("crowd-input").shadowRoot.append(probe);
        const found = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number);
        probe.remove();
        return found;
    }"""
    return page.evaluate(script, name)


def luminance(color):
    """Return the relative luminance of WCAG."""
    parts = [part / 255 for part in color]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(new_page, scheme):
    """Colors of text and edges have the contrast of WCAG AA, in light and in dark pages."""
    page = new_page(color_scheme=scheme)
    with open_crowd_page(page, f"{OPT_IN}<crowd-input name='a'></crowd-input>"):
        for one, other, least in PAIRS:
            dark, bright = sorted(luminance(read_color(page, name)) for name in (one, other))
            contrast = (bright + 0.05) / (dark + 0.05)
            assert contrast >= least, f"{one} on {other}: {contrast:.2f}"


@pytest.mark.parametrize(("head", "is_dark"), [("", False), (OPT_IN, True)])
def test_elements_are_dark_on_dark_pages_only(new_page, head, is_dark):
    """On a dark device, elements are dark if the page says that it can be dark."""
    page = new_page(color_scheme="dark")
    with open_crowd_page(page, f"{head}<crowd-input name='a'></crowd-input>"):
        assert (luminance(read_color(page, "surface")) < 0.5) == is_dark


def test_text_has_the_color_of_the_page(page):
    """Text on the background of the page has the color of the page, text in a box has its own."""
    style = "<style>body { background: #101010; color: rgb(240, 240, 240); }</style>"
    with open_crowd_page(page, f"{style}{ALL}<h2>Heading</h2>"):
        get = "element => getComputedStyle(element).color"
        for selector in ("crowd-checkbox label", "crowd-radio-button label", "h2"):
            assert page.locator(selector).last.evaluate(get) == "rgb(240, 240, 240)"
        for selector in (".field", ".option", ".number", ".alert"):
            assert page.locator(selector).last.evaluate(get) == "rgb(27, 31, 36)"


def test_targets_on_a_phone(new_page):
    """On a phone, everything that is touched is at least 44 pixels high and wide."""
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = new_page(**phone)
    html = f'<meta name="viewport" content="width=device-width">{ALL}'
    with open_crowd_page(page, html):
        for target in page.locator("button, a, label, input[type=range], .field, .number").all():
            if target.is_visible():
                box = target.bounding_box()
                shown = f"{target.evaluate('element => element.outerHTML')}: {box}"
                assert box["width"] >= 44, shown
                assert box["height"] >= 44, shown


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_page(new_page, width):
    """A page of crowd elements does not scroll sideways."""
    page = new_page(viewport={"width": width, "height": 800})
    with open_crowd_page(page, ALL):
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_elements_are_filled_by_touch(new_page):
    """Fields are filled by touch."""
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    with open_crowd_page(page, ALL) as task:
        page.get_by_role("checkbox", name="C").tap()
        page.get_by_role("switch", name="D").tap()
        page.get_by_role("radio", name="E").tap()
        for name in ("g", "h", "i"):
            page.locator(f"[name={name}]").first.get_by_text("A", exact=True).tap()
        slider = page.get_by_role("slider").bounding_box()
        page.touchscreen.tap(slider["x"] + slider["width"] - 2, slider["y"] + slider["height"] / 2)
        page.get_by_role("button", name="Submit").tap()
        assert task.wait() == {
            "c": {"on": True},
            "d": {"on": True},
            "e": {"on": True},
            "f": 100,
            "g": {"label": "A"},
            "h": {"labels": ["A"]},
            "i": {"label": "A"},
        }
