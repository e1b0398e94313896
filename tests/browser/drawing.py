"""A page with one element that draws on an image, for tests of these elements."""

from __future__ import annotations

from contextlib import contextmanager

from tests.browser.crowd_pages import open_crowd_page

#: An image of 400 x 300 pixels.
IMAGE = b"""<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300">
<rect width="400" height="300" fill="#9ab"/></svg>"""
SIZE = {"height": 300, "width": 400}
#: An image that no phone shows in its natural size.
LARGE = IMAGE.replace(b"400", b"1600").replace(b"300", b"1200")
FILES = {"/cat.svg": IMAGE, "/large.svg": LARGE}
#: Pages for phones say that they fit.
HEAD = '<meta name="viewport" content="width=device-width">'


def press_keys(page, *keys):
    """Press keys; a key can have a number of times: "ArrowLeft*3"."""
    for key in keys:
        name, _, times = key.partition("*")
        for _ in range(int(times or 1)):
            page.keyboard.press(name)


class Picture:
    """An element that draws on an image, in a page. Points are pixels of the image."""

    def __init__(self, crowd_page, tag):
        self.crowd_page = crowd_page
        self.page = crowd_page.page
        self.element = self.page.locator(tag)
        self.sheet = self.element.get_by_role("application")
        self.status = self.element.get_by_role("status")

    def label(self, name):
        """Return the button of a label."""
        return self.element.get_by_role("group", name="Labels").get_by_role("button", name=name)

    def button(self, name):
        """Return a button with this name."""
        return self.element.get_by_role("button", name=name, exact=True)

    def place(self, x, y):
        """Return where a point of the image is in the window."""
        box = self.element.locator("img").bounding_box()
        size = self.value["inputImageProperties"]
        return box["x"] + x * box["width"] / size["width"], box["y"] + (
            y * box["height"] / size["height"]
        )

    def click(self, *points):
        """Click on points."""
        for point in points:
            self.page.mouse.click(*self.place(*point))

    def drag(self, start, end):
        """Drag the mouse from a point to another one."""
        self.page.mouse.move(*self.place(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.place(*end), steps=4)
        self.page.mouse.up()

    def press(self, *keys):
        """Press keys, as `press_keys` does."""
        press_keys(self.page, *keys)

    @property
    def value(self):
        """The value as scripts of the page read it."""
        return self.element.evaluate("element => element.value")

    def submit(self):
        """Submit the form; return what the requester gets under the element's name."""
        return self.crowd_page.submit()["drawing"]


@contextmanager
def open_picture(page, tag, attributes, *, inside="", src="/cat.svg"):
    """Open a page with one element in a crowd-form, and wait for its image."""
    html = f"""<!DOCTYPE html>{HEAD}<script src="/crowd-html-elements.js"></script>
    <crowd-form><{tag} name="drawing" src="{src}" {attributes}>{inside}</{tag}></crowd-form>"""
    with open_crowd_page(page, html, files=FILES) as crowd_page:
        picture = Picture(crowd_page, tag)
        picture.sheet.wait_for()
        yield picture
        assert crowd_page.problems == []
