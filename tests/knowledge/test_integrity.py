"""Every proof about the rules finds the fault that it is for, points at it, and is silent about the shipped rules."""

from itertools import pairwise
from typing import NamedTuple

import pytest

from annostrat.errors import InputError
from annostrat.knowledge import files
from annostrat.knowledge.integrity import CHECKS, FATAL, all_problems
from annostrat.knowledge.loader import load_rules
from annostrat.knowledge.parsed import parse_rules

TREE = "trees/infographic.yaml"

ISLAND = """\
  - id: island
    ask: label_budget
    branches:
      - when: tight
        because: It is tight.
        go: compute
      - when: [moderate, ample]
        because: It is not tight.
        go: compute

orders:
"""

YES_NO = [f"more_{number}" for number in range(16)]
"""Questions that are added to the rules for a tree with many paths."""
AGAIN = [f"again_{number}" for number in range(16)]
"""Nodes that ask them again."""
QUESTION = """\
title: {}
ask: More?
why: Why.
help: Help.
answers:
  yes: {title: Yes, meaning: Yes.}
  no: {title: No, meaning: No.}
"""


def chain(nodes, last):
    """Return nodes that ask one yes-or-no question after the other, whatever the answers."""
    return "".join(
        f"  - id: {node}\n    ask: more_{node.split('_')[1]}\n    branches:\n"
        f"      - {{when: no, because: One way., go: {after}}}\n"
        f"      - {{when: yes, because: The other way., go: {after}}}\n"
        for node, after in pairwise([*nodes, last])
    )


PROJECTS = """\
name: first
kind: published_data_set
domain: retail
description: Somebody wants packs found.
answers: {purpose: find_objects}
expect: object_detection
source: https://example.org/first
evidence: primary
---
name: second
kind: published_data_set
domain: retail
description: Somebody wants shelves mapped.
answers: {purpose: map_surfaces}
second_rater: {purpose: unknown}
expect: semantic_segmentation
source: https://example.org/second
evidence: primary
"""


class Case(NamedTuple):
    """A fault seeded into the shipped rules, and the problem that must be found, at the place marked by the arrow."""

    check: str
    code: str
    edits: tuple[tuple[str, str, str], ...]
    message: str
    hint: str
    witness: str | None = None
    tree: str = "infographic"


CASES = [
    Case(
        "unknown_names", "unknown-question",
        ((TREE, "ask: occlusion", "ask: ▶oclusion"),),
        "there is no question 'oclusion'",
        "did you mean 'occlusion'?",
    ),
    Case(
        "unknown_names", "unknown-question",
        (("tips/clicks_for_boxes.yaml", "label_budget: tight", "▶label_buget: tight"),),
        "there is no question 'label_buget'",
        "did you mean 'label_budget'?",
    ),
    Case(
        "unknown_names", "unknown-question",
        ((TREE, "questions: [occlusion, shape_variance]", "questions: [occlusion, ▶shape_varience]"),),
        "there is no question 'shape_varience'",
        "did you mean 'shape_variance'?",
    ),
    Case(
        "unknown_names", "unknown-answer",
        ((TREE, "when: [low, moderate]", "when: [low, ▶moderat]"),),
        "'moderat' is not an answer to shape_variance",
        "did you mean 'moderate'?",
    ),
    Case(
        "unknown_names", "unknown-answer",
        (("tips/clicks_for_boxes.yaml", "label_budget: tight", "label_budget: ▶tigth"),),
        "'tigth' is not an answer to label_budget",
        "did you mean 'tight'?",
    ),
    Case(
        "unknown_names", "unknown-answer",
        (("tips/boxes_first.yaml", "label_budget: ample", "label_budget: ▶amble"),),
        "'amble' is not an answer to label_budget",
        "did you mean 'ample'?",
    ),
    Case(
        "unknown_names", "unknown-strategy",
        (("assistants/owlv2.yaml", "draws: object_detection", "draws: ▶object_detections"),),
        "there is no strategy 'object_detections'",
        "did you mean 'object_detection'?",
    ),
    Case(
        "unknown_names", "unknown-domain",
        (("assistants/megadetector.yaml", "domains: wildlife", "domains: ▶wildlive"),),
        "there is no domain 'wildlive'",
        "did you mean 'wildlife'?",
    ),
    Case(
        "unknown_names", "unknown-domain",
        (("tips/how_many_cells.yaml", "domains: microscopy", "domains: ▶micorscopy"),),
        "there is no domain 'micorscopy'",
        "did you mean 'microscopy'?",
    ),
    Case(
        "unknown_names", "unknown-domain",
        (("architectures/stardist.yaml", "domains: [microscopy]", "domains: [▶microscopi]"),),
        "there is no domain 'microscopi'",
        "did you mean 'microscopy'?",
    ),
    Case(
        "unknown_names", "unknown-dataset",
        (("architectures/stardist.yaml", "trained_on: [dsb2018]", "trained_on: [▶dsb2081]"),),
        "there is no dataset 'dsb2081'",
        "did you mean 'dsb2018'?",
    ),
    Case(
        "unknown_metric_datasets", "unknown-dataset",
        (("architectures/lw-detr.yaml", "dataset: COCO val2017, value: 42.6", "dataset: ▶CCOO val2017, value: 42.6"),),
        "the dataset 'CCOO val2017' does not begin with a title in datasets.yaml",
        "did you mean 'COCO'?",
    ),
    Case(
        "unknown_names", "unknown-figure",
        (("questions/occlusion.yaml", "figure: covered_share", "figure: ▶coverd_share"),),
        "there is no figure 'coverd_share'",
        "did you mean 'covered_share'?",
    ),
    Case(
        "malformed_entries", "form",
        (
            ("assistants/owlv2.yaml", "title: OWLv2", "▶title: OWLv2"),
            ("assistants/owlv2.yaml", "weights_licence: {name: Apache-2.0, sources: [owlv2-model-page]}\n", ""),
        ),
        "the key 'weights_licence' is missing",
        None,
    ),
    Case(
        "refuted_advice", "refuted-tip",
        (("tips/map_enough.yaml", "strategies: panoptic_segmentation", "strategies: [points, ▶polyline]"),
         ("tips/map_enough.yaml", "count_matters: yes", "count_matters: yes\n    purpose: trace_lines")),
        "every path to 'polyline' refutes this tip",
        "remove the strategy",
        "count_matters=yes, purpose=trace_lines",
        "purpose_first",
    ),
    Case(
        "refuted_advice", "tip-never-shown",
        (("tips/lines_stay_lines.yaml", "text:", "▶text:"),
         ("tips/lines_stay_lines.yaml", "polyline", "polyline\nunless: {answers: {purpose: trace_lines}}")),
        "this tip can never be shown",
        "change its `when` or `unless`, or remove it",
        "purpose=trace_lines",
        "purpose_first",
    ),
    Case(
        "irrefutable_warnings", "irrefutable-warning",
        (("tips/map_enough.yaml", "kind: warning", "kind: ▶warning"),
         ("tips/map_enough.yaml", "unless:\n  answers:\n    count_matters: yes\n", "")),
        "no answer can call for this warning or settle it",
        "name answers under `when` or `unless`, or make it a tip",
    ),
    Case(
        "unknown_names", "unknown-strategy",
        ((TREE, "strategy: object_detection", "strategy: ▶object_detecton"),),
        "there is no strategy 'object_detecton'",
        "did you mean 'object_detection'?",
    ),
    Case(
        "unknown_names", "unknown-strategy",
        (("strategies/points.yaml", "strategy: image_classification", "strategy: ▶image_clasification"),),
        "there is no strategy 'image_clasification'",
        "did you mean 'image_classification'?",
    ),
    Case(
        "unknown_names", "unknown-strategy",
        (("architectures/yolov3.yaml", "strategy: object_detection", "strategy: ▶object-detection"),),
        "there is no strategy 'object-detection'",
        "did you mean 'object_detection'?",
    ),
    Case(
        "unlisted_strategies", "unlisted-strategy",
        ((TREE, "strategy: object_detection", "strategy: ▶points"),),
        "'points' is recommended but not listed under `strategies`",
        "valid: object_detection, semantic_segmentation, instance_segmentation",
    ),
    Case(
        "unknown_names", "unknown-node",
        ((TREE, "go: compute", "go: ▶computer"),),
        "there is no node 'computer'",
        "did you mean 'compute'?",
    ),
    Case(
        "unknown_names", "unknown-variant",
        (("architectures/yolov3.yaml", "superseded_by: [yolo26n, dfine-n]", "superseded_by: [yolo26n, ▶dfinee-n]"),),
        "there is no variant 'dfinee-n'",
        "did you mean 'dfine-n'?",
    ),
    Case(
        "unknown_sources", "unknown-source",
        (("tips/check_quality.yaml", "sources: hasty-2021", "sources: ▶hasty-2012"),),
        "there is no reference 'hasty-2012'",
        "did you mean 'hasty-2021'?",
    ),
    Case(
        "unknown_sources", "unknown-source",
        (("architectures/yolov3.yaml", "sources: [mmdet-3.3.0]", "sources: [▶mmdet-3.3]"),),
        "there is no reference 'mmdet-3.3'",
        "did you mean 'mmdet-3.3.0'?",
    ),
    Case(
        "repeated_ids", "repeated-id",
        ((TREE, "orders:\n", ISLAND.replace("id: island", "id: ▶compute")),),
        "the id 'compute' is used twice",
        "give one of them another id",
    ),
    Case(
        "repeated_ids", "repeated-id",
        (("architectures/yolov3.yaml", "id: yolov3-608", "id: ▶yolo26n"),),
        "the id 'yolo26n' is used twice",
        "give one of them another id",
    ),
    Case(
        "answers_without_branch", "answer-without-branch",
        (
            (TREE, "      - when: limited", "      ▶- when: limited"),
            (TREE, "when: [moderate, ample]", "when: moderate"),
        ),
        "node 'compute' has no branch for compute_budget=ample",
        "add a branch with `when: ample`",
        "compute_budget=ample",
    ),
    Case(
        "answers_offered_twice", "answer-offered-twice",
        ((TREE, "when: [moderate, ample]", "when: ▶[moderate, ample, limited]"),),
        "node 'compute' has more than one branch for compute_budget=limited",
        "keep one",
        "compute_budget=limited",
    ),
    Case(
        "answers_offered_twice", "answer-offered-twice",
        ((TREE, "when: [moderate, ample]", "when: ▶[moderate, ample, ample]"),),
        "node 'compute' has more than one branch for compute_budget=ample",
        "keep one",
        "compute_budget=ample",
    ),
    Case(
        "cycles", "cycle",
        ((TREE, "- id: count", "- ▶id: count"), (TREE, "go: compute", "go: count")),
        "the walk can come back to node 'count'",
        "let a branch end",
        "count (yes) -> occlusion (moderate) -> shape_if_occluded (low) -> count",
    ),
    Case(
        "cycles", "cycle",
        ((TREE, "- id: occlusion", "- ▶id: occlusion"), (TREE, "go: shape_if_occluded", "go: occlusion")),
        "the walk can come back to node 'occlusion'",
        "let a branch end",
        "occlusion (moderate) -> occlusion",
    ),
    Case(
        "oversized_trees", "oversized-tree",
        (
            (TREE, "nodes:\n", f"nodes:\n{chain(YES_NO, 'again_0')}{chain(AGAIN, 'count')}"),
            (TREE, "nodes:\n  - id", "nodes:\n  ▶- id"),
        ),
        "too many combinations of answers have to be remembered for nodes that ask again",
        "ask each question once on a path",
    ),
    Case(
        "unreached_nodes", "unreached-node",
        ((TREE, "orders:\n", ISLAND.replace("id: island", "id: ▶island")),),
        "nothing leads to node 'island'",
        "remove it, or `go` to it",
    ),
    Case(
        "questions_asked_twice", "question-asked-twice",
        ((TREE, "ask: shape_variance", "ask: ▶occlusion"),),
        "node 'shape_if_occluded' asks occlusion, which node 'occlusion' has asked before",
        "go past it",
        "occlusion (moderate) -> shape_if_occluded",
    ),
    Case(
        "impossible_branches", "impossible-branch",
        (
            (
                TREE,
                "ask: shape_variance\n    branches:\n      - when: high",
                "ask: occlusion\n    branches:\n      - when: ▶high",
            ),
        ),
        "no walk takes the branch for occlusion=high at node 'shape_if_occluded'",
        "remove it",
        "count_matters=yes, occlusion=moderate",
    ),
    Case(
        "questions_without_effect", "question-without-effect",
        (
            (TREE, "go: compute", "go: island"),
            (TREE, "orders:\n", ISLAND.replace("ask: label", "ask: ▶label")),
        ),
        "no answer to label_budget changes the strategy at node 'island'",
        "remove the node",
        "every answer leads to instance_segmentation, object_detection",
    ),
    Case(
        "unreached_strategies", "unreached-strategy",
        ((TREE, "strategies: [object_detection", "strategies: [object_detection, ▶polyline"),),
        "no path leads to strategy 'polyline'",
        "remove it, or let a branch end in it",
    ),
    Case(
        "broken_orders", "broken-order",
        (
            (TREE, "- questions: [occlusion, shape_variance]", "- ▶questions: [occlusion]"),
            (
                TREE,
                "cheapest_first: [object_detection, instance_segmentation]",
                "cheapest_first: [instance_segmentation, object_detection]",
            ),
        ),
        "a higher occlusion leads to a cheaper label: object_detection, then instance_segmentation",
        "change a branch, or the order",
        "count_matters=yes, occlusion=low, shape_variance=low, compute_budget=moderate, then occlusion=moderate",
    ),
    Case(
        "tiers_without_architecture", "tier-without-architecture",
        (
            ("strategies/points.yaml", "title: Points", "▶title: Points"),
            (
                "strategies/points.yaml",
                ("gaps:\n  server: >-\n    The networks that learn from points are light; none that needs a server was "
                "found.\n"),
                "",
            ),
        ),
        "strategy 'points' has no architecture in tier 'server'",
        "add one, or say why there is none under `gaps: server`",
        tree="purpose_first",
    ),
    Case(
        "tiers_without_architecture", "tier-without-architecture",
        (("strategies/object_detection.yaml", "title:", "gaps:\n  edge: ▶None was found.\ntitle:"),),
        "strategy 'object_detection' has an architecture in tier 'edge'",
        "remove `gaps: edge`",
    ),
    Case(
        "strategies_without_rate", "strategy-without-rate",
        (("trees/purpose_first.yaml", "  - polyline", "  - ▶polyline"), ("effort.yaml", "  polyline:", "  zigzag:")),
        "effort.yaml does not say what 'polyline' takes",
        "add a rate, or one with only a `note` that says why",
        tree="purpose_first",
    ),
    Case(
        "parts_dearer_than_the_whole", "part-dearer-than-whole",
        (
            ("effort.yaml", "    assisted: {low: 2, typical: 8.4", "    assisted: {low: 3, typical: 8.4"),
            ("effort.yaml", "    contains: [object_detection", "    contains: ▶[object_detection"),
        ),
        "'object_detection' follows from 'instance_segmentation', and takes longer when correcting what a model draws "
        "(low)",
        "the whole includes the part: lower the part's figure, or remove it from `contains`",
    ),
    Case(
        "parts_dearer_than_the_whole", "part-dearer-than-whole",
        (
            ("effort.yaml", "low: 1.8, typical: 1.87, high: 1.9", "low: 1.8, typical: 1.87, high: 40"),
            ("effort.yaml", "    contains: points", "    contains: ▶points"),
            ("effort.yaml", "    contains: [object_detection, points]", "    contains: [object_detection]"),
        ),
        "'points' follows from 'object_detection', and takes longer by hand (high)",
        "the whole includes the part: lower the part's figure, or remove it from `contains`",
    ),
    Case(
        "strategies_without_advice", "strategy-without-advice",
        (
            ("trees/purpose_first.yaml", "  - points", "  - ▶points"),
            ("guideline.yaml", "keypoints, points, panoptic", "keypoints, panoptic"),
            *((("guideline.yaml", "keypoints, points]", "keypoints]"),) * 5),
            *((("guideline.yaml", "strategies: points}", "strategies: polyline}"),) * 2),
            ("guideline.yaml", "[points, object_detection,", "[object_detection,"),
        ),
        "guideline.yaml has no rule for 'points'",
        "add one whose `when` names it",
        tree="purpose_first",
    ),
    Case(
        "unknown_names", "unknown-topic",
        (("guideline.yaml", "  - topic: holes", "  - topic: ▶hole"),),
        "there is no topic 'hole'",
        "did you mean 'holes'?",
    ),
    Case(
        "unknown_second_opinions", "unknown-rules",
        ((TREE, "  rules: purpose_first", "  rules: ▶purpose_frist"),),
        "there is no other rule set 'purpose_frist'",
        "did you mean 'purpose_first'?",
    ),
    Case(
        "unknown_second_opinions", "unknown-question",
        ((TREE, "  ask: purpose", "  ask: ▶label_budget"),),
        "rule set 'purpose_first' does not ask 'label_budget'",
        "did you mean 'compute_budget'?",
    ),
    Case(
        "unused_references", "unused-reference",
        (("references.yaml", "agnew-2024:", "▶adams-1979:\n  title: Towels\n  note: Never cited.\nagnew-2024:"),),
        "nothing names the reference 'adams-1979'",
        "remove it",
    ),
    Case(
        "claims_without_source", "without-source",
        (
            ("tips/check_quality.yaml", "text:", "▶text:"),
            ("tips/check_quality.yaml", "sources: hasty-2021\n", ""),
        ),
        "this tip has no source",
        "add `sources: [id]`",
    ),
    Case(
        "claims_without_source", "without-source",
        (("strategies/points.yaml", "drawbacks:\n", "drawbacks:\n  - ▶text: They look alike.\n"),),
        "this claim has no source",
        "add `sources: [id]`",
    ),
    Case(
        "claims_without_source", "without-source",
        (("assistants/sam-2.1.yaml", "{name: Apache-2.0, sources: [sam2-readme]}", "▶{name: Apache-2.0}"),),
        "this licence has no source",
        "add `sources: [id]`",
    ),
    Case(
        "claims_without_source", "without-source",
        (("architectures/yolov3.yaml", "{value: 61.95, sources: [darknet-yolov3-cfg]", "▶{value: 61.95"),),
        "this figure has no source",
        "add `sources: [id]`",
    ),
    Case(
        "unknown_names_of_decisions", "unknown-strategy",
        (("expert_decisions/projects.yaml", "expect: object_detection", "expect: ▶object_detecton"),),
        "there is no strategy 'object_detecton'",
        "did you mean 'object_detection'?",
    ),
    Case(
        "unknown_names_of_decisions", "unknown-domain",
        (("expert_decisions/projects.yaml", "domain: retail", "domain: ▶retial"),),
        "there is no domain 'retial'",
        "did you mean 'retail'?",
    ),
    Case(
        "unknown_names_of_decisions", "unknown-question",
        (("expert_decisions/projects.yaml", "answers: {purpose: find", "answers: {▶purpse: find"),),
        "there is no question 'purpse'",
        "did you mean 'purpose'?",
    ),
    Case(
        "unknown_names_of_decisions", "unknown-answer",
        (("expert_decisions/projects.yaml", "{purpose: find_objects}", "{purpose: ▶find_object}"),),
        "'find_object' is not an answer to purpose",
        "did you mean 'find_objects'?",
    ),
    Case(
        "repeated_things", "repeated-thing",
        (("expert_decisions/projects.yaml", "name: second", "name: ▶first"),),
        "another one next to it has the same name, 'first'",
        "change one, or remove it",
    ),
    Case(
        "figures_in_prose", "figure-without-source",
        (("strategies/points.yaml", "costs: size", "costs: ▶30 % of the time, size"),),
        "the figure '30 %' is stated without a source",
        "move it to a claim with sources, or leave it out",
    ),
    Case(
        "figures_in_prose", "figure-without-source",
        (("strategies/points.yaml", "  server: >-\n    The", "  server: ▶>-\n    In 9 per cent the"),),
        "the figure '9 per cent' is stated without a source",
        "move it to a claim with sources, or leave it out",
    ),
    Case(
        "unknown_names", "unknown-answer",
        (("questions/occlusion.yaml", "moderate: [0.12", "▶moderat: [0.12"),),
        "'moderat' is not an answer to occlusion",
        "did you mean 'moderate'?",
    ),
    Case(
        "unknown_names", "unknown-answer",
        (("questions/occlusion.yaml", "moderate: [0.12", "▶unknown: [0.12"),),
        "'unknown' is not an answer to occlusion",
        "valid: low, moderate, high",
    ),
    Case(
        "unknown_names", "unknown-strategy",
        (("effort.yaml", "for: [object_detection, oriented", "for: [▶object_detections, oriented"),),
        "there is no strategy 'object_detections'",
        "did you mean 'object_detection'?",
    ),
    Case(
        "unknown_names", "unknown-domain",
        (("datasets.yaml", "domains: [wildlife]", "domains: [▶wildlive]"),),
        "there is no domain 'wildlive'",
        "did you mean 'wildlife'?",
    ),
    Case(
        "unknown_sources", "unknown-source",
        (("datasets.yaml", "sources: [cellpose-readme]", "sources: [cellpose-readme, ▶hasty-2012]"),),
        "there is no reference 'hasty-2012'",
        "did you mean 'hasty-2021'?",
    ),
    Case(
        "unknown_second_opinions", "asked-here-too",
        ((TREE, "  ask: purpose", "  ask: ▶compute_budget"),),
        "this tree asks 'compute_budget' itself, so the other one does not add it",
        "name a question that only the other one asks",
    ),
    Case(
        "repeated_ids", "repeated-id",
        (("guideline.yaml", "attributes:\n",
          "attributes:\n  - {id: occluded, text: T, values: [a, b], sources: hasty-2021}\n"),
         ("guideline.yaml", "  - id: occluded\n", "  - id: ▶occluded\n")),
        "the id 'occluded' is used twice",
        "give one of them another id",
    ),
    Case(
        "repeated_words", "repeated-word",
        (("guideline.yaml", "attributes:\n",
          "attributes:\n  - id: more\n    text: T\n    sources: hasty-2021\n    values:\n      - a\n      - ▶a\n"),),
        "'a' is given twice",
        "keep one",
    ),
    Case(
        "repeated_words", "repeated-word",
        (("guideline.yaml", "skeletons:\n",
          "skeletons:\n  - {classes: pig, points: [snout, ▶snout], sources: hasty-2021}\n"),),
        "'snout' is given twice",
        "keep one",
    ),
    Case(
        "repeated_words", "repeated-word",
        (("guideline.yaml", "skeletons:\n",
          "skeletons:\n  - {classes: pig, points: [snout, tail], edges: [[tail, ▶tail]], sources: hasty-2021}\n"),),
        "'tail' is given twice",
        "keep one",
    ),
    Case(
        "repeated_words", "repeated-word",
        ((TREE, "cheapest_first: [", "cheapest_first: [object_detection, ▶"),),
        "'object_detection' is given twice",
        "keep one",
    ),
    Case(
        "repeated_words", "repeated-word",
        (("tips/clicks_for_boxes.yaml", "label_budget: tight", "label_budget: [tight, ▶tight]"),),
        "'tight' is given twice",
        "keep one",
    ),
    Case(
        "repeated_things", "repeated-thing",
        (("questions/count_matters.yaml", "    title: No, only what covers what\n", "    title: ▶Yes, each one\n"),),
        "another one next to it has the same title, 'Yes, each one'",
        "change one, or remove it",
    ),
    Case(
        "repeated_things", "repeated-thing",
        (("strategies/points.yaml", "converts_to:\n",
          "converts_to:\n  - {strategy: image_classification, how: So., loses: All.}\n"),
         ("strategies/points.yaml", "- strategy: image_classification", "- strategy: ▶image_classification")),
        "another one next to it has the same strategy, 'image_classification'",
        "change one, or remove it",
    ),
    Case(
        "self_names", "names-itself",
        (("architectures/yolov3.yaml", "superseded_by: [yolo26n, dfine-n]", "superseded_by: [yolo26n, ▶yolov3-608]"),),
        "variant 'yolov3-608' names itself",
        "name another one, or none",
    ),
    Case(
        "self_names", "names-itself",
        (("strategies/points.yaml", "strategy: image_classification", "strategy: ▶points"),),
        "strategy 'points' names itself",
        "name another one, or none",
    ),
    Case(
        "self_names", "names-itself",
        (("strategies/points.yaml", "tells_apart:", "combines: ▶points\ntells_apart:"),),
        "strategy 'points' names itself",
        "name another one, or none",
    ),
    Case(
        "self_names", "names-itself",
        (("effort.yaml", "    contains: points", "    contains: ▶object_detection"),),
        "strategy 'object_detection' names itself",
        "name another one, or none",
    ),
    Case(
        "circular_successors", "circular-successors",
        (("architectures/yolov3.yaml", "[yolo26n, dfine-n]", "ssdlite320-mobilenetv3-large"),
         ("architectures/ssdlite.yaml", "[deimv2-atto]", "[▶yolov3-608]")),
        "the successors of 'yolov3-608' lead back to 'ssdlite320-mobilenetv3-large'",
        "name what came after both",
    ),
    Case(
        "orders_about_nothing", "order-about-nothing",
        ((TREE, "questions: [occlusion, shape_variance]", "questions: [occlusion, ▶extent_visible]"),),
        "this tree does not ask 'extent_visible'",
        "remove it",
    ),
    Case(
        "orders_about_nothing", "order-about-nothing",
        ((TREE, "cheapest_first: [object_detection, ", "cheapest_first: [▶points, object_detection, "),),
        "this tree never ends in 'points'",
        "remove it",
    ),
    Case(
        "contradictory_conditions", "contradictory-condition",
        (("tips/clicks_for_boxes.yaml", "text:", "unless:\n  ▶answers: {label_budget: tight}\ntext:"),),
        "`unless` refutes all that `when` waits for",
        "change its `when` or `unless`, or remove it",
    ),
    Case(
        "unused_entries", "unused-topic",
        (("guideline.yaml", "topics:\n", "topics:\n  ▶colours: Colours\n"),),
        "no rule is under the topic 'colours'",
        "add one, or remove the topic",
    ),
    Case(
        "levels_beyond_their_figure", "level-beyond-figure",
        (("questions/occlusion.yaml", "high: [0.6, 1]", "high: ▶[60, 100]"),),
        "'flag_occluded' is a share, which is never above 1",
        "write 1 for the whole, 0.5 for a half",
    ),
    Case(
        "names_of_files", "name-of-file",
        (("tips/My Tip!.yaml", "", "▶text: T.\nsources: hasty-2021\n"),),
        "'My Tip!' is not an id",
        "the name of a file is an id: small letters, digits, _, . and -, a letter first",
    ),
    Case(
        "future_years", "future-year",
        (("references.yaml", "agnew-2024:\n", "later: {title: Later, note: Seen., year: ▶2099}\nagnew-2024:\n"),),
        "2099 is in the future",
        "give the year in which it appeared",
    ),
]  # fmt: skip


def run(name, parsed):
    """Return what one check finds."""
    (check,) = [check for check in CHECKS if check.__name__ == name]
    return list(check(parsed))


def test_every_check_has_a_case():
    """Whoever adds a check seeds the fault that it is for."""
    own = {"usurped_references"}  # which only a folder of one's own can have: see below
    assert {case.check for case in CASES} | own == {check.__name__ for check in CHECKS}


SLOW = {"oversized_trees": pytest.mark.slow}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{number} {case.check}: {case.message}", marks=SLOW.get(case.check, ()))
        for number, case in enumerate(CASES)
    ],
)
def test_seeded_fault_is_found(case, world):
    """A fault in the rules is one problem that says where it is, what shows it, and what would be right."""
    for question in YES_NO:
        world.write(f"questions/{question}.yaml", QUESTION.replace("{}", question, 1))
    world.write("expert_decisions/projects.yaml", PROJECTS)
    for name, old, new in case.edits:
        world.edit(name, old, new)
    parsed = world.parsed(case.tree)
    assert parsed.problems == []
    (problem,) = set(run(case.check, parsed))
    assert problem.code == case.code
    assert problem.message == case.message
    assert problem.hint == case.hint
    assert problem.witness == case.witness
    assert [problem.location] == world.marked
    assert problem in all_problems(parsed)


@pytest.fixture(scope="module")
def shipped():
    """The shipped rule sets, read once."""
    return {tree: parse_rules(files.read(files.find(tree))) for tree in files.shipped_trees()}


@pytest.mark.parametrize("tree", files.shipped_trees())
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_shipped_rules_are_silent(check, tree, shipped):
    """No check has anything to say about the rules that are shipped."""
    assert list(check(shipped[tree])) == []


def test_faults_in_several_files_come_together_and_sorted(world):
    """An editor who broke five things in four files sees all five at once, by file and line."""
    world.edit("tips/check_quality.yaml", "sources: hasty-2021", "sources: ▶hasty-2012")
    world.edit("questions/occlusion.yaml", "answers:", "▶answrs:")
    world.edit("trees/infographic.yaml", "go: compute", "go: ▶computer")
    world.edit("trees/infographic.yaml", "ask: count_matters", "ask: ▶count_maters")
    world.edit("architectures/yolov3.yaml", "tier: gpu", "tier: ▶gqu")
    found = all_problems(world.parsed())
    places = [problem.location for problem in found]
    assert set(world.marked) < set(places)
    assert places == sorted(places)
    assert [(problem.location.path.rpartition("shipped/")[2], problem.message, problem.hint) for problem in found] == [
        ("architectures/yolov3.yaml", "tier: input should be 'edge', 'gpu' or 'server'", "did you mean 'gpu'?"),
        ("questions/occlusion.yaml", "the key 'answers' is missing", None),
        ("questions/occlusion.yaml", "'answrs' is not a key here", "did you mean 'answers'?"),
        ("tips/check_quality.yaml", "there is no reference 'hasty-2012'", "did you mean 'hasty-2021'?"),
        ("trees/infographic.yaml", "there is no question 'count_maters'", "did you mean 'count_matters'?"),
        ("trees/infographic.yaml", "there is no node 'computer'", "did you mean 'compute'?"),
    ]


def test_fault_is_one_line_that_an_editor_can_jump_to(world):
    """A problem is shown as path, line, column, what is wrong, what shows it and what would be right."""
    world.edit(TREE, "when: [moderate, ample]", "when: ▶[moderate, ample, limited]")
    (problem,) = all_problems(world.parsed())
    path, line, column = world.marked[0]
    assert str(problem) == (
        f"{path}:{line}:{column}: node 'compute' has more than one branch for compute_budget=limited"
        " [compute_budget=limited]; keep one"
    )


@pytest.mark.parametrize(
    "name",
    ["architectures/rf-detr.yaml", "references.yaml", "tips/check_quality.yaml", "questions/occlusion.yaml", TREE],
)
def test_malformed_file_makes_nothing_else_look_wrong(name, world):
    """While a file cannot be read, nothing that it defines is called missing, and nothing that it names unused."""
    world.append(name, "▶zz: [\n")
    (problem,) = all_problems(world.parsed())
    assert problem.location.path == world.path(name)
    assert problem.code == "syntax"


def test_unwalkable_tree_does_not_hide_other_faults(world):
    """A tree that goes nowhere is not walked, and a claim without a source is still found."""
    world.edit(TREE, "go: compute", "go: nowhere")
    world.edit("tips/check_quality.yaml", "sources: hasty-2021\n", "")
    assert [problem.code for problem in all_problems(world.parsed())] == ["without-source", "unknown-node"]


def test_fatal_fault_keeps_the_rules_from_loading(world):
    """Rules that name what does not exist are not used at all, and every such fault is in the error."""
    world.edit(TREE, "go: compute", "go: ▶nowhere")
    world.edit("tips/boxes_first.yaml", "label_budget: ample", "▶label_buget: ample")
    with pytest.raises(InputError) as raised:
        load_rules("infographic")
    assert sorted(problem.code for problem in raised.value.problems) == ["unknown-node", "unknown-question"]
    assert {problem.location for problem in raised.value.problems} == set(world.marked)


def test_misspelt_source_stops_nobody_and_is_found(world):
    """`rules check` names it with its place; until then the claim stands, and its source is said to be missing."""
    world.edit("tips/check_quality.yaml", "sources: hasty-2021", "sources: ▶hasty-2012")
    assert load_rules("infographic").references["hasty-2012"]["title"] == "Not in the bibliography"
    (problem,) = all_problems(world.parsed())
    assert (problem.code, problem.location) == ("unknown-source", world.marked[0])


def test_fault_that_is_not_fatal_lets_the_rules_load(world):
    """An unused reference is for `rules check` to find; it keeps nobody from working."""
    world.append("references.yaml", "zz-unused:\n  title: Unused\n  note: Never named.\n")
    assert load_rules("infographic").references["zz-unused"]["title"] == "Unused"


def test_fatal_checks_are_those_without_which_no_walk_ends():
    """Every fatal check is also a check, and none runs twice."""
    assert set(FATAL) < set(CHECKS)
    assert len(set(CHECKS)) == len(CHECKS)


def test_assistant_without_a_licence_is_left_out_and_the_others_stay(world):
    """One clear message says what it lacks; the rest of the rules, and the other assistants, work on."""
    before = {one["id"] for one in load_rules().assistants}
    world.edit("assistants/owlv2.yaml", "weights_licence: {name: Apache-2.0, sources: [owlv2-model-page]}\n", "")
    (problem,) = all_problems(world.parsed("purpose_first"))
    assert problem.message == "the key 'weights_licence' is missing"
    assert problem.location.path == world.path("assistants/owlv2.yaml")
    assert {one["id"] for one in load_rules().assistants} == before - {"owlv2"}


def test_shipped_tips_are_held_to_the_default_tree_and_own_tips_to_the_own_one(world, tmp_path):
    """A tree that asks less makes no shipped tip wrong; what its author adds is checked with it."""
    own = tmp_path / "own"
    (own / "trees").mkdir(parents=True)
    (own / "tips").mkdir()
    tree = (world.folder / "trees" / "infographic.yaml").read_text("utf-8")
    (own / "trees" / "mine.yaml").write_text(tree, "utf-8")
    assert all_problems(world.parsed(str(own))) == []
    tip = "text: T.\nsources: hasty-2021\nwhen: {strategies: object_detection, answers: {count_matters: no}}\n"
    (own / "tips" / "mine.yaml").write_text(tip, "utf-8")
    assert [problem.code for problem in all_problems(world.parsed(str(own)))] == ["tip-never-shown"]


def test_own_reference_may_correct_a_shipped_one_but_not_take_its_id_for_another_work(world, tmp_path):
    """Shipped claims would cite a work that does not say it; the same work with a better note is welcome."""
    own = tmp_path / "references.yaml"
    own.write_text("hasty-2021: {title: Towels, url: 'https://example.org/towels'}\n", "utf-8")
    (problem,) = [found for found in all_problems(world.parsed(str(tmp_path))) if found.code == "usurped-reference"]
    assert problem.message.startswith("'hasty-2021' is the id of another work, 'How to nail your annotation strategy")
    assert problem.location == (str(own), 1, 1)
    same = "hasty-2021: {title: How to nail it, url: 'URL', note: Read again.}\n"
    shipped = world.parsed().known["reference"]["hasty-2021"]["url"]
    own.write_text(same.replace("URL", shipped), "utf-8")
    assert [found.code for found in all_problems(world.parsed(str(tmp_path)))] == []
