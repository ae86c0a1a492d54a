"""Questions as Moodle has them, which Moodle XML, GIFT and Aiken have in common, as items of the deck format.

question.py    a question, before it is an item
outline.py     questions in their categories as a deck
items.py       questions as items, or kept aside
parts.py       what items of every kind have
defaults.py    what Moodle says after an answer where no author did
choices.py     multiple choice, true or false
typed.py       short answers and numbers
sides.py       matching, ordering, words to be filled in
deletions.py   embedded answers as a cloze text
blanks.py      their grammar
opened.py      essays, entries of a glossary, and flashcards rated by the learner
shapes.py      the forms that cardforge's exporters give to what Moodle has no place for
own.py         items for which the exporters write several questions
texts.py       texts that are valid, whatever stands in the file
files.py       media files inside the file
told.py        what is told of what is kept aside, adapted or left out
"""
