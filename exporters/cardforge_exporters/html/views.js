/* What every view of the page uses. */

const main = el("main", {});
const filter = { level: "", tag: "", section: "" };

function show(...content) {
  main.replaceChildren(...content.flat(Infinity).filter(Boolean));
  window.scrollTo(0, 0);
}

/* Where the learner is, so that a page which is loaded again opens there. */
function remember(place) {
  try {
    history.replaceState(null, "", place ? `#${place}` : location.pathname + location.search);
  } catch (error) {
    /* A page without an address of its own. */
  }
}

function bar(done, all, label) {
  return el("progress", { value: done, max: Math.max(all, 1), "aria-label": label });
}
