/* What has to be seen before it can be mended. */

/* The font for formulas is in the page only when there are any. */
const font = block("font");
if (font && window.FontFace) {
  const bytes = Uint8Array.from(atob(font), (character) => character.charCodeAt(0));
  document.fonts.add(new FontFace("Cardforge Maths", bytes.buffer));
}

new MutationObserver(mend_layout).observe(main, { childList: true, subtree: true });
document.addEventListener("toggle", mend_layout, true);
window.addEventListener("resize", mend_layout);
document.fonts.ready.then(mend_layout);

function mend_layout() {
  close_gaps();
  find_wide_formulas();
  let_scroll();
}

/* Some browsers leave room behind a root for the widest sign that the font has, whatever sign they draw. */
function close_gaps() {
  for (const root of [...main.querySelectorAll("msqrt:not([style]), mroot:not([style])")].reverse()) {
    const last = root.localName === "mroot" ? root.firstElementChild : root.lastElementChild;
    const gap = last ? root.getBoundingClientRect().right - last.getBoundingClientRect().right : 0;
    if (gap > 0) root.style.marginRight = `${-gap / parseFloat(getComputedStyle(root).fontSize)}em`;
  }
}

/* A formula in a line of text cannot be broken: one that is wider than its line gets a line of its own, which scrolls. */
function find_wide_formulas() {
  const formulas = [...main.querySelectorAll("math:not([display='block'])")];
  for (const formula of formulas) formula.classList.remove("wide");
  const is_wide = formulas.map((formula) => formula.getBoundingClientRect().width > line_width(formula));
  formulas.forEach((formula, index) => formula.classList.toggle("wide", is_wide[index]));
}

function line_width(node) {
  let block = node.parentElement;
  /* Elements within a line have no width of their own. */
  while (block.clientWidth === 0 && block !== main) block = block.parentElement;
  return block.clientWidth;
}

/* What is too wide for the screen can be scrolled with the keyboard too. */
function let_scroll() {
  for (const node of main.querySelectorAll(".text:has(table), .text pre, .text math[display='block'], .text math.wide")) {
    if (node.scrollWidth > node.clientWidth) node.setAttribute("tabindex", "0");
    else node.removeAttribute("tabindex");
  }
}
