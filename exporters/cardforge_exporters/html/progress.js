/* What a learner has done, kept in this browser under the deck's id. Pages opened as files share one storage. */

const STORAGE_KEY = `cardforge:${deck.id}`;

const progress = (() => {
  let kept = true;
  let state = fresh();

  /* A seed that the author gave is for everyone; else each learner has one, and a new one after beginning anew. */
  function fresh() {
    const is_given = deck.seed !== null;
    const seed = is_given ? deck.seed : Math.floor(Math.random() * 1e6);
    return { seed, is_shuffled: is_given, answers: new Map(), notes: new Map() };
  }

  function read() {
    try {
      const saved = JSON.parse(localStorage.getItem(STORAGE_KEY) || "null");
      if (saved === null || typeof saved !== "object") return;
      if (deck.seed === null) {
        if (Number.isFinite(saved.seed)) state.seed = saved.seed;
        state.is_shuffled = saved.is_shuffled === true;
      }
      for (const [id, share, right] of saved.answers) {
        if (Number.isFinite(share)) state.answers.set(id, { share, right: right === true });
      }
      for (const [id, words] of saved.notes) state.notes.set(id, String(words));
    } catch (error) {
      /* Somebody else's data, or a browser that keeps none: begin anew. */
    }
  }

  function write() {
    const answers = [...state.answers].map(([id, { share, right }]) => [id, share, right]);
    const saved = { seed: state.seed, is_shuffled: state.is_shuffled, answers, notes: [...state.notes] };
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(saved));
    } catch (error) {
      kept = false;
    }
  }

  read();
  write();

  return {
    is_kept: () => kept,
    seed: () => state.seed,
    answer: (id) => state.answers.get(id),
    record(id, share, right) {
      state.answers.set(id, { share, right });
      write();
    },
    note: (id) => state.notes.get(id) || "",
    set_note(id, words) {
      state.notes.set(id, words);
      write();
    },
    is_shuffled: () => state.is_shuffled,
    set_order(seed, is_shuffled) {
      Object.assign(state, { seed, is_shuffled });
      write();
    },
    reset() {
      state = fresh();
      write();
    },
  };
})();
