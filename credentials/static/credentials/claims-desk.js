// j or n: the next claim that waits, k: the one before. Not while something is typed.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const link = document.querySelector(`a[data-key~="${CSS.escape(event.key)}"]`);
  if (link) link.click();
});
