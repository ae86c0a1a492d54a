/* The end of a run: how it went, and what to do again. */

function summary(run) {
  remember(run.part.name);
  const total = score(run.units);
  const skipped = run.units.filter((unit) => !progress.answer(unit.id));
  const title = el("h1", { tabindex: "-1" }, skipped.length ? "So far" : total.missed.length ? "Done" : "All correct");
  const next_part = PARTS.slice(PARTS.indexOf(run.part) + 1).find(
    (part) => runs(filter, progress.is_shuffled()).get(part.name).length,
  );
  const counts = ["right", "partly", "wrong"].map((kind) =>
    el("li", { class: kind }, el("strong", {}, String(total[kind])), verdict(kind)),
  );
  show(
    el(
      "div",
      { class: "top" },
      button("‹ Overview", "quiet", overview_again),
      el("span", { class: "run-title" }, run.part.title),
    ),
    el(
      "section",
      { class: "card summary" },
      title,
      el("p", { class: "points" }, `${Math.round(total.got * 100) / 100} of ${points(total.of)}`),
      el("ul", { class: "counts" }, counts),
      skipped.length ? el("p", {}, `${counted(skipped.length, "item")} not answered yet.`) : null,
      el(
        "div",
        { class: "actions" },
        total.missed.length
          ? button("Again, only the missed ones", "primary", () => start(run.part, total.missed, true))
          : null,
        skipped.length
          ? button("Answer the others", total.missed.length ? "quiet" : "primary", () => start(run.part, skipped, true))
          : null,
        button("Again from the beginning", "quiet", () => start(run.part, run.units, true)),
        next_part
          ? button(`Next: ${next_part.title}`, skipped.length || total.missed.length ? "quiet" : "primary", () =>
              start(next_part, runs(filter, progress.is_shuffled()).get(next_part.name), false),
            )
          : null,
      ),
      total.missed.length ? [el("h2", {}, "To look at again"), missed_list(run, total.missed)] : null,
    ),
  );
  title.focus({ preventScroll: true });
  announce(`${title.textContent}. ${total.right} of ${total.all} correct.`);
}

const LONGEST_LIST = 100;

function missed_list(run, missed) {
  const rows = missed.slice(0, LONGEST_LIST).map((unit) => {
    const { share, right } = progress.answer(unit.id);
    const name = el("span", { lang: deck.language, dir: "auto" }, beginning(asked(unit), 90));
    return el(
      "li",
      {},
      button([verdict(outcome(share, right)), name], "row", () => {
        run.cards.delete(unit.id);
        study(run, run.units.indexOf(unit));
      }),
    );
  });
  const more = missed.length - rows.length;
  return [el("ul", { class: "missed" }, rows), more > 0 ? el("p", {}, `and ${counted(more, "more", "more")}.`) : null];
}

function asked(unit) {
  const { item } = unit;
  if (item.kind === "flashcard") return unit.is_reversed ? item.back : item.front;
  if (item.kind !== "cloze") return item.stem;
  const filled = el("div", {}, nodes(item.text));
  for (const place of filled.querySelectorAll("[data-blank]")) place.textContent = "[…]";
  return filled.innerHTML;
}
