/* One unit as a learner meets it: where it belongs, its hints, and what is said after an answer. */

const VERDICTS = {
  right: { sign: "✓", words: "Correct" },
  partly: { sign: "◐", words: "Partly correct" },
  wrong: { sign: "✗", words: "Incorrect" },
};

const RATINGS = [
  { label: "I knew it", share: 1, kind: "right" },
  { label: "Partly", share: 0.5, kind: "partly" },
  { label: "Not yet", share: 0, kind: "wrong" },
];

function outcome(share, right) {
  return right ? "right" : share > 0 ? "partly" : "wrong";
}

function verdict(kind, words) {
  const sign = el("span", { class: "sign", "aria-hidden": "true" }, VERDICTS[kind].sign);
  return el("span", { class: `verdict ${kind}` }, sign, " ", words || VERDICTS[kind].words);
}

/* Says something to those who listen to the page. */
const announcer = el("p", { class: "unseen", role: "status" });

function announce(words) {
  announcer.textContent = "";
  requestAnimationFrame(() => {
    announcer.textContent = words;
  });
}

/* What stands above a question: where it belongs, and what it is worth. */
function about(item) {
  const path = around(item)
    .reverse()
    .map((index) => deck.sections[index].title);
  return el(
    "div",
    { class: "about" },
    path.length ? el("span", { class: "path", lang: deck.language }, path.join(" › ")) : null,
    item.level ? el("span", { class: `badge level ${item.level}` }, item.level) : null,
    (item.tags || []).map((tag) => el("span", { class: "badge", lang: deck.language }, `#${tag}`)),
    worth(item) !== 1 ? el("span", { class: "badge" }, points(worth(item))) : null,
  );
}

/* What the sections around an item say of themselves; open where it is news. */
function section_descriptions(item, is_news) {
  return around(item)
    .reverse()
    .filter((index) => deck.sections[index].description)
    .map((index) =>
      el(
        "details",
        { class: "section", open: is_news(index) },
        el("summary", {}, `About “${deck.sections[index].title}”`),
        text(deck.sections[index].description),
      ),
    );
}

function part_of_result(title, ...children) {
  return el("div", { class: "part" }, el("h2", { class: "label" }, title), ...children);
}

/* What is said after any answer. */
function afterwards(item) {
  return [
    item.extra ? text(item.extra, "extra") : null,
    item.explanation ? part_of_result("Explanation", text(item.explanation)) : null,
    item.source ? part_of_result("Source", text(item.source, "source")) : null,
  ];
}

/* Shows a unit. `done(share, right)` is called for each answer, `move_on()` to go to the next unit. */
function show_unit(unit, label, is_news, done, move_on) {
  const item = unit.item;
  const ask = el("div", { class: "ask", id: new_id() });
  const work = el("div", { class: "work" });
  const actions = el("div", { class: "actions" });
  const hints = el("div", { class: "hints" });
  const result = el("div", { class: "result" });
  const node = el("article", { class: `card ${item.kind}`, tabindex: "-1", "aria-label": label });
  const before = progress.answer(unit.id);
  node.append(about(item), ...section_descriptions(item, is_news), ask, work, hints, actions, result);
  if (before) {
    const kind = outcome(before.share, before.right);
    result.append(el("p", { class: "before" }, "Last time: ", verdict(kind)));
  }
  const question = { unit, item, ask, work, actions, result, done, finish, give_answer, rate };
  ASKING[item.kind](question);
  if (item.hints) offer_hints();
  return node;

  function offer_hints() {
    let shown = 0;
    const more = button("", "quiet", () => {
      const title = item.hints.length > 1 ? `Hint ${shown + 1}` : "Hint";
      const hint = el("div", { class: "hint", role: "status" });
      hints.append(hint);
      hint.append(el("h2", { class: "label" }, title), text(item.hints[shown]));
      shown += 1;
      if (shown === item.hints.length) {
        more.remove();
        node.focus({ preventScroll: true });
      } else name_it();
    });
    function name_it() {
      const left = item.hints.length - shown;
      more.textContent = shown ? `Another hint (${left} left)` : item.hints.length > 1 ? `Hint (${left})` : "Hint";
    }
    name_it();
    actions.append(more);
  }

  /* The end of a unit that the page judges. `said` is shown; `heard`, where it differs, is what is read out of it. */
  function finish(judged, said = [], heard = said) {
    const kind = outcome(judged.share, judged.right);
    const own = item[judged.right ? "feedback_correct" : "feedback_incorrect"];
    const of_points = worth(item) !== 1 || kind === "partly";
    const got = of_points
      ? el("span", { class: "got" }, `${Math.round(judged.share * worth(item) * 100) / 100} of ${points(worth(item))}`)
      : null;
    give_answer(
      el("p", { class: "line" }, verdict(kind), got),
      ...said,
      own ? text(own, "feedback") : null,
      ...afterwards(item),
    );
    result.classList.add(kind);
    const parts = [...heard, own ? text(own) : null].filter(Boolean);
    announce(sentences([VERDICTS[kind].words, ...parts.map(spoken)]));
    done(judged.share, judged.right);
  }

  /* No more answering: what there is to say is shown. */
  function give_answer(...said) {
    actions.replaceChildren();
    result.replaceChildren(...said.flat().filter(Boolean));
    result.classList.add("shown");
  }

  /* The end of a unit that the learner judges. */
  function rate() {
    const group = el(
      "div",
      { class: "ratings", role: "group", "aria-label": "How well did you know it?" },
      RATINGS.map(({ label: words, share, kind }) =>
        button([el("span", { "aria-hidden": "true" }, VERDICTS[kind].sign), ` ${words}`], `rating ${kind}`, () => {
          done(share, share === 1);
          announce(`Noted: ${words}.`);
          move_on();
        }),
      ),
    );
    result.append(group);
    group.firstElementChild.focus({ preventScroll: true });
    group.scrollIntoView({ block: "nearest" });
  }
}

/* A button that judges, and one that gives up: `check(gave_up)`. Without an answer, `advice` says what to do. */
function offer_check(question, check, is_answered, advice) {
  const wanted = el("p", { class: "advice", role: "status" });
  const primary = button("Check", "primary", () => {
    if (is_answered()) check(false);
    else wanted.textContent = advice;
  });
  question.actions.append(primary, button("I don’t know", "quiet", () => check(true)), wanted);
  return primary;
}

/* A question answered by typing: Enter is as good as the button, and does no more than the button does: without
   `preventDefault`, the same key press would also press what has the focus after the check. */
function typed_field(attributes, check) {
  return el("input", {
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    autocorrect: "off",
    dir: "auto",
    keydown: (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      if (!event.repeat) check();
    },
    ...attributes,
  });
}

/* Colours a part of an answer, and gives the sign that says the same. */
function mark(node, kind) {
  node.classList.add(kind);
  const { sign, words } = VERDICTS[kind];
  return el("span", { class: `sign ${kind}`, role: "img", "aria-label": words }, sign);
}
