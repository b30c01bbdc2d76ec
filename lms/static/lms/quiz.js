// A quiz: the clock counts the server's seconds down, answers are saved as one goes, and again when the network comes back.
// Everything is decided on the server; this only shows it.

const clock = document.querySelector("[data-timer]");
if (clock) {
  const end = performance.now() + Number(clock.dataset.timer) * 1000;
  const face = clock.querySelector("[data-clock]");
  const said = document.querySelector("[data-clock-said]");
  let spoken = 0;
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    face.textContent = `${two(Math.floor(left / 60))}:${two(left % 60)}`;
    clock.classList.toggle("is-low", left <= 60);
    const minutes = left / 60;
    if (said && (minutes === 5 || minutes === 1) && spoken !== minutes) {
      spoken = minutes;
      said.textContent = said.dataset.minutes.replace("{n}", minutes);
    }
    if (left === 3) document.dispatchEvent(new Event("quiz:soon"));
    if (left) return setTimeout(tick, 250);
    face.textContent = clock.dataset.over;
    document.dispatchEvent(new Event("quiz:over"));
    setTimeout(() => location.reload(), 1500); // the server closes the attempt and shows the result
  };
  tick();
}

const form = document.getElementById("quiz");
if (form) {
  const questions = [...form.querySelectorAll(".quiz-question")];
  const saved = document.getElementById("saved");
  const count = document.querySelector("[data-answered]");
  const isAnswered = (each) =>
    !!each.querySelector(".quiz-choice input:checked") ||
    [...each.querySelectorAll("[data-said]")].some((field) => field.value.trim());

  const show = () => {
    const answered = questions.filter(isAnswered);
    count.textContent = Number(count.dataset.elsewhere) + answered.length;
    questions.forEach((each) => {
      const place = document.querySelector(`[data-card="${each.id.slice(9)}"]`);
      if (place) place.classList.toggle("quiz-map__one--answered", answered.includes(each));
    });
  };

  // Two things with the same place change places.
  const kept = new Map();
  form.querySelectorAll("[data-order] select").forEach((select) => kept.set(select, select.value));
  const order = (select) => {
    const list = select.closest("[data-order]");
    if (!list) return;
    const other = [...list.querySelectorAll("select")].find(
      (each) => each !== select && each.value && each.value === select.value,
    );
    if (other) other.value = kept.get(select);
    list.querySelectorAll("select").forEach((each) => kept.set(each, each.value));
  };

  form.addEventListener("change", (event) => order(event.target), true);
  form.addEventListener("change", show);
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches("[data-counted]")) {
      field.closest(".quiz-text").querySelector("[data-count]").textContent = [...field.value].length;
    }
    if (field.matches("[data-said]")) {
      field.closest(".quiz-question").dataset.typed = "1"; // until it is saved
      show();
    }
  });

  // What the page says of itself, where the paper keeps it.
  let goes = false;
  const tell = (kind) => {
    if (!form.dataset.told || goes) return;
    const csrfmiddlewaretoken = form.elements.csrfmiddlewaretoken.value;
    navigator.sendBeacon(form.dataset.told, new URLSearchParams({ kind, csrfmiddlewaretoken }));
  };
  document.addEventListener("visibilitychange", () => tell(document.hidden ? "left" : "returned"));
  window.addEventListener("blur", () => tell("left"));
  window.addEventListener("focus", () => tell("returned"));
  window.addEventListener("pageshow", () => (goes = false));

  // Without a network: what is not saved is sent again until it is, and the page is not left by a button.
  const unsaved = new Set();
  const lack = () => (saved.textContent = form.dataset.unsaved);
  const again = () => unsaved.forEach((each) => window.htmx.trigger(each, "again"));
  document.addEventListener("htmx:sendError", (event) => {
    if (!event.target.matches(".quiz-question")) return;
    unsaved.add(event.target);
    lack();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful || !event.target.matches(".quiz-question")) return;
    delete event.target.dataset.typed;
    if (unsaved.delete(event.target) && !unsaved.size) tell("gap");
  });
  window.addEventListener("online", again);
  document.addEventListener("quiz:over", () => (goes = true));
  document.addEventListener("quiz:soon", () =>
    form.querySelectorAll("[data-typed]").forEach((each) => window.htmx.trigger(each, "again")),
  );
  setInterval(() => navigator.onLine && again(), 5000);

  // What was answered while the scripts were still coming, nobody has sent yet.
  const touched = (field) => {
    if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
    return field.checked !== field.defaultChecked || field.value !== field.defaultValue;
  };
  window.addEventListener("load", () =>
    questions
      .filter((each) => [...each.querySelectorAll("input, select, textarea")].some(touched))
      .forEach((each) => window.htmx.trigger(each, "again")),
  );
  form.addEventListener("submit", (event) => {
    if (navigator.onLine && !unsaved.size) return (goes = true);
    event.preventDefault();
    lack();
    again();
  });
  window.addEventListener("beforeunload", (event) => {
    const isOpen = unsaved.size || form.querySelector("[data-typed]");
    if (goes || !isOpen) return;
    event.preventDefault();
    event.returnValue = "";
  });
}
