/* What a learner has done, kept in this browser under the deck's id. Pages opened as files share one storage.

   An id that the author gave names one deck, wherever its page lies. One that was made of the title may be that of
   another deck too, so it counts only together with the page's address. When the author writes the id into the deck,
   what was kept until then is found again. */

const KEY_BY_ADDRESS = `cardforge:${deck.id}@${location.pathname}`;
const STORAGE_KEY = deck.has_own_id ? `cardforge:${deck.id}` : KEY_BY_ADDRESS;

const progress = (() => {
  let kept = true;
  let state = fresh();

  /* A seed that the author gave is for everyone; else each learner has one, and a new one after beginning anew. */
  function fresh() {
    const is_given = deck.seed !== null;
    const seed = is_given ? deck.seed : Math.floor(Math.random() * 1e6);
    return { seed, is_shuffled: is_given, answers: new Map(), notes: new Map(), ticks: new Map() };
  }

  /* What is stored, or null: somebody else's data, nothing yet, or a browser that keeps none. */
  function stored(key) {
    try {
      const { seed, is_shuffled, answers, notes, ticks = [] } = JSON.parse(localStorage.getItem(key));
      return {
        seed,
        is_shuffled: is_shuffled === true,
        answers: new Map(
          answers
            .filter(([, share]) => Number.isFinite(share))
            .map(([id, share, right]) => [id, { share, right: right === true }]),
        ),
        notes: new Map(notes.map(([id, words]) => [id, String(words)])),
        ticks: new Map(ticks.map(([id, names]) => [id, names.map(String)])),
      };
    } catch (error) {
      return null;
    }
  }

  function take(saved) {
    if (!saved) return;
    Object.assign(state, { answers: saved.answers, notes: saved.notes, ticks: saved.ticks });
    if (deck.seed === null) {
      if (Number.isFinite(saved.seed)) state.seed = saved.seed;
      state.is_shuffled = saved.is_shuffled;
    }
  }

  /* Another window may have written since: what it kept stays. */
  function change(step) {
    take(stored(STORAGE_KEY));
    step();
    write();
  }

  function write() {
    const answers = [...state.answers].map(([id, { share, right }]) => [id, share, right]);
    const { seed, is_shuffled, notes, ticks } = state;
    const saved = { seed, is_shuffled, answers, notes: [...notes], ticks: [...ticks] };
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(saved));
    } catch (error) {
      kept = false;
    }
  }

  take(stored(STORAGE_KEY) || stored(KEY_BY_ADDRESS));
  write();

  return {
    is_kept: () => kept,
    seed: () => state.seed,
    answer: (id) => state.answers.get(id),
    record(id, share, right) {
      change(() => state.answers.set(id, { share, right }));
    },
    note: (id) => state.notes.get(id) || "",
    set_note(id, words) {
      change(() => state.notes.set(id, words));
    },
    /* The names of the concepts that were ticked. */
    ticks: (id) => state.ticks.get(id) || [],
    set_ticks(id, names) {
      change(() => state.ticks.set(id, names));
    },
    is_shuffled: () => state.is_shuffled,
    set_order(seed, is_shuffled) {
      change(() => Object.assign(state, { seed, is_shuffled }));
    },
    reset() {
      state = fresh();
      write();
    },
  };
})();
