"""Packages of learning content, written by the tests themselves: small ones that hold, and hostile ones."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
from collections.abc import Callable
from typing import Any

FINDS = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>SCO</title><h1>课件</h1><script>
const find = (name) => { for (let w = window; ; w = w.parent) { if (w[name]) return w[name]; if (w === w.parent) return null; } };
window.old = find("API"); window.api = find("API_1484_11");
</script>"""  # a SCO that a test speaks through
PAGE = "<!doctype html><meta charset=utf-8><title>SCO</title><p>课件</p>"
MANIFEST_12 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M1" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="O1"><organization identifier="O1"><title>家庭探访</title>
    <item identifier="I1" identifierref="R1" parameters="?lang=zh"><title>第一节</title>
      <adlcp:masteryscore>80</adlcp:masteryscore><adlcp:maxtimeallowed>01:00:00</adlcp:maxtimeallowed>
      <adlcp:timelimitaction>exit,message</adlcp:timelimitaction><adlcp:datafromlms>启动数据</adlcp:datafromlms></item>
    <item identifier="I2" identifierref="R2"><title>第二节</title>
      <adlcp:prerequisites type="aicc_script">I1</adlcp:prerequisites></item>
  </organization></organizations>
  <resources xml:base="content/">
    <resource identifier="R1" type="webcontent" adlcp:scormtype="sco" href="one.html"><file href="one.html"/>
      <dependency identifierref="R3"/></resource>
    <resource identifier="R2" type="webcontent" adlcp:scormtype="sco" href="two.html"><file href="two.html"/></resource>
    <resource identifier="R3" type="webcontent" adlcp:scormtype="asset" href="shared.js"><file href="shared.js"/></resource>
  </resources>
</manifest>"""
FILES_12 = {"content/one.html": PAGE, "content/two.html": PAGE, "content/shared.js": "var shared = 1;"}

MANIFEST_2004 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M4" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
  xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3" xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3"
  xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="O"><organization identifier="O"><title>个案管理</title>
    <item identifier="A" identifierref="RA"><title>接案</title>
      <adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.8" progressWeight="0.5"/>
      <adlnav:presentation><adlnav:navigationInterface><adlnav:hideLMSUI>previous</adlnav:hideLMSUI>
        </adlnav:navigationInterface></adlnav:presentation>
      <imsss:sequencing IDRef="SHARED">
        <imsss:limitConditions attemptLimit="3" attemptAbsoluteDurationLimit="PT1H"/>
        <imsss:objectives>
          <imsss:primaryObjective objectiveID="P" satisfiedByMeasure="true">
            <imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure>
            <imsss:mapInfo targetObjectiveID="G1" writeSatisfiedStatus="true"/></imsss:primaryObjective>
          <imsss:objective objectiveID="S"><imsss:mapInfo targetObjectiveID="G2" readSatisfiedStatus="false"/></imsss:objective>
        </imsss:objectives>
        <imsss:randomizationControls randomizationTiming="once" selectCount="2" reorderChildren="true"
          selectionTiming="onEachNewAttempt"/>
        <imsss:deliveryControls tracked="true" completionSetByContent="true" objectiveSetByContent="false"/>
        <adlseq:constrainedChoiceConsiderations preventActivation="true" constrainChoice="true"/>
        <adlseq:rollupConsiderations requiredForSatisfied="ifAttempted" measureSatisfactionIfActive="false"/>
        <adlseq:objectives><adlseq:objective objectiveID="P">
          <adlseq:mapInfo targetObjectiveID="G1" writeRawScore="true" readMinScore="true"/></adlseq:objective></adlseq:objectives>
      </imsss:sequencing></item>
    <item identifier="B" isvisible="false"><title>评估</title><item identifier="B1" identifierref="RA"><title>量表</title></item></item>
    <imsss:sequencing><imsss:controlMode choice="false" flow="true"/>
      <imsss:sequencingRules>
        <imsss:preConditionRule><imsss:ruleConditions conditionCombination="any">
          <imsss:ruleCondition condition="objectiveMeasureGreaterThan" measureThreshold="0.5" operator="not" referencedObjective="S"/>
          </imsss:ruleConditions><imsss:ruleAction action="skip"/></imsss:preConditionRule>
        <imsss:postConditionRule><imsss:ruleConditions><imsss:ruleCondition condition="always"/></imsss:ruleConditions>
          <imsss:ruleAction action="retry"/></imsss:postConditionRule>
        <imsss:exitConditionRule><imsss:ruleConditions><imsss:ruleCondition condition="attempted"/></imsss:ruleConditions>
          <imsss:ruleAction action="exit"/></imsss:exitConditionRule></imsss:sequencingRules>
      <imsss:rollupRules rollupObjectiveSatisfied="false" objectiveMeasureWeight="0.25">
        <imsss:rollupRule childActivitySet="atLeastPercent" minimumPercent="0.5"><imsss:rollupConditions>
          <imsss:rollupCondition condition="activityProgressKnown"/></imsss:rollupConditions>
          <imsss:rollupAction action="completed"/></imsss:rollupRule></imsss:rollupRules></imsss:sequencing>
  </organization></organizations>
  <resources><resource identifier="RA" type="webcontent" adlcp:scormType="sco" href="index.html"><file href="index.html"/></resource>
  </resources>
  <imsss:sequencingCollection><imsss:sequencing ID="SHARED"><imsss:controlMode forwardOnly="true"/></imsss:sequencing>
  </imsss:sequencingCollection>
</manifest>"""

# Who passes what comes first skips the lesson; the last part is shut until either was passed.
MANIFEST_ORDERED = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M5" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
  xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="O"><organization identifier="O"><title>先测后学</title>
    <item identifier="PRE" identifierref="R1"><title>前测</title><imsss:sequencing><imsss:objectives>
      <imsss:primaryObjective objectiveID="p"><imsss:mapInfo targetObjectiveID="KNOWN" writeSatisfiedStatus="true"/>
        <imsss:mapInfo targetObjectiveID="READY" writeSatisfiedStatus="true"/></imsss:primaryObjective></imsss:objectives>
      </imsss:sequencing></item>
    <item identifier="LESSON" identifierref="R2"><title>课程</title><imsss:sequencing><imsss:sequencingRules>
      <imsss:preConditionRule><imsss:ruleConditions><imsss:ruleCondition referencedObjective="k" condition="satisfied"/>
        </imsss:ruleConditions><imsss:ruleAction action="skip"/></imsss:preConditionRule></imsss:sequencingRules>
      <imsss:objectives><imsss:primaryObjective objectiveID="p"><imsss:mapInfo targetObjectiveID="READY"
        readSatisfiedStatus="false" writeSatisfiedStatus="true"/></imsss:primaryObjective>
        <imsss:objective objectiveID="k"><imsss:mapInfo targetObjectiveID="KNOWN"/></imsss:objective></imsss:objectives>
      </imsss:sequencing></item>
    <item identifier="POST" identifierref="R3"><title>后测</title><imsss:sequencing><imsss:sequencingRules>
      <imsss:preConditionRule><imsss:ruleConditions conditionCombination="any">
        <imsss:ruleCondition referencedObjective="r" condition="satisfied" operator="not"/>
        <imsss:ruleCondition referencedObjective="r" condition="objectiveStatusKnown" operator="not"/>
        </imsss:ruleConditions><imsss:ruleAction action="disabled"/></imsss:preConditionRule></imsss:sequencingRules>
      <imsss:objectives><imsss:primaryObjective objectiveID="p"/>
        <imsss:objective objectiveID="r"><imsss:mapInfo targetObjectiveID="READY"/></imsss:objective></imsss:objectives>
      </imsss:sequencing></item>
    <imsss:sequencing><imsss:controlMode choice="false" flow="true"/></imsss:sequencing>
  </organization></organizations>
  <resources><resource identifier="R1" type="webcontent" adlcp:scormType="sco" href="1.html"><file href="1.html"/></resource>
    <resource identifier="R2" type="webcontent" adlcp:scormType="sco" href="2.html"><file href="2.html"/></resource>
    <resource identifier="R3" type="webcontent" adlcp:scormType="sco" href="3.html"><file href="3.html"/></resource></resources>
</manifest>"""

CMI5 = """<?xml version="1.0" encoding="utf-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
  <course id="https://example.com/course"><title><langstring lang="zh">危机干预</langstring></title>
    <description><langstring lang="zh">课程</langstring></description></course>
  <objectives><objective id="https://example.com/o1"><title><langstring lang="zh">目标</langstring></title></objective></objectives>
  <block id="https://example.com/b"><title><langstring lang="zh">单元</langstring></title>
    <description><langstring lang="zh">单元</langstring></description><objectives><objective idref="https://example.com/o1"/></objectives>
    <au id="https://example.com/au" moveOn="CompletedAndPassed" masteryScore="0.75" launchMethod="OwnWindow"
      activityType="http://adlnet.gov/expapi/activities/lesson">
      <title><langstring lang="zh">第一课</langstring></title><description><langstring lang="zh">第一课</langstring></description>
      <url>au/index.html?x=1</url><launchParameters>level=1</launchParameters><entitlementKey>k</entitlementKey></au></block>
</courseStructure>"""

H5P = {
    "title": "情景判断",
    "language": "zh",
    "mainLibrary": "H5P.Own",
    "preloadedDependencies": [{"machineName": "H5P.Own", "majorVersion": "1", "minorVersion": "0"}],
}

# Speaks as H5P's own libraries do: a state that can be asked for, a score, and a statement when it is answered.
H5P_OWN = """
H5P.Own = (function () {
  function Own(params, contentId, extras) {
    H5P.EventDispatcher.call(this);
    const self = this;
    this.contentId = contentId;
    let answer = (extras && extras.previousState && extras.previousState.answer) || "";
    let tries = (extras && extras.previousState && extras.previousState.tries) || 0;
    this.getScore = () => (answer === "倾听" ? 1 : 0);
    this.getMaxScore = () => 1;
    this.getCurrentState = () => (answer ? { answer: answer, tries: tries } : undefined);
    this.attach = function ($container) {
      const box = $container.get(0);
      const said = document.createElement("p");
      const show = () => { said.textContent = answer ? "已答:" + answer + ",第" + tries + "次" : "还没有作答"; };
      const head = document.createElement("h1");
      head.textContent = params.question;
      box.append(head, said);
      ["倾听", "离开"].forEach((words) => {
        const button = document.createElement("button");
        button.textContent = words;
        button.addEventListener("click", () => {
          answer = words;
          tries += 1;
          show();
          const event = self.createXAPIEventTemplate("answered");
          event.setScoredResult(self.getScore(), 1, self, true, self.getScore() === 1);
          self.trigger(event);
        });
        box.append(button);
      });
      show();
    };
  }
  Own.prototype = Object.create(H5P.EventDispatcher.prototype);
  Own.prototype.constructor = Own;
  return Own;
})();
"""


def packed(files: dict[str, str | bytes], **how: Any) -> bytes:
    """A ZIP file of these."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def scorm12(**more: str | bytes) -> bytes:
    """A package of SCORM 1.2 with two SCOs. A name given again takes the place of its file."""
    return packed({"imsmanifest.xml": MANIFEST_12, **FILES_12, **more})


def scorm12_by(old: str, new: str) -> bytes:
    """The same, with a change in its manifest."""
    assert old in MANIFEST_12
    return scorm12(**{"imsmanifest.xml": MANIFEST_12.replace(old, new)})


def scorm2004(**more: str | bytes) -> bytes:
    """A package of SCORM 2004, 4th edition, with sequencing of every kind."""
    return packed({"imsmanifest.xml": MANIFEST_2004, "index.html": PAGE, **more})


def ordered(page: str = PAGE) -> bytes:
    """A package of SCORM 2004 with three parts whose order the manifest says; each shows this page."""
    return packed({"imsmanifest.xml": MANIFEST_ORDERED, "1.html": page, "2.html": page, "3.html": page})


def cmi5(**more: str | bytes) -> bytes:
    """A package of cmi5 with one unit."""
    return packed({"cmi5.xml": CMI5, "au/index.html": PAGE, **more})


def h5p(**more: str | bytes) -> bytes:
    """An H5P activity with a library of its own."""
    library = {"title": "Own", "machineName": "H5P.Own", "preloadedDependencies": []}
    own = {
        "h5p.json": json.dumps(H5P),
        "content/content.json": "{}",
        "H5P.Own-1.0/library.json": json.dumps(library),
    }
    return packed({**own, **more})


def h5p_choice(mark: float | None = None, script: str = "") -> bytes:
    """An activity that is played: one question of two answers, in a small library of its own. `mark` in per cent; `script` runs before."""
    content = {"question": "服务对象拒绝入户,先做什么?", "passPercentage": mark}
    library = {
        "title": "Own",
        "machineName": "H5P.Own",
        "majorVersion": 1,
        "minorVersion": 0,
        "runnable": 1,
        "preloadedJs": [{"path": "own.js"}],
    }
    return h5p(
        **{
            "content/content.json": json.dumps(content),
            "H5P.Own-1.0/library.json": json.dumps(library),
            "H5P.Own-1.0/own.js": script + H5P_OWN,
        }
    )


def with_name(raw: bytes, *, utf8: bool = False) -> bytes:
    """A package of SCORM 1.2 in which one more file has this name, byte for byte."""
    stand_in = b"x" * (len(raw) - 4) + b".txt" if len(raw) > 4 else b"x" * len(raw)
    data = scorm12(**{stand_in.decode(): "text"}).replace(stand_in, raw)
    if not utf8:
        return data
    return changed(data, raw, lambda entry: entry.__setitem__(slice(8, 10), struct.pack("<H", 0x800)))


def with_mode(mode: int) -> bytes:
    """A package with a member of this Unix mode."""
    out = io.BytesIO(scorm12())
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("link.txt")
        info.create_system, info.external_attr = 3, mode << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def changed(
    data: bytes, name: bytes, change: Callable[[bytearray], None], *, head: bytes = b"PK\x01\x02"
) -> bytes:
    """The archive with a change in one entry of its directory (or, by `head`, in a local header)."""
    lengths = {b"PK\x01\x02": 46, b"PK\x03\x04": 30}
    place = -1
    while True:
        place = data.index(head, place + 1)
        if data[place + lengths[head] :].startswith(name):
            break
    entry = bytearray(data[place : place + lengths[head]])
    change(entry)
    return data[:place] + bytes(entry) + data[place + lengths[head] :]


def put(form: str, at: int, *values: int) -> Callable[[bytearray], None]:
    """A change: these values at this place of an entry."""
    return lambda entry: struct.pack_into(f"<{form}", entry, at, *values)


def overlapping() -> bytes:
    """A member that holds another member with its header: both are named in the directory, and read the same bytes."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a-two.txt", "same" * 50)
    header = inner.getvalue()[: inner.getvalue().index(b"PK\x01\x02")]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a-one.txt", header)
        archive.writestr("a-two.txt", "same" * 50)
    return changed(out.getvalue(), b"a-two.txt", put("L", 42, 30 + len(b"a-one.txt")))


def bomb(megabytes: int, name: str = "big.txt") -> bytes:
    """Zeros that are packed a thousand times smaller."""
    out = io.BytesIO(scorm12())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _ in range(megabytes):
            member.write(bytes(2**20))
    return out.getvalue()


def make_package_version(organisation: Any, data: bytes, actor: Any) -> Any:
    """A package that was handed in and taken."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from core.jobs.actions import run_job
    from lms.packages.actions import hand_in_package

    upload = hand_in_package(
        upload=SimpleUploadedFile("package.zip", data),
        organisation=organisation,
        package=None,
        title="",
        actor=actor,
    )
    run_job(upload.job_id)
    upload.refresh_from_db()
    assert upload.version, upload.outcome
    return upload.version


def make_bare_package(organisation: Any, actor: Any, kind: str = "scorm12") -> Any:
    """A version with its manifest and without any file."""
    import uuid

    from lms.models import Package, PackageVersion
    from lms.packages.policy.manifest import examine

    _archive, found = examine(io.BytesIO(scorm12() if kind == "scorm12" else scorm2004()))
    package = Package.objects.create(organisation=organisation, title="课件", kind=kind, created_by=actor)
    return PackageVersion.objects.create(
        package=package,
        number=1,
        sha256=uuid.uuid4().hex * 2,
        kind=kind,
        manifest=found.manifest,
        folder=f"packages/unpacked/{uuid.uuid4()}",
        files=0,
        size=0,
        created_by=actor,
    )


def make_registration(enrolment: Any, version: Any, holder: str = "window") -> Any:
    """The person in the first SCO of the version, opened in this window."""
    from lms.models import Registration, ScoState
    from lms.packages.policy.manifest import items_of

    registration = Registration.objects.create(enrolment=enrolment, version=version)
    first = next(items_of(version.manifest))
    ScoState.objects.create(registration=registration, item=first["identifier"], holder=holder)
    return registration


FIFO = stat.S_IFIFO | 0o644
LINK = stat.S_IFLNK | 0o777
