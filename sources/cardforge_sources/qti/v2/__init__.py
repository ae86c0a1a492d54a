"""QTI 2.1, 2.2 and 3.0, as TAO and other players write it.

assessment_tests.py  tests and their sections
items.py             which interaction asks
choosing.py          choices
typed.py             what is typed; texts with fields
placing.py           matches, gaps, orders
judging.py           an item's rules and feedback
declarations.py      an item's variables, and their values
rules.py             response processing
expressions.py       its operators
pages.py             web pages that items show
"""
