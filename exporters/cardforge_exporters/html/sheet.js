/* The deck on paper, in its own order: all that fits the filter, whatever is drawn from a section on the screen, with
   all that is said of it, or only with what is asked. */

let is_sheet_with_answers = true;
const sheet = el("div", { class: "sheet" });

window.addEventListener("beforeprint", () => {
  const described = new Set();
  let before = [];
  const rows = items
    .filter((item) => fits(item, filter))
    .flatMap((item) => {
      const path = around(item).reverse();
      const headings = headings_between(before, path).map((index) => printed_section(index, described));
      before = path;
      return [...headings, printed(item, is_sheet_with_answers)];
    });
  sheet.replaceChildren(...deck_head(), el("ol", {}, rows));
});

window.addEventListener("afterprint", () => sheet.replaceChildren());

/* The sections whose headings stand between two items, by the sections around each of these, the outermost first.
   Back in an outer section its heading is repeated; back in none, where there is none to say, stands null. */
function headings_between(before, path) {
  const last = (list) => list[list.length - 1];
  if (last(path) === last(before)) return [];
  const entered = path.filter((index) => !before.includes(index));
  return entered.length ? entered : [path.length ? last(path) : null];
}

function printed_section(index, described) {
  if (index === null) return el("li", { class: "section" }, el("hr"));
  const section = deck.sections[index];
  const description = section.description && !described.has(index) ? text(section.description) : null;
  described.add(index);
  return el("li", { class: "section" }, el("h2", { lang: deck.language }, section.title), description);
}

function printed(item, with_answers) {
  const hints = (item.hints || []).map((hint) => part_of_result("Hint", text(hint)));
  const below = with_answers ? printed_answers(item) : room_to_write(item);
  return el("li", { class: "printed" }, about(item), printed_question(item, with_answers), hints, below);
}

function room_to_write(item) {
  return item.kind === "open_prompt" || item.kind === "flashcard" ? el("div", { class: "lines" }) : null;
}

function list(name, texts, attributes) {
  const rows = texts.map((html) => el("li", {}, text(html)));
  return el(name, attributes, rows);
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/* What a question shows below its text, kind by kind. */
function printed_question(item, with_answers) {
  if (item.kind === "flashcard") return text(item.front);
  if (item.kind === "cloze") return printed_cloze(item, with_answers);
  const parts = [text(item.stem)];
  if (item.choices) parts.push(printed_choices(item, with_answers));
  if (item.lefts) parts.push(...printed_pairs(item, with_answers));
  if (item.steps) {
    const order = with_answers ? [...item.steps.keys()] : mixed_numbers(item.steps.length, item.id);
    const steps = order.map((step) => item.steps[step]);
    parts.push(list(with_answers ? "ol" : "ul", steps));
  }
  return el("div", {}, parts);
}

function printed_cloze(item, with_answers) {
  const filled = text(item.text);
  for (const place of filled.querySelectorAll("[data-blank]")) {
    const { answer, hint, hint_shown } = item.blanks[Number(place.dataset.blank)];
    place.append(with_answers ? el("strong", {}, nodes(answer)) : "______");
    if (hint_shown || hint) place.append(" (", hint_shown ? nodes(hint_shown) : hint, ")");
  }
  return filled;
}

/* In the author's order beside the answers; else mixed, for the first one is often the right one. */
function printed_choices(item, with_answers) {
  const numbers = [...item.choices.keys()];
  const order = with_answers || !item.shuffle ? numbers : mixed(numbers, `${progress.seed()}/${item.id}`, String);
  const rows = order.map((index) => {
    const { text: html, correct, credit, feedback } = item.choices[index];
    const sign = el("span", { class: "sign" }, with_answers && correct ? "☑" : "☐");
    if (!with_answers) return el("li", {}, sign, text(html));
    const got = credit === undefined ? null : el("span", { class: "got" }, percent(credit));
    return el("li", {}, sign, text(html), got, feedback ? text(feedback, "feedback") : null);
  });
  return el("ul", { class: "boxes" }, rows);
}

function printed_pairs(item, with_answers) {
  const { rights } = item.key;
  const rows = item.lefts.map((left, index) =>
    el("li", {}, text(left), "–", text(with_answers ? item.rights[rights[index]] : "")),
  );
  const all = [...item.rights.keys()];
  const others = with_answers
    ? all.filter((right) => !rights.includes(right))
    : mixed(all, `${progress.seed()}/${item.id}`, String);
  const offered = others.map((right) => item.rights[right]);
  const title = with_answers ? "Match nothing" : "To choose from";
  return [el("ul", { class: "pairs" }, rows), offered.length ? part_of_result(title, list("ul", offered)) : null];
}

/* All that a learner would see behind an answer, whatever it is. */
function printed_answers(item) {
  const said = (title, html) => (html ? part_of_result(title, text(html)) : null);
  const accepted = item.answers || [];
  const worded = accepted.map(({ text: html, credit }) =>
    credit === undefined ? html : `${html} (${percent(credit)})`,
  );
  return [
    said("Answer", item.back),
    worded.length ? solution("Answer", worded) : null,
    accepted.map((answer) => said(line(answer.text, 80), answer.feedback)),
    item.answer ? solution("Answer", [item.answer]) : null,
    said("Model answer", item.model_answer),
    printed_concepts(item),
    said("If correct", item.feedback_correct),
    said("If not", item.feedback_incorrect),
    afterwards(item),
  ];
}

function printed_concepts(item) {
  if (item.concepts) {
    const rows = item.concepts.map((concept) =>
      el("li", {}, text(concept.text), concept.points === undefined ? null : points(concept.points)),
    );
    return part_of_result("A good answer mentions", el("ul", {}, rows));
  }
  return item.concept_count ? el("p", {}, `A good answer mentions ${counted(item.concept_count, "concept")}.`) : null;
}
