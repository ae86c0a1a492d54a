/* The first view: what the deck is, its parts, and what of it to study. */

function overview() {
  remember("");
  const parts = el("div", { class: "parts" });
  const badge = el("span", { class: "badge" });
  const head = deck_head();
  show(el("header", { class: "hero" }, head), parts, selection(badge, update), footer());
  update();
  return head[0];

  /* Not the fields themselves: whoever works in one goes on working in it. */
  function update() {
    const found = runs(filter, progress.is_shuffled());
    const own = PARTS.filter((part) => !part.kinds || items.some((item) => part.kinds.includes(item.kind)));
    parts.replaceChildren(...own.map((part) => part_card(part, found.get(part.name))));
    badge.textContent = `${[...found.values()].reduce((sum, list) => sum + list.length, 0)} chosen`;
    badge.hidden = !filter.level && !filter.tag && filter.section === "";
  }
}

/* Title, description, and what else is said of the deck. */
function deck_head() {
  return [
    el("h1", { lang: deck.language, dir: "auto", tabindex: "-1" }, deck.title),
    deck.description ? text(deck.description, "description") : "",
    el(
      "p",
      { class: "facts" },
      facts().flatMap((fact, index) => (index ? [" · ", fact] : [fact])),
    ),
  ];
}

function facts() {
  const said = (words) => el("span", { lang: deck.language }, words);
  return [counted(items.length, "item"), deck.author && said(deck.author), deck.license && said(deck.license)].filter(
    Boolean,
  );
}

function part_card(part, list) {
  const total = score(list);
  const is_done = total.done === total.all;
  const state = !total.all
    ? "Nothing here fits what you chose."
    : total.done
      ? `${total.done} of ${total.all} done · ${total.right} right`
      : counted(total.all, part.asks);
  const again = total.missed.length
    ? button(`Only the missed (${total.missed.length})`, "quiet", () => start(part, total.missed, true))
    : null;
  const begin = !total.all
    ? null
    : button(is_done ? "Summary" : total.done ? "Continue" : "Start", "primary", () => start(part, list, false), {
        "aria-label": `${is_done ? "Summary" : total.done ? "Continue" : "Start"}: ${part.title}`,
      });
  return el(
    "section",
    { class: "part-card" },
    el("h2", {}, part.title),
    el("p", { class: "state" }, state),
    bar(total.done, total.all, `${part.title}: done`),
    el("div", { class: "actions" }, begin, again),
  );
}

/* What to study, and in which order. `update` shows what was chosen. */
function selection(badge, update) {
  const tags = [...new Set(items.flatMap((item) => item.tags || []))].sort();
  const levels = LEVELS.filter((level) => items.some((item) => item.level === level));
  const sections = deck.sections.map((section, index) => [
    index,
    around({ section: index })
      .reverse()
      .map((i) => deck.sections[i].title)
      .join(" › "),
  ]);
  const fields = [
    choice_of(
      "Level",
      "level",
      levels.map((level) => [level, level]),
    ),
    choice_of("Section", "section", sections),
    choice_of(
      "Tag",
      "tag",
      tags.map((tag) => [tag, tag]),
    ),
  ];
  const order = el("input", {
    type: "checkbox",
    id: new_id(),
    checked: progress.is_shuffled(),
    change: () => order_by(progress.seed(), order.checked),
  });
  const seed = el("input", {
    type: "number",
    id: new_id(),
    value: progress.seed(),
    min: 0,
    step: 1,
    class: "seed",
    input: () => order_by(Number(seed.value) || 0, progress.is_shuffled()),
  });
  return el(
    "details",
    {
      class: "selection",
      open: selection.is_open,
      toggle: (event) => {
        selection.is_open = event.target.open;
      },
    },
    el("summary", {}, "What and in which order", badge),
    el(
      "div",
      { class: "fields" },
      fields,
      el("div", { class: "pair" }, order, el("label", { for: order.id }, "Shuffle")),
      el("div", {}, el("label", { for: seed.id }, "Seed (the same one gives the same order)"), seed),
    ),
  );

  function choice_of(label, name, values) {
    if (values.length < 1) return null;
    const select = el(
      "select",
      {
        id: new_id(),
        "data-filter": name,
        change: () => {
          set_filter(name, select.value);
          update();
        },
      },
      el("option", { value: "" }, "All"),
      values.map(([value, words]) => el("option", { value, selected: String(value) === String(filter[name]) }, words)),
    );
    return el("div", {}, el("label", { for: select.id }, label), select);
  }

  function order_by(number, is_shuffled) {
    progress.set_order(number, is_shuffled);
    update();
  }
}
selection.is_open = false;

function footer() {
  const place = el("div", { class: "actions" });
  const print = (label, answers) =>
    button(label, "quiet", () => {
      is_sheet_with_answers = answers;
      window.print();
      is_sheet_with_answers = true;
    });
  const reset = button("Forget my progress", "quiet", () => {
    const no = button("Keep it", "quiet", overview_again);
    const yes = button("Forget it", "primary", () => {
      progress.reset();
      overview_again();
    });
    place.replaceChildren(el("span", { class: "asks", role: "alert" }, "Forget all answers to this deck?"), yes, no);
    no.focus();
  });
  place.append(print("Print with answers", true), print("Print without answers", false), reset);
  const note = progress.is_kept()
    ? "Your progress is kept in this browser, and nowhere else."
    : "This browser keeps nothing for this page: your progress ends with it.";
  return el("footer", {}, place, el("p", { class: "facts" }, note));
}

function overview_again() {
  overview().focus();
}
