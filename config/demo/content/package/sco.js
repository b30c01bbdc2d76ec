"use strict";
(function () {
  var api = null;
  for (var at = window, up = 0; up < 8 && !api; up += 1, at = at.parent) api = at.API || null;
  if (!api) return;
  var began = Date.now();
  api.LMSInitialize("");
  if (api.LMSGetValue("cmi.core.lesson_status") === "not attempted") {
    api.LMSSetValue("cmi.core.lesson_status", "incomplete");
    api.LMSCommit("");
  }
  function end(status, score) {
    var seconds = Math.round((Date.now() - began) / 1000);
    var two = function (number) { return ("0" + number).slice(-2); };
    if (score !== null) {
      api.LMSSetValue("cmi.core.score.min", "0");
      api.LMSSetValue("cmi.core.score.max", "100");
      api.LMSSetValue("cmi.core.score.raw", String(score));
    }
    api.LMSSetValue("cmi.core.session_time", "00" + two(Math.floor(seconds / 3600)) + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60));
    api.LMSSetValue("cmi.core.lesson_status", status);
    api.LMSCommit("");
  }
  var done = document.querySelector("[data-finish]");
  if (done) done.addEventListener("click", function () { end("completed", null); });
  var form = document.querySelector("form");
  if (form) form.addEventListener("submit", function (event) {
    event.preventDefault();
    var chosen = form.querySelector("input:checked");
    if (!chosen) return;
    var score = Number(chosen.value);
    document.querySelector("[data-said]").textContent = score >= 60 ? "对。先说清是谁、为什么来，门才会开。" : "再想一想：他最担心的是什么？";
    end(score >= 60 ? "passed" : "failed", score);
  });
  window.addEventListener("pagehide", function () { api.LMSFinish(""); });
})();
