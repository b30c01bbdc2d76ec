// A quiz: the clock counts the server's seconds down, and the count of answers follows the page.
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
    if (left) return setTimeout(tick, 250);
    face.textContent = clock.dataset.over;
    setTimeout(() => location.reload(), 1500); // the server closes the attempt and shows the result
  };
  tick();
}

const count = document.querySelector("[data-answered]");
if (count) {
  document.addEventListener("change", () => {
    const here = [...document.querySelectorAll(".quiz-question")];
    const answered = here.filter((each) => each.querySelector(".quiz-choice input:checked")).length;
    count.textContent = Number(count.dataset.elsewhere) + answered;
  });
}
