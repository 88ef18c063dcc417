"""A small writer of annotation formats: one scene of outlines or boxes, in whole pixels, in each of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = ("apple", "leaf")


class Label(NamedTuple):
    """A label: its class, and its vertices in pixels; two opposite corners are a box."""

    name: str
    points: list[tuple[int, int]]

    def box(self) -> tuple[int, int, int, int]:
        """Return the left, upper, right and lower edge."""
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


class Picture(NamedTuple):
    """An image with its labels; sides are powers of two, so that shares of them are exact."""

    name: str
    width: int
    height: int
    labels: list[Label]


def coco(scene: list[Picture], folder: Path) -> None:
    """Write COCO."""
    images, annotations = [], []
    for picture in scene:
        size = {"width": picture.width, "height": picture.height}
        images.append({"id": len(images), "file_name": f"{picture.name}.jpg", **size})
        for label in picture.labels:
            left, upper, right, lower = label.box()
            one = {"id": len(annotations) + 1, "image_id": len(images) - 1, "category_id": CLASSES.index(label.name)}
            one["bbox"] = [left, upper, right - left, lower - upper]
            if len(label.points) > 2:
                one["segmentation"] = [[value for point in label.points for value in point]]
            annotations.append(one)
    categories = [{"id": index, "name": name} for index, name in enumerate(CLASSES)]
    whole = {"images": images, "categories": categories, "annotations": annotations}
    (folder / "a.json").write_text(json.dumps(whole))


def _pictures(scene: list[Picture], folder: Path) -> None:
    folder.mkdir()
    for picture in scene:
        Image.new("L", (picture.width, picture.height)).save(folder / f"{picture.name}.png")


def yolo(scene: list[Picture], folder: Path) -> None:
    """Write YOLO: outlines, or centres with sizes."""
    _pictures(scene, folder / "images")
    (folder / "labels").mkdir()
    (folder / "data.yaml").write_text(f"train: images\nval: images\nnames: [{', '.join(CLASSES)}]\n")
    for picture in scene:
        rows = []
        for label in picture.labels:
            left, upper, right, lower = label.box()
            shape = [((left + right) / 2, (upper + lower) / 2), (right - left, lower - upper)]
            points = label.points if len(label.points) > 2 else shape
            words = [repr(value) for x, y in points for value in (x / picture.width, y / picture.height)]
            rows.append(" ".join([str(CLASSES.index(label.name)), *words]))
        (folder / "labels" / f"{picture.name}.txt").write_text("\n".join(rows) + "\n")


def labelme(scene: list[Picture], folder: Path) -> None:
    """Write LabelMe."""
    for picture in scene:
        kinds = {True: "polygon", False: "rectangle"}
        shapes = [
            {"label": one.name, "points": one.points, "shape_type": kinds[len(one.points) > 2], "flags": {}}
            for one in picture.labels
        ]
        size = {"imageWidth": picture.width, "imageHeight": picture.height}
        whole = {"version": "5.5.0", "flags": {}, "shapes": shapes, "imagePath": f"{picture.name}.jpg", **size}
        (folder / f"{picture.name}.json").write_text(json.dumps(whole))


def cvat(scene: list[Picture], folder: Path) -> None:
    """Write CVAT for images."""
    lines = ["<annotations><version>1.1</version>"]
    for number, picture in enumerate(scene):
        size = f'width="{picture.width}" height="{picture.height}"'
        lines.append(f'<image id="{number}" name="{picture.name}.jpg" {size}>')
        for label in picture.labels:
            if len(label.points) > 2:
                points = ";".join(f"{x:.2f},{y:.2f}" for x, y in label.points)
                lines.append(f'<polygon label="{label.name}" points="{points}" z_order="0"></polygon>')
            else:
                edges = zip(("xtl", "ytl", "xbr", "ybr"), label.box(), strict=True)
                corners = " ".join(f'{name}="{value:.2f}"' for name, value in edges)
                lines.append(f'<box label="{label.name}" {corners} z_order="0"></box>')
        lines.append("</image>")
    (folder / "a.xml").write_text("\n".join([*lines, "</annotations>"]))


def label_studio(scene: list[Picture], folder: Path) -> None:
    """Write Label Studio, which counts in per cent."""
    tasks = []
    for number, picture in enumerate(scene):
        results = []
        for label in picture.labels:
            points = [[100 * x / picture.width, 100 * y / picture.height] for x, y in label.points]
            (left, upper), (right, lower) = points[0], points[1]
            box = {"x": left, "y": upper, "width": right - left, "height": lower - upper, "rotation": 0}
            kind = "polygonlabels" if len(points) > 2 else "rectanglelabels"
            value = {**({"points": points} if len(points) > 2 else box), kind: [label.name]}
            size = {"original_width": picture.width, "original_height": picture.height}
            results.append({"id": str(len(results)), "type": kind, "value": value, **size})
        image = {"image": f"/data/{picture.name}.jpg"}
        tasks.append({"id": number, "data": image, "annotations": [{"id": number, "result": results}]})
    (folder / "a.json").write_text(json.dumps(tasks))


def pascal_voc(scene: list[Picture], folder: Path) -> None:
    """Write Pascal VOC, which has boxes alone."""
    for picture in scene:
        lines = [f"<annotation><filename>{picture.name}.jpg</filename>"]
        lines.append(f"<size><width>{picture.width}</width><height>{picture.height}</height></size>")
        for label in picture.labels:
            edges = zip(("xmin", "ymin", "xmax", "ymax"), label.box(), strict=True)
            corners = "".join(f"<{name}>{value}</{name}>" for name, value in edges)
            lines.append(f"<object><name>{label.name}</name><bndbox>{corners}</bndbox></object>")
        (folder / f"{picture.name}.xml").write_text("\n".join([*lines, "</annotation>"]))


def open_images(scene: list[Picture], folder: Path) -> None:
    """Write Open Images, which has boxes alone."""
    _pictures(scene, folder / "images")
    rows = ["ImageID,LabelName,XMin,XMax,YMin,YMax"]
    for picture in scene:
        for label in picture.labels:
            left, upper, right, lower = label.box()
            shares = (left / picture.width, right / picture.width, upper / picture.height, lower / picture.height)
            rows.append(f"{picture.name},/m/{CLASSES.index(label.name)},{','.join(map(repr, shares))}")
    (folder / "boxes.csv").write_text("\n".join(rows) + "\n")
    (folder / "class-descriptions.csv").write_text("".join(f"/m/{at},{name}\n" for at, name in enumerate(CLASSES)))


OF_OUTLINES = {"coco": coco, "yolo": yolo, "labelme": labelme, "cvat": cvat, "label_studio": label_studio}
OF_BOXES = {**OF_OUTLINES, "pascal_voc": pascal_voc, "open_images": open_images}
