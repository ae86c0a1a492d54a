/* Opens where the address says, if that is still there: a unit, or without one the summary of a part. */
function open_place() {
  const [name, id] = location.hash.slice(1).split("/");
  const part = PARTS.find((candidate) => candidate.name === name);
  const list = part ? runs(filter, progress.is_shuffled()).get(part.name) : [];
  let at = -1;
  try {
    at = list.findIndex((unit) => id !== undefined && unit.id === decodeURIComponent(id));
  } catch (error) {
    /* An address that somebody wrote by hand. */
  }
  if (at >= 0) study(new_run(part, list, false), at);
  else if (list.length && id === undefined) summary(new_run(part, list, false));
  else overview();
}

document.body.append(main, announcer, sheet);
open_place();
