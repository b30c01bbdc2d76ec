// The draft of a claim is saved two seconds after the last key: <form data-autosave="address"> is posted, and
// [data-autosave-status] tells how it stands, in the words of #toasts. An answer's Draft-Stamp goes with the next one
// (name="stamp"); 200 says in its text what of it could not be saved, and why; 409 is a draft that was changed elsewhere: [data-autosave-stale] shows what to do, and nothing more is
// sent by itself. Without this script the form is sent as it is.

const word = (name) => document.getElementById("toasts")?.dataset[name] || "";

document.querySelectorAll('form[data-autosave]:not([data-autosave=""])').forEach((form) => {
  const notice = form.querySelector("[data-autosave-stale]");
  const status = form.querySelector("[data-autosave-status]");
  const time = () => new Date().toTimeString().slice(0, 5);
  const tell = (name) => status && (status.textContent = word(name).replace("{time}", time()));
  let timer = 0;
  let busy = false;

  const send = async () => {
    const draft = new FormData(form);
    [...form.elements].forEach((el) => el.type === "file" && draft.delete(el.name)); // sent when they are chosen
    const headers = { "X-Requested-With": "fetch" };
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: draft, headers, keepalive: true });
    if (answer.status === 409 && notice) {
      notice.hidden = false;
      return tell("stale");
    }
    if (!answer.ok) throw new Error(answer.status);
    form.elements.stamp.value = answer.headers.get("Draft-Stamp") || form.elements.stamp.value;
    const left = answer.status === 200 ? await answer.text() : "";
    if (left && status) return void (status.textContent = left); // and the page goes on warning whoever leaves it
    form.removeAttribute("data-dirty");
    tell("saved");
  };

  const save = async () => {
    if (notice && !notice.hidden) return;
    if (busy) return void (timer = setTimeout(save, 500)); // its answer brings the stamp of the next one
    busy = true;
    tell("saving");
    try {
      await send();
    } catch (error) {
      tell("unsaved");
      timer = setTimeout(save, 15000);
    } finally {
      busy = false;
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  window.addEventListener("online", () => form.hasAttribute("data-dirty") && save());
});
