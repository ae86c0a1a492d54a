/* Elements, texts of the deck, and the deck's data. */

function block(name) {
  const node = document.getElementById(`cardforge-${name}`);
  return node ? node.textContent : "";
}

const deck = JSON.parse(block("deck"));
const items = JSON.parse(block("items"));
const media = new Map(JSON.parse(block("media")));

/* An element. Functions among the attributes listen to the event of their name; what is not given is left out. */
function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") node.addEventListener(key, value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function button(label, kind, click, attributes) {
  return el("button", { type: "button", class: `button ${kind}`, click, ...attributes }, label);
}

/* The nodes of a text of the deck. It is sanitised HTML, in which media stand as numbers. */
function nodes(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const node of template.content.querySelectorAll("[src], [poster], [id], a[href]")) {
    for (const name of ["src", "poster"]) {
      if (node.hasAttribute(name)) node.setAttribute(name, media.get(node.getAttribute(name)) || "");
    }
    /* One text may stand on the page twice, and the page has ids of its own. */
    node.removeAttribute("id");
    if (/^\w+:/.test(node.getAttribute("href") || "")) {
      node.setAttribute("target", "_blank");
      node.setAttribute("rel", "noopener noreferrer");
    }
  }
  level_headings(template.content);
  keep_punctuation(template.content);
  return document.importNode(template.content, true);
}

/* A text's own headings stand below the page's, without a gap between their levels. */
function level_headings(content) {
  const headings = [...content.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const levels = [...new Set(headings.map((heading) => heading.localName))].sort();
  for (const heading of headings) heading.setAttribute("aria-level", 2 + levels.indexOf(heading.localName));
}

/* Browsers may break a line between a formula and the full stop behind it, or the bracket before it. */
function keep_punctuation(content) {
  for (const math of content.querySelectorAll("math:not([display='block'])")) {
    const [before, after] = [math.previousSibling, math.nextSibling];
    const opening = before && before.nodeType === Node.TEXT_NODE ? /[(\[{“„«‘]*$/.exec(before.data)[0] : "";
    const closing = after && after.nodeType === Node.TEXT_NODE ? /^[)\]},.;:!?…%”»’]*/.exec(after.data)[0] : "";
    if (!opening && !closing) continue;
    if (opening) before.data = before.data.slice(0, -opening.length);
    if (closing) after.data = after.data.slice(closing.length);
    const kept = el("span", { class: "kept" });
    math.replaceWith(kept);
    kept.append(opening, math, closing);
  }
}

/* A text of the deck, in the deck's language; each text finds its own direction. */
function text(html, kind, name) {
  return el(name || "div", { class: `text ${kind || ""}`.trim(), lang: deck.language, dir: "auto" }, nodes(html));
}

/* Whether a text is more than its words. */
function is_rich(html) {
  return nodes(html).childElementCount > 0;
}

/* A text as one line of words, for labels. */
function line(html, limit) {
  return shortened(spoken(el("div", {}, nodes(html))), limit);
}

const BLOCKS = "blockquote, br, dd, div, dt, h1, h2, h3, h4, h5, h6, hr, li, p, pre, td, th, tr";
const END = "\u2029";

/* What is read out of a node: its words, and between its blocks the full stop that a reader sees as a gap. */
function spoken(node) {
  const copy = node.cloneNode(true);
  for (const image of copy.querySelectorAll("img")) image.replaceWith(image.alt);
  for (const math of copy.querySelectorAll("math")) math.replaceWith(math.getAttribute("alttext") || math.textContent);
  for (const block of copy.querySelectorAll(BLOCKS)) {
    block.before(END);
    block.after(END);
  }
  const parts = copy.textContent
    .split(END)
    .map((part) => part.replace(/\s+/g, " ").trim())
    .filter(Boolean);
  return sentences(parts);
}

function sentences(parts) {
  const is_ended = (part, index) => index === parts.length - 1 || /[.!?…:;,。！？؟]$/.test(part);
  return parts.map((part, index) => (is_ended(part, index) ? part : `${part}.`)).join(" ");
}

function shortened(words, limit) {
  return words.length > limit ? words.slice(0, limit - 1).trimEnd() + "…" : words;
}

/* The beginning of a text for lists: its words and formulas, without any other markup. */
function beginning(html, limit) {
  const found = [];
  let left = limit;
  const take = (node) => {
    if (left <= 0) return;
    if (node.localName === "math") found.push(node.cloneNode(true));
    else if (node.localName === "img") found.push(node.alt);
    else if (node.nodeType === Node.TEXT_NODE) {
      found.push(shortened(node.data, left));
      left -= node.data.length;
    } else node.childNodes.forEach(take);
  };
  take(nodes(html));
  return found;
}

let last_number = 0;

function new_id() {
  last_number += 1;
  return `cardforge-${last_number}`;
}

function counted(number, one, many) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many || `${one}s`}`;
}

function points(number) {
  return counted(Math.round(number * 100) / 100, "point");
}
