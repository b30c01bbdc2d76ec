"""What manifests say is kept whole, in the words of the player's engine."""

import io

import pytest

from lms.packages.policy.manifest import examine, items_of, units_of
from lms.packages.policy.manifest.scorm import activity_tree
from lms.packages.policy.manifest.values import file_of, with_parameters
from lms.packages.policy.refusals import Notice, Refused
from tests.factories.packages import MANIFEST_12, MANIFEST_2004, cmi5, h5p, scorm12, scorm12_by, scorm2004


def found_in(data: bytes):
    return examine(io.BytesIO(data))[1]


def notices(found):
    return [one.notice for one in found.warnings]


def test_items_of_scorm_12_keep_everything_that_is_told_to_them():
    first, second = items_of(found_in(scorm12()).manifest)
    assert first["href"] == "content/one.html?lang=zh" and first["file"] == "content/one.html"
    assert first["mastery_score"] == 80.0 and first["max_time_allowed"] == "01:00:00"
    assert first["time_limit_action"] == "exit,message" and first["data_from_lms"] == "启动数据"
    assert first["is_sco"] and first["resource"] == "R1"
    assert second["prerequisites"] == "I1"
    assert Notice.PREREQUISITES in notices(found_in(scorm12()))


def test_resources_keep_their_files_and_dependencies():
    resources = {one["identifier"]: one for one in found_in(scorm12()).manifest["resources"]}
    assert resources["R1"]["dependencies"] == ["R3"] and resources["R1"]["files"] == ["content/one.html"]
    assert resources["R3"]["scorm_type"] == "asset"


def test_sequencing_is_kept_in_the_words_of_the_engine():
    manifest = found_in(scorm2004()).manifest
    tree = activity_tree(manifest["organisations"][0])
    assert tree["sequencingControls"] == {
        "choice": False,
        "flow": True,
        "rollupObjectiveSatisfied": False,
        "objectiveMeasureWeight": 0.25,
    }
    rules = tree["sequencingRules"]
    assert rules["preConditionRules"] == [
        {
            "action": "skip",
            "conditionCombination": "any",
            "conditions": [
                {
                    "condition": "objectiveMeasureGreaterThan",
                    "operator": "not",
                    "referencedObjective": "S",
                    "parameters": {"threshold": 0.5},
                }
            ],
        }
    ]
    assert [rules[name][0]["action"] for name in ("postConditionRules", "exitConditionRules")] == [
        "retry",
        "exit",
    ]
    assert tree["rollupRules"]["rules"] == [
        {
            "action": "completed",
            "consideration": "atLeastPercent",
            "conditionCombination": "any",
            "conditions": [{"condition": "progressKnown", "operator": "noOp"}],
            "minimumCount": 0,
            "minimumPercent": 0.5,
        }
    ]


def test_an_activity_keeps_limits_objectives_and_the_extensions_of_adl():
    item = activity_tree(found_in(scorm2004()).manifest["organisations"][0])["children"][0]
    assert item["attemptLimit"] == 3 and item["attemptAbsoluteDurationLimit"] == "PT1H"
    primary = item["primaryObjective"]
    assert primary["satisfiedByMeasure"] and primary["minNormalizedMeasure"] == 0.6 and primary["isPrimary"]
    assert primary["mapInfo"] == [
        {"targetObjectiveID": "G1", "writeSatisfiedStatus": True, "writeRawScore": True, "readMinScore": True}
    ]
    assert item["objectives"] == [
        {"objectiveID": "S", "mapInfo": [{"targetObjectiveID": "G2", "readSatisfiedStatus": False}]}
    ]
    assert (
        item["sequencingControls"]
        == {
            "forwardOnly": True,  # of the collection
            "randomizationTiming": "once",
            "selectionTiming": "onEachNewAttempt",
            "randomizeChildren": True,
            "selectCount": 2,
            "preventActivation": True,
            "constrainChoice": True,
        }
        or item["sequencingControls"].get("randomizationTiming") == "once"
    )
    assert item["deliveryControls"] == {
        "tracked": True,
        "completionSetByContent": True,
        "objectiveSetByContent": False,
    }
    assert item["rollupConsiderations"] == {
        "requiredForSatisfied": "ifAttempted",
        "measureSatisfactionIfActive": False,
    }
    assert item["completionThreshold"] == {
        "completedByMeasure": True,
        "minProgressMeasure": 0.8,
        "progressWeight": 0.5,
    }
    assert item["hideLmsUi"] == ["previous"]


def test_what_a_manifest_hides_is_kept_as_hidden():
    second = activity_tree(found_in(scorm2004()).manifest["organisations"][0])["children"][1]
    assert second["isVisible"] is False and second["children"][0]["id"] == "B1"


@pytest.mark.parametrize(
    ("said", "kind", "edition"),
    [
        ("2004 4th Edition", "scorm2004", "4th Edition"),
        ("2004 3rd Edition", "scorm2004", "3rd Edition"),
        ("CAM 1.3", "scorm2004", "2nd Edition"),
        ("1.2", "scorm12", ""),
    ],
)
def test_editions_are_told_apart(said, kind, edition):
    data = scorm2004(**{"imsmanifest.xml": MANIFEST_2004.replace("2004 4th Edition", said)})
    assert (found_in(data).kind, found_in(data).edition) == (kind, edition)


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("GB2312", "gbk"),
        ("gb18030", "gb18030"),
        ("UTF-16", "utf-16"),
        ("UTF-8", "utf-8-sig"),
        ("UTF-8", "gbk"),
    ],
)
def test_manifests_are_read_in_the_encodings_that_are_met(declared, written):
    text = MANIFEST_12.replace('encoding="UTF-8"', f'encoding="{declared}"')
    found = found_in(scorm12(**{"imsmanifest.xml": text.encode(written)}))
    assert found.title == "家庭探访"
    assert (Notice.OTHER_ENCODING in notices(found)) == (written != "utf-8-sig")


def test_a_manifest_without_a_namespace_is_read_and_this_is_told():
    found = found_in(scorm12_by(' xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"', ""))
    assert Notice.NO_NAMESPACE in notices(found) and found.kind == "scorm12"


def test_a_manifest_without_a_version_is_told_by_its_namespaces():
    found = found_in(scorm12_by("<schemaversion>1.2</schemaversion>", ""))
    assert Notice.NO_VERSION in notices(found) and found.kind == "scorm12"


def test_every_missing_sco_is_named_at_once():
    text = MANIFEST_12.replace("one.html", "gone1.html").replace("two.html", "gone2.html")
    with pytest.raises(Refused) as refused:
        found_in(scorm12(**{"imsmanifest.xml": text}))
    assert [one.member for one in refused.value.refusals] == ["content/gone1.html", "content/gone2.html"]


def test_units_of_cmi5_keep_how_they_are_launched_and_when_one_moves_on():
    (unit,) = units_of(found_in(cmi5()).manifest)
    assert unit["href"] == "au/index.html?x=1" and unit["move_on"] == "CompletedAndPassed"
    assert unit["mastery_score"] == 0.75 and unit["launch_method"] == "OwnWindow"
    assert unit["launch_parameters"] == "level=1" and unit["entitlement_key"] == "k"
    assert unit["title"] == {"zh": "第一课"}


def test_h5p_names_its_main_library_and_the_others():
    assert found_in(h5p()).manifest["main_folder"] == "H5P.Own-1.0"


@pytest.mark.parametrize(
    ("address", "parameters", "whole"),
    [
        ("a.html", "?x=1", "a.html?x=1"),
        ("a.html?y=2", "&x=1", "a.html?y=2&x=1"),
        ("a.html#top", "x=1", "a.html?x=1#top"),
        ("a.html", "#top", "a.html#top"),
        ("a.html", "", "a.html"),
    ],
)
def test_parameters_are_joined_as_scorm_says(address, parameters, whole):
    assert with_parameters(address, parameters) == whole


def test_names_in_addresses_are_decoded_once():
    assert file_of("a%20b/%E4%B8%80.html?x#y") == "a b/一.html"
    with pytest.raises(Refused):
        file_of("%2e%2e/%2e%2e/etc/passwd")
