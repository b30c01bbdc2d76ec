// Long lists of organisations: <select data-find> gets a box above it that narrows it by name, or by a name above.
// What is chosen stays chosen until something else is. Without a script the whole list is there.

const INDENT = /^\u2003*/;

document.querySelectorAll("select[data-find]").forEach((list) => {
  const above = [];
  const rows = [...list.options].map((option) => {
    const text = option.text;
    const name = text.replace(INDENT, "");
    if (option.value) above.length = INDENT.exec(text)[0].length;
    const path = [...above, name];
    if (option.value) above.push(name);
    return { option, text, path: path.join(" ").toLowerCase(), flat: path.slice(-2).reverse().join(" · ") };
  });
  if (rows.length < 12 || list.disabled) return;

  const box = document.createElement("input");
  const told = document.createElement("small");
  box.type = "search";
  box.className = "find";
  box.placeholder = list.dataset.find;
  box.autocomplete = "off";
  box.setAttribute("aria-label", list.dataset.find);
  box.setAttribute("aria-controls", list.id);
  told.className = "find__told";
  told.setAttribute("role", "status");
  list.before(box, told);

  const searched = () => box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (words) => rows.filter((row) => row.option.value && words.every((word) => row.path.includes(word)));
  const show = () => {
    const words = searched();
    const found = words.length ? matches(words) : rows;
    const chosen = rows.find((row) => row.option.value === list.value);
    const kept = chosen && chosen.option.value && !found.includes(chosen) ? [chosen] : [];
    rows.forEach((row) => (row.option.text = words.length ? row.flat : row.text));
    list.replaceChildren(...[...kept, ...found].map((row) => row.option));
    list.selectedIndex = chosen && (kept.length || found.includes(chosen)) ? [...list.options].indexOf(chosen.option) : -1;
    if (words.length) list.size = Math.min(8, Math.max(2, list.length));
    else list.removeAttribute("size");
    told.textContent = words.length ? `${list.dataset.found} ${found.length}` : "";
    if (!words.length && list.selectedIndex < 0) list.value = "";
  };
  const choose = (row) => {
    list.value = row.option.value;
    list.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const close = () => {
    if (!box.value) return;
    box.value = "";
    show();
  };

  box.addEventListener("input", show);
  box.addEventListener("keydown", (event) => {
    const found = matches(searched());
    if (event.key === "Enter") event.preventDefault(); // never sends the form
    if (!found.length || !box.value || !/^(Enter|ArrowDown)$/.test(event.key)) return;
    event.preventDefault();
    choose(found[0]);
    if (event.key === "Enter") close();
    list.focus();
  });
  list.addEventListener("click", close);
  list.addEventListener("blur", close);
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !box.value) return;
    event.preventDefault();
    close();
  });
});
