/* What every view of the page uses. */

const main = el("main", {});

/* What to study. Each window has its own, and asks the same when its page is loaded again. */
const filter = kept_filter();

function kept_filter() {
  const all = { level: "", tag: "", section: "" };
  try {
    const kept = { ...all, ...JSON.parse(sessionStorage.getItem(STORAGE_KEY)) };
    return items.some((item) => fits(item, kept)) ? kept : all;
  } catch (error) {
    return all;
  }
}

function set_filter(name, value) {
  filter[name] = value;
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(filter));
  } catch (error) {
    /* Then it ends with the page. */
  }
}

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
