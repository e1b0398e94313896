"""crowd-polygon, crowd-polyline and crowd-line: lines drawn by mouse and keyboard."""

from __future__ import annotations

import json

import pytest

from tests.browser.drawing import SIZE, open_picture

LABELS = """labels='["House", "Sun"]'"""
SQUARE = [{"x": 50, "y": 40}, {"x": 150, "y": 40}, {"x": 150, "y": 140}, {"x": 50, "y": 140}]
HOUSE = {"label": "House", "vertices": SQUARE}
PATH = {
    "label": "House",
    "vertices": [{"x": 50, "y": 40}, {"x": 150, "y": 140}, {"x": 250, "y": 40}],
}
LINE = {"label": "House", "vertices": [{"x": 50, "y": 40}, {"x": 150, "y": 140}]}
#: By element: the member of its value, and an item.
KINDS = {
    "crowd-polygon": ("polygons", HOUSE),
    "crowd-polyline": ("polylines", PATH),
    "crowd-line": ("lines", LINE),
}
POINTS = [(50, 40), (150, 40), (150, 140), (50, 140)]


@pytest.fixture
def polygon(page):
    with open_picture(page, "crowd-polygon", LABELS) as picture:
        yield picture


@pytest.fixture
def house(page):
    """An element with HOUSE as its initial value."""
    initial = f"{LABELS} initial-value='{json.dumps([HOUSE])}'"
    with open_picture(page, "crowd-polygon", initial) as picture:
        yield picture


def polygons(picture):
    """Return the polygons in the value."""
    return picture.value["polygons"]


def test_mouse_draws_a_polygon(polygon):
    """Clicks set corners; a click on the first one closes the polygon."""
    polygon.click(*POINTS, (52, 42))
    assert polygon.submit() == {"inputImageProperties": SIZE, "polygons": [HOUSE]}


def test_keyboard_draws_a_polygon(polygon):
    """Space sets corners, and Enter closes the polygon."""
    polygon.sheet.focus()
    polygon.press("2", "Space", "ArrowRight*10", "Space", "ArrowDown*10", "Space", "Enter")
    vertices = [{"x": 200, "y": 150}, {"x": 300, "y": 150}, {"x": 300, "y": 250}]
    assert polygon.submit() == {
        "inputImageProperties": SIZE,
        "polygons": [{"label": "Sun", "vertices": vertices}],
    }


@pytest.mark.parametrize("way", ["Enter", "Finish", "double click"])
def test_polygon_is_closed(polygon, way):
    """Enter, the button "Finish" and a double click close the polygon."""
    polygon.click(*POINTS[:3])
    if way == "double click":
        polygon.page.mouse.dblclick(*polygon.place(*POINTS[3]))
    else:
        polygon.click(POINTS[3])
        polygon.press("Enter") if way == "Enter" else polygon.button("Finish").click()
    assert polygons(polygon) == [HOUSE]


def test_members_are_sorted_by_name(house):
    """The members of the answer are in the order of the documentation's examples."""
    text = house.element.evaluate("element => JSON.stringify(element._submittableValue)")
    assert text == json.dumps(
        {"inputImageProperties": SIZE, "polygons": [HOUSE]}, separators=(",", ":")
    )


def test_polygon_needs_three_corners(polygon):
    """Enter after two corners says that a polygon needs three."""
    polygon.click(*POINTS[:2])
    polygon.press("Enter")
    assert polygon.status.text_content() == "A polygon needs 3 points: this one has 2."
    assert polygons(polygon) == []


def test_lines_of_a_polygon_do_not_cross(polygon):
    """A corner whose line would cross another line of the polygon is refused."""
    polygon.click((50, 40), (150, 140), (150, 40), (50, 140))
    assert polygon.status.text_content() == "The lines of a polygon must not cross."
    polygon.press("Enter")
    assert polygons(polygon) == [{"label": "House", "vertices": [SQUARE[0], SQUARE[2], SQUARE[1]]}]


def test_closing_line_does_not_cross(polygon):
    """A polygon whose closing line would cross another line is not closed."""
    polygon.click((50, 140), (150, 40), (200, 200), (250, 40))
    polygon.press("Enter")
    assert polygon.status.text_content() == "The lines of a polygon must not cross."
    assert polygons(polygon) == []


def test_polygon_inside_another(house):
    """A polygon can be drawn from inside another one."""
    house.click((80, 70), (120, 70), (120, 110), (80, 70))
    assert polygons(house)[1]["vertices"] == [
        {"x": 80, "y": 70},
        {"x": 120, "y": 70},
        {"x": 120, "y": 110},
    ]


def test_corner_on_the_line_of_another_polygon(house):
    """While a polygon is drawn, a click on the line of another one sets a corner."""
    house.click((80, 200), (100, 40), (120, 200))
    house.press("Enter")
    vertices = [{"x": 80, "y": 200}, {"x": 100, "y": 40}, {"x": 120, "y": 200}]
    assert polygons(house) == [HOUSE, {"label": "House", "vertices": vertices}]


def test_undo_takes_back_corners(polygon):
    """While a polygon is drawn, undo and redo go back and forth between its corners."""
    polygon.click(*POINTS, (100, 250))
    polygon.press("Control+z", "Control+z", "Control+y", "Enter")
    assert polygons(polygon) == [HOUSE]


def test_undo_takes_back_the_polygon(polygon):
    """When a polygon is finished, undo removes all of it."""
    polygon.click(*POINTS)
    polygon.press("Enter", "Control+z")
    assert polygons(polygon) == []
    assert polygon.element.evaluate("element => element.draft.length") == 0
    polygon.press("Control+y")
    assert polygons(polygon) == [HOUSE]


def test_backspace_takes_back_a_corner(polygon):
    """In the image, Backspace takes back the latest corner."""
    polygon.click(*POINTS, (100, 250))
    polygon.press("Backspace", "Enter")
    assert polygons(polygon) == [HOUSE]


def test_escape_cancels_the_polygon(polygon):
    """Escape cancels the polygon being drawn, with one step of undo less for each corner."""
    polygon.click(*POINTS[:3])
    polygon.press("Escape", "Control+z")
    assert polygon.status.text_content() == "Nothing to undo."
    polygon.click(*POINTS)
    polygon.press("Enter")
    assert polygons(polygon) == [HOUSE]


def test_double_click_on_the_first_corner(polygon):
    """A double click on the first corner closes the polygon, and begins no other."""
    polygon.click(*POINTS)
    polygon.page.mouse.dblclick(*polygon.place(50, 40))
    assert polygon.submit() == {"inputImageProperties": SIZE, "polygons": [HOUSE]}


def test_second_press_at_a_corner_sets_none(polygon):
    """A press beside the latest corner, as in a shaky double click, sets no corner."""
    polygon.click(POINTS[0], (52, 42), *POINTS[1:])
    polygon.press("Enter")
    assert polygons(polygon) == [HOUSE]


def test_cancel_button(polygon):
    """The button "Cancel" is there while a polygon is drawn, and cancels it."""
    assert not polygon.button("Cancel").is_visible()
    polygon.click(*POINTS[:3])
    polygon.button("Cancel").click()
    assert not polygon.button("Cancel").is_visible()
    polygon.press("Enter")
    assert polygon.status.text_content() == "Space sets the first point."


def test_mouse_moves_a_corner(house):
    """Dragging a corner of the selected polygon moves this corner alone."""
    house.click((100, 40))
    house.drag((150, 140), (180, 160))
    vertices = [SQUARE[0], SQUARE[1], {"x": 180, "y": 160}, SQUARE[3]]
    assert polygons(house) == [{"label": "House", "vertices": vertices}]


def test_keyboard_moves_polygons_and_corners(house):
    """Arrow keys move the polygon that has the focus; Enter goes to its corners."""
    house.sheet.focus()
    house.press("Tab", "ArrowRight", "Enter", "ArrowUp")
    moved = [{"x": point["x"] + 10, "y": point["y"]} for point in SQUARE]
    moved[0] = {"x": 60, "y": 30}
    assert polygons(house) == [{"label": "House", "vertices": moved}]


def test_delete_removes_a_corner_and_a_polygon(house):
    """Delete removes the corner that has the focus; with three corners, the polygon."""
    house.sheet.focus()
    house.press("Tab", "Enter", "Delete")
    assert polygons(house) == [{"label": "House", "vertices": SQUARE[1:]}]
    house.press("Enter", "Delete")
    assert polygons(house) == []


def test_escape_goes_from_a_corner_to_the_image(house):
    """Escape goes from a corner to its polygon, and from there to the image."""
    house.sheet.focus()
    house.press("Tab", "Enter", "Escape")
    label = "element => element.shadowRoot.activeElement.getAttribute('aria-label')"
    assert house.element.evaluate(label) == "Polygon 1, House, 4 points from 50, 40"
    house.press("Escape")
    assert house.element.evaluate(label) == "Image to draw polygons on"


def test_digit_relabels_a_polygon(house):
    """A digit changes the label of the polygon that has the focus."""
    house.sheet.focus()
    house.press("Tab", "2")
    assert polygons(house) == [{**HOUSE, "label": "Sun"}]


@pytest.mark.parametrize("tag", KINDS)
def test_initial_value_is_part_of_the_answer(page, tag):
    """Figures of initial-value are in the answer."""
    member, item = KINDS[tag]
    with open_picture(page, tag, f"{LABELS} initial-value='{json.dumps([item])}'") as picture:
        assert picture.submit()[member] == [item]


@pytest.mark.parametrize("tag", ["crowd-polyline", "crowd-line"])
def test_initial_value_as_an_object(page, tag):
    """initial-value of lines can be an object with their member [doc]."""
    member, item = KINDS[tag]
    vertices = ", ".join(f"{{x: {point['x']}, y: {point['y']}}}" for point in item["vertices"])
    text = f"""{{
        {member}: [
        {{
            label: 'House', // label of this line annotation
            vertices:[         // an array of vertices
            {vertices}
            ]
        }}
        ]
    }}"""
    with open_picture(page, tag, f'{LABELS} initial-value="{text}"') as picture:
        assert picture.value == {
            member: [item],
            "initialValueModified": False,
            "inputImageProperties": SIZE,
        }


def test_figures_that_cannot_be_are_left_out(page):
    """Figures of initial-value with too few points or an unknown label are not drawn."""
    items = [{**HOUSE, "vertices": SQUARE[:2]}, {**HOUSE, "label": "Moon"}, HOUSE]
    initial = f"{LABELS} initial-value='{json.dumps(items)}'"
    with open_picture(page, "crowd-polygon", initial) as picture:
        assert polygons(picture) == [HOUSE]


def test_mouse_draws_a_polyline(page):
    """Clicks set points, which may cross; a double click sets the last one."""
    with open_picture(page, "crowd-polyline", LABELS) as picture:
        picture.click((50, 40), (150, 140))
        picture.page.mouse.dblclick(*picture.place(250, 40))
        assert picture.submit() == {"inputImageProperties": SIZE, "polylines": [PATH]}


def test_keyboard_draws_a_polyline(page):
    """Space sets points, and Enter finishes the polyline."""
    with open_picture(page, "crowd-polyline", LABELS) as picture:
        picture.sheet.focus()
        picture.press("Space", "ArrowRight", "Space", "ArrowUp", "Space", "Enter")
        vertices = [{"x": 200, "y": 150}, {"x": 210, "y": 150}, {"x": 210, "y": 140}]
        assert picture.value["polylines"] == [{"label": "House", "vertices": vertices}]


def test_polyline_may_cross_itself(page):
    """A polyline may cross itself [doc]."""
    with open_picture(page, "crowd-polyline", LABELS) as picture:
        points = [(50, 40), (150, 140), (150, 40), (50, 140)]
        picture.click(*points)
        picture.press("Enter")
        vertices = [{"x": x, "y": y} for x, y in points]
        assert picture.value["polylines"] == [{"label": "House", "vertices": vertices}]


@pytest.mark.parametrize("way", ["drag", "click"])
def test_mouse_draws_a_line(page, way):
    """A drag or two clicks draw a line, from its start to its end."""
    with open_picture(page, "crowd-line", LABELS) as picture:
        getattr(picture, way)((50, 40), (150, 140))
        assert picture.submit() == {"inputImageProperties": SIZE, "lines": [LINE]}


def test_keyboard_draws_a_line(page):
    """Space sets the ends of a line."""
    with open_picture(page, "crowd-line", LABELS) as picture:
        picture.sheet.focus()
        picture.press("Space", "ArrowLeft*3", "Space")
        vertices = [{"x": 200, "y": 150}, {"x": 170, "y": 150}]
        assert picture.value["lines"] == [{"label": "House", "vertices": vertices}]


def test_label_colors(page):
    """Figures have the colors of label-colors, in the order of labels."""
    attributes = (
        f"""{LABELS} label-colors="['#ff00aa', '#00ffee']" initial-value='{json.dumps([HOUSE])}'"""
    )
    with open_picture(page, "crowd-polygon", attributes) as picture:
        stroke = picture.sheet.locator(".figure .line").evaluate(
            "node => getComputedStyle(node).stroke"
        )
        assert stroke == "rgb(255, 0, 170)"
