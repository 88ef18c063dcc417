"""A small writer of annotation formats: one scene of outlines or boxes, in whole pixels, in each of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    Box = tuple[float, float, float, float]

CLASSES = ("apple", "leaf")


class Label(NamedTuple):
    """A label: its class, and its vertices in pixels; two opposite corners are a box.

    Subclasses that write a box in another way than a format wants it are the mistakes of converters.
    """

    name: str
    points: Sequence[tuple[float, float]]

    def box(self) -> Box:
        """Return the left, upper, right and lower edge."""
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def corners(self) -> Box:
        """Return the box as x1, y1, x2, y2."""
        return self.box()

    def sizes(self) -> Box:
        """Return the box as x, y, width, height."""
        left, upper, right, lower = self.box()
        return left, upper, right - left, lower - upper

    def centre(self) -> Box:
        """Return the box as the x and y of its centre, width, height."""
        left, upper, right, lower = self.box()
        return (left + right) / 2, (upper + lower) / 2, right - left, lower - upper

    @property
    def is_outline(self) -> bool:
        """Whether it is more than a box."""
        return len(self.points) > 2


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
            one = {"id": len(annotations) + 1, "image_id": len(images) - 1, "category_id": CLASSES.index(label.name)}
            one["bbox"] = label.sizes()
            if label.is_outline:
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
            x, y, width, height = label.centre()
            points = label.points if label.is_outline else [(x, y), (width, height)]
            words = [repr(value) for x, y in points for value in (x / picture.width, y / picture.height)]
            rows.append(" ".join([str(CLASSES.index(label.name)), *words]))
        (folder / "labels" / f"{picture.name}.txt").write_text("\n".join(rows) + "\n")


def _vertices(label: Label) -> list[list[float]]:
    """Return the vertices of an outline, or two corners of a box."""
    left, upper, right, lower = label.corners()
    return [*map(list, label.points)] if label.is_outline else [[left, upper], [right, lower]]


def labelme(scene: list[Picture], folder: Path) -> None:
    """Write LabelMe."""
    for picture in scene:
        kinds = {True: "polygon", False: "rectangle"}
        shapes = [
            {"label": one.name, "points": _vertices(one), "shape_type": kinds[one.is_outline], "flags": {}}
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
            if label.is_outline:
                points = ";".join(f"{x:.2f},{y:.2f}" for x, y in label.points)
                lines.append(f'<polygon label="{label.name}" points="{points}" z_order="0"></polygon>')
            else:
                edges = zip(("xtl", "ytl", "xbr", "ybr"), label.corners(), strict=True)
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
            percent = (
                100 * side / of for side, of in zip(label.sizes(), [picture.width, picture.height] * 2, strict=True)
            )
            box = {**dict(zip(("x", "y", "width", "height"), percent, strict=True)), "rotation": 0}
            kind = "polygonlabels" if label.is_outline else "rectanglelabels"
            value = {**({"points": points} if label.is_outline else box), kind: [label.name]}
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
            edges = zip(("xmin", "ymin", "xmax", "ymax"), label.corners(), strict=True)
            corners = "".join(f"<{name}>{value}</{name}>" for name, value in edges)
            lines.append(f"<object><name>{label.name}</name><bndbox>{corners}</bndbox></object>")
        (folder / f"{picture.name}.xml").write_text("\n".join([*lines, "</annotation>"]))


def open_images(scene: list[Picture], folder: Path) -> None:
    """Write Open Images, which has boxes alone."""
    _pictures(scene, folder / "images")
    rows = ["ImageID,LabelName,XMin,XMax,YMin,YMax"]
    for picture in scene:
        for label in picture.labels:
            left, upper, right, lower = label.corners()
            shares = (left / picture.width, right / picture.width, upper / picture.height, lower / picture.height)
            rows.append(f"{picture.name},/m/{CLASSES.index(label.name)},{','.join(map(repr, shares))}")
    (folder / "boxes.csv").write_text("\n".join(rows) + "\n")
    (folder / "class-descriptions.csv").write_text("".join(f"/m/{at},{name}\n" for at, name in enumerate(CLASSES)))


def via(scene: list[Picture], folder: Path) -> None:
    """Write a project of VIA, with the sizes of the images among their attributes."""
    images = {}
    for picture in scene:
        regions = []
        for label in picture.labels:
            rectangle = {"name": "rect", **dict(zip(("x", "y", "width", "height"), label.sizes(), strict=True))}
            xs, ys = zip(*label.points, strict=True)
            polygon = {"name": "polygon", "all_points_x": xs, "all_points_y": ys}
            shape = polygon if label.is_outline else rectangle
            regions.append({"shape_attributes": shape, "region_attributes": {"class": label.name}})
        size = {"width": picture.width, "height": picture.height}
        images[picture.name] = {"filename": f"{picture.name}.jpg", "size": -1, "regions": regions}
        images[picture.name]["file_attributes"] = size
    (folder / "via.json").write_text(json.dumps({"_via_settings": {}, "_via_img_metadata": images}))


def datumaro(scene: list[Picture], folder: Path) -> None:
    """Write Datumaro."""
    items = []
    for picture in scene:
        labels = []
        for number, label in enumerate(picture.labels):
            flat = [value for point in label.points for value in point]
            shape = {"type": "polygon", "points": flat} if label.is_outline else {"type": "bbox", "bbox": label.sizes()}
            labels.append({"id": number, "label_id": CLASSES.index(label.name), "attributes": {}, "group": 0, **shape})
        image = {"path": f"{picture.name}.jpg", "size": [picture.height, picture.width]}
        items.append({"id": picture.name, "annotations": labels, "image": image})
    categories = {"label": {"labels": [{"name": name, "parent": "", "attributes": []} for name in CLASSES]}}
    (folder / "a.json").write_text(json.dumps({"infos": {}, "categories": categories, "items": items}))


def darwin(scene: list[Picture], folder: Path) -> None:
    """Write Darwin, where an outline has its box beside it."""
    for picture in scene:
        labels = []
        for label in picture.labels:
            one = {"name": label.name, "bounding_box": dict(zip("xywh", label.sizes(), strict=True))}
            if label.is_outline:
                one["polygon"] = {"paths": [[{"x": x, "y": y} for x, y in label.points]]}
            labels.append({"id": str(len(labels)), "slot_names": ["0"], **one})
        slot = {"type": "image", "slot_name": "0", "width": picture.width, "height": picture.height}
        item = {"name": f"{picture.name}.jpg", "path": "/", "slots": [slot]}
        whole = {"version": "2.0", "item": item, "annotations": labels}
        (folder / f"{picture.name}.json").write_text(json.dumps(whole))


def supervisely(scene: list[Picture], folder: Path) -> None:
    """Write Supervisely."""
    for picture in scene:
        kinds = {True: "polygon", False: "rectangle"}
        objects = [
            {
                "id": number,
                "classTitle": label.name,
                "geometryType": kinds[label.is_outline],
                "points": {"exterior": _vertices(label), "interior": []},
                "tags": [],
            }
            for number, label in enumerate(picture.labels)
        ]
        size = {"height": picture.height, "width": picture.width}
        whole = {"description": "", "tags": [], "size": size, "objects": objects}
        (folder / f"{picture.name}.jpg.json").write_text(json.dumps(whole))


def labelbox(scene: list[Picture], folder: Path) -> None:
    """Write an export of Labelbox."""
    rows = []
    for picture in scene:
        objects = []
        for label in picture.labels:
            left, top, width, height = label.sizes()
            box = {"bounding_box": {"top": top, "left": left, "height": height, "width": width}}
            polygon = {"polygon": [{"x": x, "y": y} for x, y in label.points]}
            kind = "ImagePolygon" if label.is_outline else "ImageBoundingBox"
            named = {"name": label.name, "value": label.name, "annotation_kind": kind}
            objects.append({**named, **(polygon if label.is_outline else box)})
        labels = [{"label_kind": "Default", "annotations": {"objects": objects, "classifications": []}}]
        row = {"data_row": {"id": picture.name, "external_id": f"{picture.name}.jpg"}}
        row["media_attributes"] = {"width": picture.width, "height": picture.height}
        row["projects"] = {"p": {"name": "p", "labels": labels}}
        rows.append(json.dumps(row))
    (folder / "export.ndjson").write_text("\n".join(rows) + "\n")


def hugging_face(scene: list[Picture], folder: Path) -> None:
    """Write rows of Hugging Face, which have boxes alone."""
    rows = []
    for picture in scene:
        objects = {"bbox": [label.sizes() for label in picture.labels]}
        objects["categories"] = [label.name for label in picture.labels]
        size = {"width": picture.width, "height": picture.height}
        rows.append(json.dumps({"file_name": f"{picture.name}.jpg", **size, "objects": objects}))
    (folder / "metadata.jsonl").write_text("\n".join(rows) + "\n")


def kitti(scene: list[Picture], folder: Path) -> None:
    """Write KITTI, which has boxes alone."""
    _pictures(scene, folder / "image_2")
    (folder / "label_2").mkdir()
    for picture in scene:
        rows = [
            f"{label.name} -1 -1 -10 {' '.join(map(repr, label.corners()))} -1 -1 -1 -1000 -1000 -1000 -10"
            for label in picture.labels
        ]
        (folder / "label_2" / f"{picture.name}.txt").write_text("\n".join(rows) + "\n")


OF_OUTLINES = {
    "coco": coco,
    "yolo": yolo,
    "labelme": labelme,
    "cvat": cvat,
    "label_studio": label_studio,
    "via": via,
    "datumaro": datumaro,
    "darwin": darwin,
    "supervisely": supervisely,
    "labelbox": labelbox,
}
OF_BOXES = {
    **OF_OUTLINES,
    "pascal_voc": pascal_voc,
    "open_images": open_images,
    "hugging_face": hugging_face,
    "kitti": kitti,
}
