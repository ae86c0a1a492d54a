/* What is asked, and in which order. A unit is one thing to be asked: an item, or its other direction. */

const LEVELS = ["beginner", "intermediate", "advanced"];

const PARTS = deck.mixed
  ? [{ name: "all", title: "All items", asks: "item", kinds: null }]
  : [
      { name: "cards", title: "Flashcards", asks: "card", kinds: ["flashcard"] },
      {
        name: "questions",
        title: "Questions",
        asks: "question",
        kinds: ["cloze", "multiple_choice", "true_false", "short_answer", "numeric", "matching", "ordering"],
      },
      { name: "prompts", title: "In your own words", asks: "prompt", kinds: ["open_prompt"] },
    ];

/* A number that looks random, always the same for the same text. */
function hash(text) {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/* In an order that the seed and the names decide: one that is added moves no other. */
function mixed(list, seed, name) {
  return list
    .map((value, index) => [hash(`${seed}/${name(value)}`), index, value])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .map((entry) => entry[2]);
}

/* The numbers from 0 in another order; never in their own, which may be the answer. */
function mixed_numbers(count, seed) {
  const numbers = [...Array(count).keys()];
  const other = mixed(numbers, seed, String);
  return count > 1 && other.every((number, index) => number === index) ? [...other.slice(1), other[0]] : other;
}

/* The sections around an item, the innermost first. */
function around(item) {
  const found = [];
  for (let index = item.section; index !== undefined; index = deck.sections[index].parent) found.push(index);
  return found;
}

/* The items without those that a section with `pick` has not drawn. Inner sections draw first. */
function drawn(seed) {
  const out = new Set();
  const members = new Map();
  deck.sections.forEach((section, index) => {
    if (section.pick) members.set(index, []);
  });
  if (!members.size) return items;
  for (const item of items) {
    for (const index of around(item)) if (members.has(index)) members.get(index).push(item);
  }
  for (const index of [...members.keys()].reverse()) {
    const left = members.get(index).filter((item) => !out.has(item));
    mixed(left, `${seed}/pick`, (item) => item.id)
      .slice(deck.sections[index].pick)
      .forEach((item) => out.add(item));
  }
  return items.filter((item) => !out.has(item));
}

/* An id has no white space, so no other unit is called like this. */
function units_of(item) {
  const unit = { id: item.id, item, is_reversed: false };
  return item.reversed ? [unit, { id: `${item.id} reversed`, item, is_reversed: true }] : [unit];
}

/* Other directions come last: right behind its first one, a card would ask what was just shown. */
function units(chosen) {
  const found = chosen.flatMap(units_of);
  return [...found.filter((unit) => !unit.is_reversed), ...found.filter((unit) => unit.is_reversed)];
}

function fits(item, filter) {
  return (
    (!filter.level || item.level === filter.level) &&
    (!filter.tag || (item.tags || []).includes(filter.tag)) &&
    (filter.section === "" || around(item).includes(Number(filter.section)))
  );
}

/* The units of each part that fit the filter, as Map from the part's name. */
function runs(filter, shuffled) {
  const seed = progress.seed();
  const chosen = units(drawn(seed).filter((item) => fits(item, filter)));
  const found = new Map();
  for (const part of PARTS) {
    const own = part.kinds ? chosen.filter((unit) => part.kinds.includes(unit.item.kind)) : chosen;
    found.set(part.name, shuffled ? mixed(own, seed, (unit) => unit.id) : own);
  }
  return found;
}

function worth(item) {
  return item.points === undefined ? 1 : item.points;
}

/* How far a learner has come with some units. */
function score(list) {
  const total = { all: list.length, done: 0, right: 0, partly: 0, wrong: 0, got: 0, of: 0, missed: [] };
  for (const unit of list) {
    const answer = progress.answer(unit.id);
    total.of += worth(unit.item);
    if (!answer) continue;
    total.done += 1;
    total.got += worth(unit.item) * answer.share;
    if (answer.right) total.right += 1;
    else {
      total[answer.share > 0 ? "partly" : "wrong"] += 1;
      total.missed.push(unit);
    }
  }
  return total;
}
