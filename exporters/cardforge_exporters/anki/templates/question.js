/* Makes a question answer back. Runs once on each side of a card, after judge.js; ES5, for old phones too.
   The front collects a response and keeps it with the order shown; the back finds both and judges again, for
   AnkiDroid loads a new page for the back, and the desktop has one page for all cards. */
var root = document.querySelector(".cf-question");
if (root) find_directions();
var key = root && read_key();
if (!key) return;

var task = root.querySelector(".cf-task");
var done = false;
var state = { order: null, response: key.kind === "text" || key.kind === "number" ? "" : [] };
var verdict = made("div", "cf-verdict");
if (key.kind === "concepts") {
  if (!task) checklist();
} else if (task) {
  front();
} else {
  back();
}

function read_key() {
  try {
    return JSON.parse(root.querySelector(".cf-data").textContent);
  } catch (error) {
    return null; /* nothing to judge, or not ours any more */
  }
}

/* Each text finds its own direction, by its first letter. What has a direction of its own (`sign`) does not count there.
   (Hints begin with a label, and steps in order with a number: the style finds theirs.) */
function find_directions() {
  var texts = ".cf-choices > li, .cf-answers > li, .cf-columns > ol > li, .cf-steps > li, .cf-value, " +
    ".cf-concepts > li, .cf-pairs > tbody > tr > td, .cf-choice-feedback, .cf-after > div";
  [].forEach.call(root.querySelectorAll(texts), function (text) { text.setAttribute("dir", "auto"); });
}

/* --- what is kept from front to back --------------------------------------------------------------- */

function slot() {
  return "cardforge " + root.getAttribute("data-id");
}

function save() {
  var text = JSON.stringify(state);
  (window.cardforge = window.cardforge || {})[slot()] = text;
  try {
    sessionStorage.setItem(slot(), text);
  } catch (error) { /* forbidden or full: the page itself remembers, where it lives on */ }
}

function saved() {
  var text = (window.cardforge || {})[slot()];
  try {
    text = text || sessionStorage.getItem(slot());
    return text ? JSON.parse(text) : null;
  } catch (error) {
    return null;
  }
}

function is_answered(response) {
  if (typeof response === "string") return /\S/.test(response);
  return response.some(function (part) { return part !== null; });
}

/* --- the front ------------------------------------------------------------------------------------- */

function front() {
  verdict.setAttribute("role", "status");
  ({ choices: choose, text: type, number: type, matching: match, ordering: put_in_order })[key.kind]();
  task.appendChild(verdict);
  task.classList.add("cf-live");
  save();
}

function choose() {
  var list = task.querySelector(".cf-choices");
  var rows = mixed(list, list.className.indexOf("cf-fixed") < 0);
  list.setAttribute("role", "group");
  rows.forEach(function (row) {
    control(row, key.several ? "checkbox" : "button", function () {
      if (key.several) toggle(state.response, index_of(row)); else state.response = [index_of(row)];
      show(row);
      save();
      if (!key.several) check();
    });
    if (key.several) show(row);
  });
  if (key.several) task.appendChild(check_button());

  function show(row) {
    var chosen = state.response.indexOf(index_of(row)) >= 0;
    set_class(row, "cf-chosen", chosen);
    if (key.several) row.setAttribute("aria-checked", String(chosen));
  }
}

function type() {
  var line = made("div", "cf-typed"), field = made("input", "tappable");
  field.type = "text";
  field.setAttribute("aria-label", "Your answer");
  ["autocomplete", "autocapitalize", "autocorrect"].forEach(function (name) { field.setAttribute(name, "off"); });
  field.spellcheck = false;
  field.dir = "auto";
  field.addEventListener("input", function () {
    state.response = field.value;
    save();
  });
  ["keydown", "keypress", "keyup"].forEach(function (name) {
    field.addEventListener(name, function (event) {
      event.stopPropagation(); /* what is typed is no shortcut */
      if (name === "keydown" && (event.key === "Enter" || event.keyCode === 13) && !event.isComposing) {
        event.preventDefault();
        check();
      }
    });
  });
  line.appendChild(field);
  line.appendChild(check_button());
  task.appendChild(line);
}

/* The left side that is lit takes the right side that is tapped; then the next free one is lit. */
function match() {
  var lefts = children(task.querySelector(".cf-lefts")), list = task.querySelector(".cf-letters");
  var rights = mixed(list, true), lit = 0;
  state.response = lefts.map(function () { return null; });
  [lefts[0].parentNode, list].forEach(function (column) { column.setAttribute("role", "group"); });
  lefts.forEach(function (row, left) {
    row.insertBefore(sign("cf-slot"), row.firstChild);
    control(row, "button", function () { lit = left; show(); });
  });
  rights.forEach(function (row, place) {
    row.insertBefore(sign("cf-letter", letter(place)), row.firstChild);
    control(row, "button", function () {
      state.response[lit] = index_of(row);
      var free = state.response.indexOf(null, lit);
      if (free < 0) free = state.response.indexOf(null);
      lit = free < 0 ? lit : free;
      show();
      save();
    });
  });
  task.appendChild(check_button());
  show();

  function show() {
    var used = {};
    lefts.forEach(function (row, left) {
      var given = state.response[left], place = rights.map(index_of).indexOf(given);
      used[given] = true;
      row.firstChild.textContent = given === null ? "?" : letter(place);
      row.setAttribute("aria-pressed", String(left === lit));
      set_class(row, "cf-chosen", left === lit);
    });
    rights.forEach(function (row) { set_class(row, "cf-used", used[index_of(row)]); });
  }
}

/* What is tapped becomes the next step and moves up; tapped again, it moves back. */
function put_in_order() {
  var list = task.querySelector(".cf-steps"), rows = mixed(list, true);
  list.setAttribute("role", "group");
  rows.forEach(function (row) {
    row.insertBefore(sign("cf-slot"), row.firstChild);
    control(row, "button", function () {
      toggle(state.response, index_of(row));
      show();
      row.focus();
      save();
    });
  });
  task.appendChild(check_button());
  show();

  function show() {
    var place = function (row) { return state.response.indexOf(index_of(row)); };
    var taken = rows.filter(function (row) { return place(row) >= 0; });
    taken.sort(function (a, b) { return place(a) - place(b); });
    taken.concat(rows.filter(function (row) { return place(row) < 0; })).forEach(function (row) {
      var at = place(row);
      list.appendChild(row);
      row.firstChild.textContent = at < 0 ? "" : String(at + 1);
      row.setAttribute("aria-pressed", String(at >= 0));
      set_class(row, "cf-chosen", at >= 0);
    });
  }
}

function check() {
  if (done || !is_answered(state.response)) return;
  done = true;
  var result = judge(key, state.response), after = task.querySelector(".cf-after");
  task.classList.add("cf-done");
  [].forEach.call(task.querySelectorAll("[tabindex]"), function (element) {
    element.removeAttribute("tabindex");
    element.setAttribute("aria-disabled", "true");
  });
  [].forEach.call(task.querySelectorAll("button.cf-check"), function (button) { button.disabled = true; });
  [].forEach.call(task.querySelectorAll("input"), function (field) {
    field.readOnly = true;
    field.blur(); /* from here on, keys are Anki's again */
  });
  if (document.activeElement && root.contains(document.activeElement)) document.activeElement.blur();
  say(result);
  marks_on_front(result);
  if (after) {
    task.appendChild(after);
    after.removeAttribute("hidden");
    feedback_for(result, after);
  }
  if (verdict.getBoundingClientRect().bottom > window.innerHeight) verdict.scrollIntoView(false);
}

function marks_on_front(result) {
  if (key.kind === "choices") {
    children(task.querySelector(".cf-choices")).forEach(function (row) {
      if (mark_choice(row)) reveal(row.querySelector(".cf-choice-feedback"));
    });
  } else if (key.kind === "text") {
    var feedback = task.querySelector('.cf-choice-feedback[data-i="' + result.answer + '"]');
    if (feedback) reveal(task.appendChild(feedback));
  } else if (key.kind === "matching") {
    mark(children(task.querySelector(".cf-lefts")), result.marks);
  } else if (key.kind === "ordering") {
    mark(children(task.querySelector(".cf-steps")), result.marks);
  }
}

/* --- the back -------------------------------------------------------------------------------------- */

function back() {
  var kept = saved(), solution = root.querySelector(".cf-solution");
  if (!kept) return;
  state = kept;
  var list = solution.querySelector(".cf-choices");
  if (list && state.order) reorder(list, state.order);
  if (!is_answered(state.response)) return;
  var result = judge(key, state.response);
  if (list) {
    children(list).forEach(mark_choice);
  } else if (key.kind === "matching") {
    mark(children(solution.querySelector("tbody")), result.marks);
  } else if (key.kind === "ordering") {
    mark(children(solution.querySelector(".cf-order")), result.marks);
  } else {
    var given = made("div", "cf-given", "Your answer: ");
    given.appendChild(made("bdi", "", state.response));
    solution.insertBefore(given, solution.firstChild);
  }
  solution.insertBefore(verdict, solution.firstChild);
  say(result);
  feedback_for(result, root);
}

/* Of an open prompt: its concepts to be ticked off. Where only their number is known, they have no names. */
function checklist() {
  var box = root.querySelector(".cf-concepts-box"), list = box && box.querySelector(".cf-concepts");
  if (!box) return;
  if (!list) {
    list = made("ul", "cf-concepts cf-unnamed");
    key.points.forEach(function (_, index) { list.appendChild(made("li", "", String(index + 1))); });
    box.appendChild(list);
  }
  var boxes = children(list).map(function (row) {
    var label = made("label", "tappable"), tick = made("input", "tappable"), text = made("div", "");
    tick.type = "checkbox";
    while (row.firstChild) text.appendChild(row.firstChild);
    label.appendChild(tick);
    label.appendChild(text);
    row.appendChild(label);
    label.addEventListener("click", function (event) { event.stopPropagation(); });
    tick.addEventListener("change", count);
    return tick;
  });
  verdict.setAttribute("role", "status");
  list.classList.add("cf-live");
  box.appendChild(verdict);
  count();

  function count() {
    var ticked = [];
    boxes.forEach(function (tick, index) { if (tick.checked) ticked.push(index); });
    var result = judge(key, ticked);
    var weighed = key.points.some(function (points) { return points !== 1; });
    var points = weighed ? " (" + rounded(result.points) + " of " + rounded(result.total) + " points)" : "";
    verdict.textContent = "You got " + result.got + "/" + result.of + " concepts" + points;
    set_class(verdict, "cf-is-right", result.right);
  }
}

/* --- both sides ------------------------------------------------------------------------------------ */

function say(result) {
  var kind = result.right ? "right" : result.share > 0 ? "partly" : "wrong";
  var text = { right: "\u2713 Correct", partly: "\u25d0 Partly correct", wrong: "\u2717 Incorrect" }[kind];
  /* All points for an answer that is not all right: the author's credits say so; the number would mislead. */
  if (result.share > 0 && result.share < 1) text += " (" + (Math.round(result.share * 100) || "<1") + "\u00a0%)";
  verdict.textContent = text;
  set_class(verdict, "cf-is-" + kind, true);
}

/* What the author says to a right answer and to any other; without an answer, both stand. */
function feedback_for(result, where) {
  var other = where.querySelector(result.right ? ".cf-if-wrong" : ".cf-if-right");
  if (other) other.setAttribute("hidden", "");
}

function mark_choice(row) {
  var chosen = state.response.indexOf(index_of(row)) >= 0, right = key.right.indexOf(index_of(row)) >= 0;
  set_class(row, "cf-chosen", chosen);
  set_class(row, "cf-right", right);
  set_class(row, "cf-wrong", chosen && !right);
  set_class(row, "cf-missed", right && !chosen);
  return chosen;
}

function mark(rows, marks) {
  rows.forEach(function (row, index) { set_class(row, marks[index] ? "cf-right" : "cf-wrong", true); });
}

function reveal(element) {
  if (element) element.removeAttribute("hidden");
}

function rounded(number) {
  return String(Math.round(number * 100) / 100);
}

function made(name, style, text) {
  var element = document.createElement(name);
  element.className = style;
  if (text) element.textContent = text;
  return element;
}

/* What stands before a row's text, and says nothing of its direction. */
function sign(style, text) {
  var element = made("span", style, text);
  element.dir = "ltr";
  return element;
}

function set_class(element, name, on) {
  if (on) element.classList.add(name); else element.classList.remove(name);
}

function children(element) {
  return [].slice.call(element.children);
}

function index_of(row) {
  return Number(row.getAttribute("data-i"));
}

function toggle(values, value) {
  var at = values.indexOf(value);
  if (at < 0) values.push(value); else values.splice(at, 1);
}

function letter(place) {
  return (place >= 26 ? letter(Math.floor(place / 26) - 1) : "") + String.fromCharCode(65 + place % 26);
}

/* The rows of a list, which are shuffled if that is wanted; the back will find their order. */
function mixed(list, shuffled) {
  var rows = children(list), i, other, row;
  for (i = rows.length - 1; shuffled && i > 0; i--) {
    other = Math.floor(Math.random() * (i + 1));
    row = rows[i];
    rows[i] = rows[other];
    rows[other] = row;
  }
  state.order = rows.map(index_of);
  reorder(list, state.order);
  return rows;
}

function reorder(list, order) {
  var rows = children(list);
  rows.sort(function (a, b) { return order.indexOf(index_of(a)) - order.indexOf(index_of(b)); });
  rows.forEach(function (row) { list.appendChild(row); });
}

function check_button() {
  var button = made("button", "cf-check tappable", "Check");
  button.type = "button";
  button.addEventListener("click", function (event) {
    event.stopPropagation();
    check();
  });
  return button;
}

/* Makes an element answer to taps, clicks and, when it has the focus, Enter and space. */
function control(element, role, act) {
  element.setAttribute("role", role);
  element.tabIndex = 0;
  element.classList.add("tappable");
  function heard(event) {
    if (done || is_inside_control(event.target, element)) return;
    event.stopPropagation();
    event.preventDefault();
    act();
  }
  element.addEventListener("click", heard);
  element.addEventListener("keydown", function (event) {
    if (event.key === "Enter" || event.key === " ") heard(event);
  });
}

/* A link, or the button of a sound, in a choice. */
function is_inside_control(node, element) {
  for (; node && node !== element; node = node.parentNode) {
    if (/^(a|button|audio|video|summary)$/i.test(node.nodeName)) return true;
  }
  return false;
}
