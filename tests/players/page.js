// What both pages share: what a learner sees, what goes wrong, and how a learner answers.
"use strict";

const mistakes = [];
for (const level of ["error", "warn"]) {
  console[level] = (...parts) => {
    const message = parts.map(String).join(" ");
    if (!harmless.test(message)) mistakes.push(`${level}: ${message}`);
  };
}
// Vue's development version warns of braces in an attribute, and leaves them as they are; qti-components, of a
// single right side, that it cannot be shuffled.
const harmless = /Interpolation inside attributes has been removed|Shuffling is not possible/;
addEventListener("error", (event) => mistakes.push(`error: ${event.message}`));
addEventListener("unhandledrejection", (event) => mistakes.push(`rejection: ${event.reason}`));

// How long a player may take for a step, in milliseconds; a busy machine is no reason to fail.
const PATIENCE = 30000;

// What a player shuffles is in the same order each time.
let seed = 1;
Math.random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;

/** The elements and texts inside a node as they are laid out: through shadow roots and slots. */
function inside(node) {
  if (node.shadowRoot) return node.shadowRoot.childNodes;
  const assigned = node instanceof HTMLSlotElement ? node.assignedNodes() : [];
  return assigned.length ? assigned : node.childNodes;
}

/** The text of a node that a learner sees; marks stand for formulas and images. */
function shown(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  if (node.localName === "math") return "[formula]";
  if (node.localName === "img") return "[image]";
  const { display } = getComputedStyle(node);
  if (display !== "contents" && !node.checkVisibility({ visibilityProperty: true })) return "";
  const text = [...inside(node)].map(shown).join("");
  return /^inline|^contents/.test(display) ? text : ` ${text} `;
}

/** Every element below a node that fits the selector, also in shadow roots. */
function everything(node, selector) {
  const here = [...node.querySelectorAll(selector)];
  const deeper = [...node.querySelectorAll("*")].filter((element) => element.shadowRoot);
  return here.concat(...deeper.map((element) => everything(element.shadowRoot, selector)));
}

/** Until all images are there; those that cannot be shown are mistakes. */
async function images(root) {
  for (const image of everything(root, "img")) {
    await image.decode().catch(() => mistakes.push(`image not shown: ${image.getAttribute("src")}`));
  }
}

function typeInto(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function press(element, code) {
  element.dispatchEvent(new KeyboardEvent("keydown", { code, bubbles: true, composed: true, cancelable: true }));
}

const oneOrMore = (answer) => (Array.isArray(answer) ? answer : [answer]);

/** An element that must be there. */
function need(element, what) {
  if (!element) throw new Error(`there is no ${what} to answer with`);
  return element;
}

/** Plays an item with the page's `player`: loads it afresh, answers, ends the attempt. `base` is its address. */
async function play(xml, answers, base) {
  mistakes.length = 0;
  seed = 1;
  document.querySelector("base").href = base;
  const played = { outcomes: {}, before: "", after: "", feedback: [] };
  try {
    await player.load(xml);
    await images(player.root());
    played.before = shown(player.root());
    for (const [identifier, answer] of Object.entries(answers)) await player.answer(identifier, answer);
    played.outcomes = await player.end();
    await images(player.root());
    played.feedback = player.feedback().map(shown).filter((text) => text.trim());
    played.after = shown(player.root());
  } catch (error) {
    mistakes.push(`not played: ${error.message}`);
  }
  played.errors = [...new Set(mistakes)];
  return played;
}

/** What is seen before and after a click on all such elements. */
function clicked(selector) {
  const before = shown(player.root());
  for (const element of everything(player.root(), selector)) element.click();
  return [before, shown(player.root())];
}
