"""Writes cases.tsv: the cases of the DMN Technology Compatibility Kit (Apache-2.0) that ask only for values and functions.

Run `python3 generate.py FOLDER_OF_THE_KIT > cases.tsv`. Taken are results of decisions that consist of one literal expression
and require nothing, where the expression is made of literals, operators and calls. Columns: folder/case/decision, the
expression, the expected value as a FEEL literal; tab-separated.
"""

import json
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
TEMPORAL = {"date", "time", "dateTime", "duration"}
# What needs an evaluator: control flow, tests of types, unary tests, and the clock.
BEYOND = re.compile(r"\b(instance of|for|some|every|if|in|between|and|or|today|now|external)\b|//|/\*")


def bare(text):
    """An expression without its texts, and without the one function whose name has a keyword in it."""
    return re.sub(r'"(\\.|[^"\\])*"', '""', text).replace("date and time", "moment")


def local(element):
    return element.tag.split("}")[-1]


def children(element, name):
    return [child for child in element if local(child) == name]


def feel(element):
    """The value of an <expected>, <item> or <component> as a FEEL literal."""
    components = children(element, "component")
    if components:
        return "{" + ", ".join(json.dumps(c.get("name"), ensure_ascii=False) + ": " + feel(c) for c in components) + "}"
    for child in element:
        if child.get(XSI + "nil") == "true":
            return "null"
        if local(child) == "list":
            return "[" + ", ".join(feel(item) for item in children(child, "item")) + "]"
        if local(child) == "value":
            return literal(child.get(XSI + "type", "").split(":")[-1], child.text or "")
    return "null"


def literal(kind, text):
    if kind == "string":
        return json.dumps(text, ensure_ascii=False)
    return f'@"{text}"' if kind in TEMPORAL else text


def expressions(folder):
    """The expressions of a folder's models by model and decision."""
    found = {}
    for model in folder.glob("*.dmn"):
        for decision in xml.parse(model).iter():
            if local(decision) != "decision" or any(local(child).endswith("Requirement") for child in decision):
                continue
            for expression in children(decision, "literalExpression"):
                found[model.name, decision.get("name")] = children(expression, "text")[0].text
    return found


for folder in sorted(Path(sys.argv[1]).glob("*/*/")):
    known = expressions(folder)
    for file in sorted(folder.glob("*.xml")):
        tests = xml.parse(file).getroot()
        model = children(tests, "modelName")[0].text
        for case in children(tests, "testCase"):
            for result in children(case, "resultNode"):
                text = known.get((model, result.get("name")))
                if text is None or BEYOND.search(bare(text)):
                    continue
                name = f"{folder.name}/{case.get('id')}/{result.get('name')}"
                print(name, " ".join(text.split("\n")).strip(), feel(children(result, "expected")[0]), sep="\t")
