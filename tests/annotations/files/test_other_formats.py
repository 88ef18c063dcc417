"""Formats that are not read: each is told by a tiny file of its kind, and named with a way to something that is."""

import time

import pytest

from annostrat.annotations.files.detection import open_annotations
from annostrat.annotations.files.other_formats import other_format, other_formats
from annostrat.annotations.readers.tools import panlabel
from annostrat.errors import InputError

WIDER = "0--Parade/0_Parade_marchingband_1_849.jpg\n1\n449 330 122 149 0 0 0 0 0 0 \n"
CREATE_ML = '[{"image": "a.jpg", "annotations": [{"label": "cat", "coordinates": {"x": 5, "y": 5, "width": 2}}]}]'
OLD_CREATE_ML = '[{"imagefilename": "a.jpg", "annotation": [{"label": "cat", "coordinates": {"x": 5, "y": 5}}]}]'
VOTT = '{"name": "p", "tags": [], "assets": {"1": {"asset": {"name": "a.jpg"}, "regions": []}}}'
SCALE = '[{"task_id": "1", "params": {}, "response": {"annotations": [{"type": "box", "left": 1}]}}]'
SUPER = '{"metadata": {"name": "a.jpg", "width": 9, "height": 9}, "instances": [{"type": "bbox", "className": "cat"}]}'
IBM = '{"version": "1.0", "type": "localization", "labels": ["cat"], "annotations": {"a.jpg": []}}'
SOLO = '{"frame": 0, "sequence": 0, "step": 0, "captures": [{"id": "camera", "annotations": []}]}'
OPENLABEL = '{"openlabel": {"metadata": {"schema_version": "1.0.0"}, "frames": {"0": {"objects": {}}}}}'
OLD_BDD = '{"name": "a", "frames": [{"objects": [{"category": "car", "box2d": {"x1": 1}}]}]}'
ISAT = '{"info": {"note": ""}, "objects": [{"category": "cat", "segmentation": [[1, 1]]}]}'
MMDET = '{"metainfo": {}, "data_list": [{"instances": [{"bbox_label": 0}]}]}'
FIFTYONE_BOXES = '{"classes": ["a"], "labels": {"a": [{"label": 0, "bounding_box": [0, 0, 1, 1]}]}}'
SEGMENTS = '{"name": "v1", "dataset": {"name": "a", "samples": [{"name": "a.png", "labels": {"ground-truth": {}}}]}}'
FIFTYONE = '{"samples": [{"filepath": "data/a.jpg", "ground_truth": {"detections": []}}]}'
DETECTRON2 = '[{"file_name": "a.jpg", "height": 9, "annotations": [{"bbox": [1, 1, 2, 2], "bbox_mode": 0}]}]'
GEOJSON = '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null, "properties": {}}]}'
YOUTUBE = '{"videos": [{"id": 1, "file_names": ["0.jpg"]}], "annotations": [{"video_id": 1, "segmentations": [null]}]}'
VISTAS = '{"labels": [{"color": [0, 0, 0], "instances": true, "readable": "Bird", "evaluate": true}]}'
GROUND_TRUTH = '{"source-ref": "s3://b/a.jpg", "boxes": {"annotations": [], "image_size": [{"width": 9}]}}'
LABELME_WEB = "<annotation><filename>a.jpg</filename><object><polygon><pt><x>1</x></pt></polygon></object></annotation>"
DLIB = "<?xml version='1.0'?>\n<?xml-stylesheet?>\n<dataset><images><image file='a.jpg'/></images></dataset>"
TF_COLUMNS = "filename,width,height,class,xmin,ymin,xmax,ymax"


@pytest.fixture(autouse=True)
def _without_panlabel(monkeypatch):
    """Leave what panlabel could convert unread."""
    monkeypatch.setattr(panlabel, "find_spec", lambda _: None)


KINDS = [
    ("Git LFS's pointer to a file", "a.json", "version https://git-lfs.github.com/spec/v1\noid sha256:1", "git lfs"),
    ("an archive", "labels.zip", b"PK\x03\x04\x14\0", "unpack it"),
    ("a web page", "a.json", "<!doctype html>\n<html><head><title>Sign in</title>", "log in"),
    ("COCO results", "a.json", '[{"image_id": 1, "category_id": 2, "bbox": [], "score": 0.5}]', "dataset file"),
    ("YouTube-VIS", "a.json", YOUTUBE, "an image of each"),
    ("MOT", "gt/gt.txt", "1,1,912,484,97,109,0,7,1\n2,1,912,484,97,109,0,7,1\n", "datum convert -if mot_seq"),
    ("SA-V", "a.json", '{"video_id": "1", "masklet": [[{"size": [1, 1], "counts": "1"}]]}', "each frame"),
    ("MOTS", "gt.txt", "52 1005 1 375 1242 WSV:2d;1O10000O10000O1O100O100O1O10\n", "counts"),
    ("VisDrone", "a.txt", "684,8,273,116,0,0,0,0\n406,119,265,70,0,0,0,0\n", "VisDrone.yaml"),
    ("WIDER FACE", "wider.txt", WIDER, "annostrat[convert]"),
    ("BDD100K or Scalabel", "a.json", '[{"name": "a.jpg", "labels": [{"category": "car"}]}]', "annostrat[convert]"),
    ("Scalabel", "a.json", '{"frames": [{"name": "a.jpg", "labels": [{"category": "car"}]}]}', "annostrat[convert]"),
    ("Global Wheat", "a.csv", 'image_id,width,height,bbox,source\na,9,9,"[1, 1, 2, 2]",b\n', "annostrat[convert]"),
    ("OIDv4 Toolkit", "a.txt", "Traffic light 10 20 30 40\nCar 1.5 2 3 4\n", "annostrat[convert]"),
    ("Mapillary Vistas", "config.json", VISTAS, "mapillary_vistas"),
    ("CrowdHuman", "a.odgt", '{"ID": "a", "gtboxes": [{"tag": "person", "fbox": [1, 1, 2, 2]}]}\n', "fbox"),
    ("ICDAR", "gt_1.txt", "377,117,463,117,465,130,378,130,Genaxis\n", "icdar_text_localization"),
    ("Visual Genome", "a.json", '[{"image_id": 1, "objects": [{"x": 1, "y": 1, "names": ["a"]}]}]', "bbox"),
    ("nuImages", "a.json", '[{"token": "a", "sample_data_token": "b", "bbox": [1, 1, 2, 2]}]', "nuimage_converter.py"),
    ("BDD100K's older labels", "a.json", OLD_BDD, "Scalabel"),
    ("Kaggle run lengths", "a.csv", "ImageId_ClassId,EncodedPixels\na.jpg_1,1 3 10 5\n", "--from class_masks"),
    ("VoTT", "a.json", VOTT, "annostrat[convert]"),
    ("VoTT", "a.csv", '"image","xmin","ymin","xmax","ymax","label"\n"a.jpg",1,1,2,2,"cat"\n', "annostrat[convert]"),
    ("a single asset of VoTT", "a.json", '{"asset": {"name": "a"}, "regions": [{"boundingBox": {}}]}', "VoTT JSON"),
    ("VoTT 1", "a.json", '{"frames": {"a.jpg": [{"x1": 1}]}, "inputTags": "cat"}', "x1, y1"),
    ("CreateML", "a.json", CREATE_ML, "annostrat[convert]"),
    ("CreateML", "a.json", OLD_CREATE_ML, "rename"),
    ("SageMaker Ground Truth", "a.manifest", GROUND_TRUTH + "\n" + GROUND_TRUTH, "annostrat[convert]"),
    ("Scale AI", "a.json", SCALE, "annostrat[convert]"),
    ("SuperAnnotate", "a.json", SUPER, "annostrat[convert]"),
    ("SuperAnnotate's older export", "a.json", '[{"className": "a", "classId": 1, "points": {"x1": 1}}]', "by turns"),
    ("Labelbox's CSV", "a.csv", 'ID,Labeled Data,Label\na,https://x,"{}"\n', "NDJSON"),
    ("VIA 3", "a.csv", "# Exported using VGG Image Annotator (http://www.robots.ox.ac.uk/~vgg)\n", "rectangle"),
    ("ISAT", "a.json", ISAT, "in ISAT"),
    ("Make Sense's CSV", "a.csv", "cat,1,2,3,4,a.jpg,640,480\n", "VOC XML"),
    ("Vertex AI", "a.jsonl", '{"imageGcsUri": "gs://b/a.jpg", "boundingBoxAnnotations": []}\n', "shares"),
    ("Azure Machine Learning", "a.jsonl", '{"image_url": "a", "label": [{"topX": 0.1}]}\n', "COCO"),
    ("Kili", "a.json", '[{"labels": [{"jsonResponse": {}}]}]', "COCO"),
    ("Unity Perception", "a.json", SOLO, "annostrat[convert]"),
    ("IBM Cloud Annotations", "_annotations.json", IBM, "annostrat[convert]"),
    ("Google AutoML Vision", "a.csv", "TRAIN,a.jpg,cat,0.1,0.1,,,0.2,0.2,,\n", "annostrat[convert]"),
    ("Edge Impulse", "bounding_boxes.labels", '{"version": 1, "boundingBoxes": {}}', "annostrat[convert]"),
    ("OpenLABEL", "a.json", OPENLABEL, "annostrat[convert]"),
    ("LabelMe's web tool", "a.xml", LABELME_WEB, "datum convert -if label_me"),
    ("dlib", "a.xml", DLIB, "imglab"),
    ("Marmot", "a.xml", '<?xml version="1.0"?><Page CropBox="0 1" PageNum="1"/>', "annostrat[convert]"),
    ("PaddleOCR", "Label.txt", 'a.jpg\t[{"transcription": "x", "points": [[1, 1], [2, 1]]}]\n', "ppocr2xlabel"),
    ("Label Studio's CSV", "a.csv", "image,id,label,annotator,annotation_id,lead_time\na.jpg,1,x,1,1,2.5\n", "as JSON"),
    ("Segments.ai", "a.json", SEGMENTS, "export_dataset"),
    ("FiftyOne", "samples.json", FIFTYONE, "fiftyone.types.COCODetectionDataset"),
    ("OpenMMLab's datasets", "a.json", MMDET, "metainfo"),
    ("masks of Segment Anything", "a.json", '[{"segmentation": {}, "predicted_iou": 0.9}]', "SA-1B"),
    ("FiftyOne's boxes", "a.json", FIFTYONE_BOXES, "convert"),
    ("detectron2", "a.json", DETECTRON2, "convert_to_coco_json"),
    ("TFRecord", "a.tfrecord", b"\x10\x02\0\0\0\0\0\0abcd\n\x8d\x04", "annostrat[convert]"),
    ("TensorFlow object detection", "a.csv", TF_COLUMNS + "\na.jpg,9,9,cat,0,0.5,1,1\n", "convert"),
    ("TensorFlow object detection", "a.csv", TF_COLUMNS + "\na.jpg,9,9,cat,1,2,5,7\n", "convert"),
    ("RetinaNet", "a.csv", "img/a.jpg,837,346,981,456,cow\n", "annostrat[convert]"),
    ("keras-yolo3", "train.txt", "img/a.jpg 50,100,150,200,0 30,50,200,120,3\n", "annostrat[convert]"),
    ("GeoJSON", "a.geojson", GEOJSON, "geococo"),
    ("boxes as CSV", "a.csv", "file;xmin;ymin;xmax;ymax\na.jpg;1;1;2;2\n", "image,xmin,ymin,xmax,ymax,label"),
]  # fmt: skip


def test_every_format_of_the_table_is_told_here():
    """Each has a tiny file, a way out, and a source."""
    assert [each[0] for each in KINDS] == [each.title for each in other_formats()]
    assert all(each.advice or each.panlabel for each in other_formats())
    assert all(each.source.startswith(("https://", "http://")) for each in other_formats())


@pytest.mark.parametrize("number", range(len(KINDS)))
def test_format_that_is_not_read_is_named_with_a_way_out(number, tmp_path):
    """Its name and what to do stand in one message with the file, which lies in a folder with pictures."""
    title, name, content, advice = KINDS[number]
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8")
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert other_format(str(path), path.read_bytes()) is other_formats()[number]
    with pytest.raises(InputError) as raised:
        open_annotations(str(tmp_path))
    (problem,) = raised.value.problems
    assert (problem.location.path, problem.message) == (str(path), f"this format, {title}, is not read")
    assert advice in problem.hint


def test_format_that_is_named_alone_is_told_as_well(tmp_path):
    """The advice has the path of the file, ready to be run."""
    path = tmp_path / "map.geojson"
    path.write_text(GEOJSON)
    with pytest.raises(InputError, match=f"geococo add IMAGE {path} coco.json"):
        open_annotations(str(path))


@pytest.mark.parametrize("part", ["a", "1 ", "1,", "<?xml >", "<annotation><polygon>", "<dataset><images>", " ", "{"])
def test_hostile_text_is_told_as_quickly(part):
    """Whatever might confuse a pattern takes no second."""
    started = time.process_time()
    for suffix in {suffix for each in other_formats() for suffix in each.suffixes}:
        other_format(f"a{suffix}", (part * 65_536)[:65_536].encode())
    assert time.process_time() - started < 1


@pytest.mark.slow
def test_key_that_stands_far_away_is_found(tmp_path):
    """A format is named, too, where what tells it stands after a long list."""
    path = tmp_path / "a.json"
    path.write_text('{"fill": [' + "0, " * 50_000 + '0], "samples": [{"filepath": "a.jpg"}]}')
    with pytest.raises(InputError, match="FiftyOne"):
        open_annotations(str(path))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.jsonl", "a.ndjson", "a.json"])
def test_utf_16_is_told_in_every_kind_of_text(name, encoding, tmp_path):
    """Spreadsheets and PowerShell write it, with or without a mark, and no reader knows what it holds."""
    (tmp_path / name).write_bytes("ImageID,LabelName".encode(encoding))
    with pytest.raises(InputError, match=f"{name}: the text is {encoding[:6].upper()}; save it as UTF-8"):
        open_annotations(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "text", "better"),
    [
        ("a.txt", '{"images": []}', "a.json"),
        ("a", "\ufeff[\n {}]", "a.json"),
        ("a.json.bak", "{\n}", "a.json"),
        ("a.voc", "<?xml version='1.0'?><annotation/>", "a.xml"),
    ],
)
def test_text_under_another_name_is_told(name, text, better, tmp_path):
    """JSON and XML are known by their endings; what has another is told how to be called."""
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=f"which its name does not say; call it {better}"):
        open_annotations(str(tmp_path))


@pytest.mark.parametrize("name", ["a.json", "a.xml", "a.txt", "a.csv", "a.parquet"])
def test_empty_files_are_told_as_such(name, tmp_path):
    """What they would need to be of some format is beside the point."""
    (tmp_path / name).touch()
    with pytest.raises(InputError, match="holds nothing but empty files"):
        open_annotations(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "text"), [("a.csv", "ImageID;LabelName;XMin;XMax;YMin;YMax\n"), ("a.txt", "cat 0.5 0.5 0.25 0.1\n")]
)
def test_what_resembles_another_format_is_not_called_so(name, text):
    """Open Images with semicolons is no table of pixels, and YOLO with names for numbers is not OIDv4."""
    assert other_format(name, text.encode()) is None


@pytest.mark.parametrize(
    "header",
    [
        "path,x1,y1,x2,y2,class_name",
        "id,BBox",
        "image_id\tx_min\ty_min\tx_max\ty_max",
        "file,left,top,right,bottom",
        "image,label,bbox_x,bbox_y,bbox_width,bbox_height",
        "filename,x,y,w,h,label",
        "Filename;Width;Height;Roi.X1;Roi.Y1;Roi.X2;Roi.Y2;ClassId",
        "Filename;Annotation tag;Upper left corner X;Upper left corner Y",
    ],
)
def test_tables_of_boxes_are_named_whatever_their_columns_are(header):
    """Nobody agrees on what to call the corner of a box."""
    assert other_format("a.csv", f"{header}\n1,1\n".encode()).title == "boxes as CSV"
    assert other_format("a.csv", b"name,colour,next\n") is None


def test_boxes_of_tracks_may_be_parted_by_spaces():
    """Numbers alone are no run lengths of MOTS."""
    row = "1 1 893 90 148 538 -1 -1 -1 -1 0"
    assert other_format("gt.txt", f"{row}\n{row}\n".encode()).title == "MOT"
    assert other_format("gt.txt", b"1 1 893 90 148 538\n") is None
