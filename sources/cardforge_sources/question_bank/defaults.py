"""What Moodle itself says after an answer that is right, partly right or wrong, where no author wrote anything.

A new question gets these texts in the language of the site, and an export has them like any other feedback. They are
correctfeedbackdefault, partiallycorrectfeedbackdefault and incorrectfeedbackdefault in question.php of Moodle's
language packs, here from packs for Moodle 2.5 to 4.5; some languages changed theirs between.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Literal

Slot = Literal["right", "partly", "wrong"]

_TEXTS: tuple[tuple[str, str, str], ...] = (
    ("إجابتك صحيحة", "إجابتك صحيحة بشكل جزئي", "إجابتك غير صحيحة"),  # ar
    ("La resposta és correcta", "La resposta és parcialment correcta", "La resposta és incorrecta"),  # ca
    (  # ca
        "La teva resposta és correcta",
        "La teva resposta és parcialment correcta",
        "La teva resposta és incorrecta",
    ),
    ("Die Antwort ist richtig", "Die Antwort ist teilweise richtig", "Die Antwort ist falsch"),  # de
    ("Η απάντησή σας είναι σωστή", "Η απάντηση είναι μερικώς σωστή", "Η απάντησή σας είναι λανθασμένη"),  # el
    ("Η απαντησή σας είναι σωστή", "Η απάντηση είναι μερικώς σωστή", "Η απάντησή σας είναι λανθασμένη"),  # el
    ("Your answer is correct", "Your answer is partially correct", "Your answer is incorrect"),  # en
    ("Respuesta correcta", "Respuesta parcialmente correcta", "Respuesta incorrecta"),  # es
    ("Zure erantzuna zuzena da", "Zure erantzuna partzialki zuzena da", "Zure erantzuna ez da zuzena"),  # eu
    ("Zure erantzuna zuzena da", "Zure erantzuna zuzena da neurri batean", "Zure erantzuna ez da zuzena"),  # eu
    ("Zure erantzuna zuzena da", "Zure galdera zuzena da neurri batean", "Zure erantzuna ez da zuzena"),  # eu
    ("Votre réponse est correcte", "Votre réponse est partiellement correcte", "Votre réponse est incorrecte"),  # fr
    ("A súa resposta é correcta", "A súa resposta é parcialmente correcta", "A súa resposta é incorrecta"),  # gl
    ("תשובתך נכונה", "תשובתך נכונה חלקית", "תשובתך אינה נכונה"),  # he
    ("Risposta corretta", "Risposta parzialmente esatta", "Risposta errata"),  # it
    ("Risposta corretta", "Risposta parzialmente corretta", "Risposta errata"),  # it
    ("あなたの答えは正解です", "あなたの答えは部分的に正解です", "あなたの答えは正しくありません"),  # ja
    ("답이 맞습니다", "답이 부분적으로 옳습니다", "답이 틀립니다"),  # ko
    ("Jūsų atsakymas yra teisingas", "Jūsų atsakymas dalinai teisingas", "Jūsų atsakymas yra neteisingas"),  # lt
    ("Je antwoord is juist", "Je antwoord is gedeeltelijk juist", "Je antwoord is niet juist"),  # nl
    (  # pl
        "Twoja odpowiedź jest poprawna",
        "Twoja odpowiedź jest częściowo poprawna",
        "Twoja odpowiedź jest niepoprawna",
    ),
    ("A sua resposta está correta", "A sua resposta está parcialmente correta", "A sua resposta está incorreta"),  # pt
    ("Sua resposta está correta", "Sua resposta está parcialmente correta", "Sua resposta está incorreta"),  # pt_br
    (  # ro
        "Răspunsul dumneavoastră este corect",
        "Răspunsul dumneavoastră este parțial corect",
        "Răspunsul dumneavoastră este incorect",
    ),
    ("Ваш ответ верный", "Ваш ответ частично правильный", "Ваш ответ неправильный"),  # ru
    ("Ditt svar är rätt", "Ditt svar är delvis korrekt", "Ditt svar är felaktigt"),  # sv
    ("Cevabınız doğru", "Cevabınız kısmen doğru", "Cevabınız yanlış"),  # tr
    ("Ваша відповідь правильна", "Ваша відповідь частково правильна", "Ваша відповідь неправильна"),  # uk
    ("آپ کا جواب درست ہے", "آپ کا جواب جزوی طور پر درست ہے", "آپ کا جواب غلط ہے"),  # ur
    ("您的答案是正确的", "您的答案部分正确", "您的答案不正确"),  # zh_cn
    ("你的回答正确", "你的回答部分正确", "你的回答不正确"),  # zh_cn
    ("你答對了", "你的答案是部分答對", "你答錯了"),  # zh_tw
)
_IN: dict[Slot, frozenset[str]] = {
    "right": frozenset(right for right, _, _ in _TEXTS),
    "partly": frozenset(partly for _, partly, _ in _TEXTS),
    "wrong": frozenset(wrong for _, _, wrong in _TEXTS),
}
_PARAGRAPH = re.compile(r"</?p\b[^<>]*>|<br ?/?>")
_LONGEST = 200


def is_default(html: str, slot: Slot) -> bool:
    """Whether a feedback is what Moodle says by itself; a full stop more or less makes no difference."""
    if len(html) > _LONGEST:
        return False
    return unescape(_PARAGRAPH.sub("", html)).strip().rstrip(".。۔!") in _IN[slot]
