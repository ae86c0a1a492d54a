/* A run: units one after the other. */

/* Begins with what is not yet answered; with `is_anew`, all of it is asked again. */
function start(part, list, is_anew) {
  const run = new_run(part, list, is_anew);
  const first = list.findIndex((unit) => !run.answered.has(unit.id));
  if (first < 0) summary(run);
  else study(run, first);
}

function new_run(part, list, is_anew) {
  const answered = is_anew ? [] : list.filter((unit) => progress.answer(unit.id)).map((unit) => unit.id);
  return { part, units: list, answered: new Set(answered), cards: new Map() };
}

function study(run, at) {
  const unit = run.units[at];
  const is_last = at === run.units.length - 1;
  const label = `${run.part.title}, ${at + 1} of ${run.units.length}`;
  remember(`${run.part.name}/${encodeURIComponent(unit.id)}`);
  const move_on = () => (is_last ? summary(run) : study(run, at + 1));
  const count = el("span", { class: "count" }, `${at + 1} of ${run.units.length}`);
  const done_bar = bar(run.answered.size, run.units.length, "Answered");
  const next = button("", "next", move_on);
  const name_next = () => {
    const is_answered = run.answered.has(unit.id);
    next.textContent = is_last ? "Summary" : is_answered ? "Next" : "Skip";
    next.classList.toggle("primary", is_answered);
    next.classList.toggle("quiet", !is_answered);
    done_bar.value = run.answered.size;
  };
  const done = (share, right) => {
    progress.record(unit.id, share, right);
    run.answered.add(unit.id);
    name_next();
    /* What is ticked off in an open prompt is answered more than once. */
    if (unit.item.kind !== "open_prompt") {
      next.focus({ preventScroll: true });
      run.cards.get(unit.id).querySelector(".result").scrollIntoView({ block: "nearest" });
    }
  };
  const before = at > 0 ? around(run.units[at - 1].item) : [];
  /* Kept as it was left, so that going back shows the answer given. */
  if (!run.cards.has(unit.id)) {
    run.cards.set(
      unit.id,
      show_unit(
        unit,
        label,
        (index) => !before.includes(index),
        (...got) => run.done(...got),
        () => run.move_on(),
      ),
    );
  }
  Object.assign(run, { done, move_on });
  const card = run.cards.get(unit.id);
  name_next();
  show(
    el(
      "div",
      { class: "top" },
      button("‹ Overview", "quiet", overview_again),
      el("h1", { class: "run-title" }, run.part.title),
      count,
      done_bar,
    ),
    card,
    el(
      "nav",
      { class: "moves-between", "aria-label": "Questions" },
      at > 0 ? button("Back", "quiet", () => study(run, at - 1)) : el("span"),
      next,
    ),
  );
  card.focus({ preventScroll: true });
}

/* A key that is held down does one thing, as a click does: what it would repeat is no longer what was pressed. */
main.addEventListener(
  "keydown",
  (event) => {
    if (!event.repeat || (event.key !== "Enter" && event.key !== " ")) return;
    if (!event.target.matches("button, summary, a")) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

/* On the card itself, Enter and Space do what is next: show, then go on. */
main.addEventListener("keydown", (event) => {
  if (event.repeat || event.target.localName !== "article" || (event.key !== "Enter" && event.key !== " ")) return;
  const primary = event.target.querySelector(".actions .primary") || main.querySelector(".next");
  if (!primary || primary.textContent === "Skip") return;
  event.preventDefault();
  primary.click();
});
