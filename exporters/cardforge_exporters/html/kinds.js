/* How each kind of items is asked and answered. */

const ASKING = {
  flashcard(question) {
    const { item, unit, ask, result, actions } = question;
    ask.append(text(unit.is_reversed ? item.back : item.front));
    actions.append(
      button("Show the answer", "primary", () => {
        const answer = text(unit.is_reversed ? item.front : item.back, "back");
        question.give_answer(answer, ...afterwards(item));
        announce(spoken(answer));
        question.rate();
      }),
    );
    result.classList.add("side");
  },

  cloze(question) {
    const { item, ask, actions } = question;
    const filled = text(item.text);
    const fields = [];
    let primary = null;
    const press = () => primary.click();
    for (const place of filled.querySelectorAll("[data-blank]")) {
      const index = Number(place.dataset.blank);
      const { hint, hint_shown, formula } = item.blanks[index];
      const what = `Blank ${index + 1} of ${item.blanks.length}`;
      const label = [what, hint, formula ? "a formula, as LaTeX" : ""].filter(Boolean).join(", ");
      fields[index] = typed_field(
        { class: "blank", "aria-label": label, placeholder: hint || (formula ? "LaTeX" : ""), size: 12 },
        press,
      );
      place.replaceChildren(fields[index]);
      if (hint_shown) place.append(" (", nodes(hint_shown), ")"); /* of which a field can hold the words only */
    }
    ask.append(filled);
    const answers = () => fields.map((field) => field.value);
    primary = offer_check(
      question,
      () => {
        const judged = judge(item.key, answers());
        fields.forEach((field, index) => {
          const sign = mark(field, judged.marks[index] ? "right" : "wrong");
          field.readOnly = true;
          field.after(
            sign,
            judged.marks[index] && !is_rich(item.blanks[index].answer)
              ? ""
              : el("strong", { class: "solution" }, nodes(item.blanks[index].answer)),
          );
        });
        question.finish(judged);
      },
      () => answers().some((answer) => answer.trim()),
      item.blanks.length > 1 ? "Fill a blank first." : "Fill the blank first.",
    );
    actions.classList.add("of-cloze");
  },

  multiple_choice(question) {
    const { item, unit } = question;
    const numbers = [...item.choices.keys()];
    ask_choices(question, item.shuffle ? mixed(numbers, `${progress.seed()}/${unit.id}`, String) : numbers);
  },

  true_false(question) {
    ask_choices(question, [0, 1]);
  },

  short_answer(question) {
    const { item } = question;
    ask_typed(question, {}, [], (judged) => {
      const given = judged.answer >= 0 ? item.answers[judged.answer] : null;
      const right = item.answers.filter((answer) => answer.credit === undefined);
      const partly = item.answers.filter((answer) => answer.credit > judged.share && answer.credit < 1);
      return [
        given && given.feedback ? text(given.feedback, "feedback") : null,
        judged.right || !right.length
          ? null
          : solution(
              right.length > 1 ? "Correct answers" : "Correct answer",
              right.map((answer) => answer.text),
            ),
        partly.length
          ? solution(
              "Partly correct",
              partly.map((answer) => answer.text),
            )
          : null,
      ];
    });
  },

  numeric(question) {
    const { item } = question;
    const unit = item.unit ? el("span", { class: "unit", lang: deck.language }, item.unit) : null;
    ask_typed(question, { inputmode: "text", class: "number" }, unit, () => [
      solution("Correct answer", [item.answer]),
    ]);
  },

  matching(question) {
    const { item, unit, ask, work } = question;
    const order = mixed_numbers(item.rights.length, `${progress.seed()}/${unit.id}`);
    const is_listed = item.rights.some(is_rich);
    ask.append(text(item.stem));
    if (is_listed) {
      const offered = order.map((right, place) =>
        el("li", {}, el("span", { class: "letter" }, letter(place)), text(item.rights[right])),
      );
      work.append(el("ul", { class: "rights", "aria-label": "What can be chosen" }, offered));
    }
    const selects = [];
    const rows = item.lefts.map((left, index) => {
      const id = new_id();
      selects[index] = el(
        "select",
        { "aria-labelledby": id },
        el("option", { value: "" }, "Choose…"),
        order.map((right, place) =>
          el(
            "option",
            { value: right, lang: deck.language },
            is_listed ? `${letter(place)}: ${item.labels[right]}` : item.labels[right],
          ),
        ),
      );
      return el(
        "li",
        {},
        el("div", { id, class: "left" }, text(left)),
        el("div", { class: "right-side" }, selects[index]),
      );
    });
    work.append(el("ul", { class: "pairs" }, rows));
    offer_check(
      question,
      () => {
        const judged = judge(
          item.key,
          selects.map((select) => (select.value === "" ? null : Number(select.value))),
        );
        selects.forEach((select, index) => {
          select.disabled = true;
          select.after(mark(rows[index], judged.marks[index] ? "right" : "wrong"));
          if (!judged.marks[index]) {
            select.parentNode.append(el("div", { class: "solution" }, text(item.rights[item.key.rights[index]])));
          }
        });
        question.finish(judged);
      },
      () => selects.some((select) => select.value),
      "Choose something first.",
    );
  },

  ordering(question) {
    const { item, unit, ask, work } = question;
    const list = el("ol", { class: "steps" });
    ask.append(text(item.stem));
    for (const index of mixed_numbers(item.steps.length, `${progress.seed()}/${unit.id}`)) {
      const row = el("li", { "data-step": index }, text(item.steps[index]));
      const words = line(item.steps[index], 60);
      const move = (sign, label, step) => {
        const mover = button(sign, "move", () => shift(row, step, mover), { "aria-label": `${label}: ${words}` });
        return mover;
      };
      row.append(el("span", { class: "moves" }, move("↑", "Move up", -1), move("↓", "Move down", 1)));
      list.append(row);
    }
    work.append(list);
    mark_ends();

    function shift(row, step, mover) {
      const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
      if (!other) return;
      if (step < 0) other.before(row);
      else other.after(row);
      mark_ends();
      mover.focus();
      announce(`Now ${[...list.children].indexOf(row) + 1} of ${list.children.length}.`);
    }

    /* Not disabled: a button that is would lose the focus while it is being pressed. */
    function mark_ends() {
      for (const row of list.children) {
        const [up, down] = row.querySelectorAll("button");
        up.setAttribute("aria-disabled", String(!row.previousElementSibling));
        down.setAttribute("aria-disabled", String(!row.nextElementSibling));
      }
    }

    offer_check(
      question,
      (gave_up) => {
        const given = [...list.children].map((row) => Number(row.dataset.step));
        const judged = judge(item.key, given);
        if (gave_up) Object.assign(judged, { share: 0, right: false }); /* What chance put in its place is no answer. */
        [...list.children].forEach((row, place) => {
          row.querySelector(".moves").replaceWith(mark(row, judged.marks[place] ? "right" : "wrong"));
        });
        const right = el(
          "ol",
          { class: "in-order" },
          item.steps.map((step) => el("li", {}, text(step))),
        );
        question.finish(judged, judged.right ? [] : [part_of_result("The right order", right)]);
      },
      () => true,
      "",
    );
  },

  open_prompt(question) {
    const { item, unit, ask, work, actions } = question;
    const id = new_id();
    const field = el("textarea", { id, rows: 5, dir: "auto", input: () => progress.set_note(unit.id, field.value) });
    field.value = progress.note(unit.id);
    ask.append(text(item.stem));
    work.append(el("label", { for: id }, "Your answer"), field);
    actions.append(
      button(item.model_answer || item.concepts ? "Compare" : "Done", "primary", () => {
        const model = item.model_answer ? part_of_result("Model answer", text(item.model_answer)) : null;
        if (item.key) {
          const checklist = ask_concepts(question);
          question.give_answer(model, checklist, ...afterwards(item));
          announce("Tick what your answer mentions.");
          checklist.querySelector("input").focus({ preventScroll: true });
          question.result.scrollIntoView({ block: "nearest" });
        } else {
          question.give_answer(model, ...afterwards(item));
          question.rate();
        }
      }),
    );
  },
};

function solution(title, answers) {
  const shown = answers.map((answer) =>
    el("span", { class: "value", lang: deck.language, dir: "auto" }, nodes(answer)),
  );
  return el(
    "p",
    { class: "solution-line" },
    `${title}: `,
    shown.flatMap((node, index) => (index ? [", ", node] : [node])),
  );
}

/* A question with one field. `said(judged)` gives what is said of the answer. */
function ask_typed(question, attributes, behind, said) {
  const { item, ask, work } = question;
  const id = new_id();
  const field = typed_field({ id, ...attributes }, () => primary.click());
  ask.append(text(item.stem));
  const row = el("div", { class: "field" }, field, behind);
  const case_matters = item.key.case_sensitive ? " (capital letters count)" : "";
  work.append(el("label", { for: id }, `Your answer${case_matters}`), row);
  const primary = offer_check(
    question,
    () => {
      const judged = judge(item.key, field.value);
      field.readOnly = true;
      row.append(mark(row, outcome(judged.share, judged.right)));
      question.finish(judged, said(judged));
    },
    () => field.value.trim(),
    "Type an answer first.",
  );
}

/* A, B … Z, AA, AB … */
function letter(place) {
  return (place >= 26 ? letter(Math.floor(place / 26) - 1) : "") + String.fromCharCode(65 + (place % 26));
}

/* Choices in the order given: one answers at once; several are checked together. */
function ask_choices(question, order) {
  const { item, ask, work } = question;
  const several = item.key.several;
  ask.append(text(item.stem));
  if (several) work.append(el("p", { class: "advice" }, "Several may be right."));
  const rows = new Map();
  order.forEach((index, place) => {
    const id = new_id();
    const control = several
      ? el("input", { type: "checkbox", "aria-labelledby": id })
      : el(
          "button",
          { type: "button", class: "letter", "aria-labelledby": id, click: () => judge_choices([index]) },
          item.kind === "true_false" ? "" : letter(place),
        );
    const content =
      item.kind === "true_false"
        ? el("div", { id, class: "text" }, item.choices[index].text)
        : text(item.choices[index].text);
    content.id = id;
    const row = el("div", { class: "choice" }, control, content);
    row.addEventListener("click", (event) => {
      if (!event.target.closest("a, audio, video, input, button, summary, details")) control.click();
    });
    rows.set(index, { row, control });
  });
  const list = el(
    "div",
    { class: `choices ${item.kind}`, role: "group", "aria-labelledby": ask.id },
    [...rows.values()].map(({ row }) => row),
  );
  work.append(list);
  if (several) {
    const chosen = () => [...rows].filter(([, { control }]) => control.checked).map(([index]) => index);
    offer_check(
      question,
      () => judge_choices(chosen()),
      () => chosen().length,
      "Choose at least one.",
    );
  }

  function judge_choices(chosen) {
    if (list.classList.contains("judged")) return;
    list.classList.add("judged");
    const judged = judge(item.key, chosen);
    const heard = [];
    for (const [index, { row, control }] of rows) {
      const { correct, feedback } = item.choices[index];
      const was_chosen = chosen.includes(index);
      control.disabled = true;
      if (was_chosen || correct) {
        const words = was_chosen ? (correct ? "Correct" : "Incorrect") : several ? "Missed" : "Correct answer";
        row.classList.add(was_chosen && !correct ? "wrong" : "right");
        if (!was_chosen) row.classList.add("missed");
        row.append(el("span", { class: "state" }, verdict(was_chosen && !correct ? "wrong" : "right", words)));
      }
      if (feedback && (was_chosen || correct)) {
        row.append(text(feedback, "feedback"));
        if (was_chosen) heard.push(text(feedback));
      }
    }
    question.finish(judged, [], heard);
  }
}

/* What a good answer mentions, to be ticked. Where only their number is known, the learner counts.

   Ticks are kept, and a score stays what it was until a tick changes: to look again is no answer. */
function ask_concepts(question) {
  const { item, unit } = question;
  const concepts = item.concepts || item.key.points.map((_, index) => ({ text: `Concept ${index + 1}` }));
  const live = el("p", { class: "count", role: "status" });
  /* By their texts, which stay when an edit puts them in another order. */
  const names = concepts.map((concept) => String(hash(concept.text)));
  const kept = progress.ticks(unit.id);
  const boxes = names.map((name) =>
    el("input", { type: "checkbox", id: new_id(), checked: kept.includes(name), change: tick }),
  );
  const rows = concepts.map((concept, index) => {
    const worth_of = concept.points === undefined ? null : el("span", { class: "got" }, points(concept.points));
    return el(
      "li",
      {},
      boxes[index],
      el("label", { for: boxes[index].id }, text(concept.text, "", "span"), " ", worth_of),
    );
  });
  const legend = item.concepts
    ? "A good answer mentions – tick what yours does"
    : `A good answer mentions ${counted(concepts.length, "concept")} – tick as many as yours does`;
  const { share, right } = progress.answer(unit.id) || count();
  count();
  question.done(share, right);
  return el("fieldset", { class: "concepts" }, el("legend", {}, legend), el("ul", {}, rows), live);

  function count() {
    const judged = judge(
      item.key,
      [...boxes.keys()].filter((index) => boxes[index].checked),
    );
    const weighted = judged.total !== judged.of ? ` (${judged.points} of ${points(judged.total)})` : "";
    live.textContent = `You got ${judged.got}/${judged.of} concepts${weighted}`;
    return judged;
  }

  function tick() {
    progress.set_ticks(
      unit.id,
      names.filter((_, index) => boxes[index].checked),
    );
    const judged = count();
    question.done(judged.share, judged.right);
  }
}
