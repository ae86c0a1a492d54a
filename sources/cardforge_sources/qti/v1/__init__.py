"""QTI 1.2, as Canvas, Respondus, Common Cartridges and Blackboard write it.

assessments.py   assessments, banks, groups; Canvas's settings
forms.py         two files with one ident: one quiz, or two?
pools.py         Blackboard's older pools, which are no QTI
items.py         an item's metadata, and which kind it is
titles.py        what people know it by
presentation.py  what it presents
kinds.py         which kinds of questions present that
chosen.py        choices and orders
typed.py         what is typed
several.py       several responses: blanks, menus, matchings
asking.py        what these share: conditions, feedback, whom to tell
conditions.py    response conditions
material.py      materials as HTML
references.py    materials that stand elsewhere
"""
