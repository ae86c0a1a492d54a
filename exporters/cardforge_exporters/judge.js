/* Judges an answer by an item's key. Declares one name: judge(key, response). See judging.py for both. */
var judge = (function () {
  "use strict";

  function result(share, right, more) {
    var made = more || {};
    made.share = Math.max(0, Math.min(1, share));
    made.right = right;
    return made;
  }

  /* Each part that is right is worth as much as any other. */
  function result_of_marks(marks) {
    var count = marks.filter(Boolean).length;
    return result(count / marks.length, count === marks.length, { marks: marks });
  }

  function sum(numbers) {
    return numbers.reduce(function (total, number) { return total + number; }, 0);
  }

  /* The credits of what is chosen add up; it is right when it is the key, no more and no less. */
  function choices(key, chosen) {
    var share = sum(chosen.map(function (index) { return key.credits[index]; }));
    var all_right = chosen.every(function (index) { return key.right.indexOf(index) >= 0; });
    return result(share, all_right && chosen.length === (key.several ? key.right.length : 1));
  }

  function normal(text, form) {
    return text.normalize ? text.normalize(form) : text;
  }

  /* A text as it is compared. Phones type curly quotes on their own, so those are as good as straight ones. */
  function folded(text, case_sensitive) {
    text = normal(text, "NFC").replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"');
    text = text.replace(/\s+/g, " ").trim();
    /* Upper case first: it makes equal what has two lower cases, such as the Greek s. */
    return case_sensitive ? text : normal(text.toUpperCase().toLowerCase(), "NFC");
  }

  /* Of the answers that are equal to the text, the one that gives most. */
  function text(key, typed) {
    var wanted = folded(typed, key.case_sensitive), found = -1;
    key.answers.forEach(function (answer, index) {
      if (folded(answer, key.case_sensitive) === wanted && (found < 0 || key.credits[index] > key.credits[found])) {
        found = index;
      }
    });
    var credit = found < 0 ? 0 : key.credits[found];
    return result(credit, credit >= 1, { answer: found });
  }

  /* What stands before the number, the number, its power of ten, and what stands behind. */
  var NUMBER = /^([^\d.,+-]*)([+-]?[\d.,][\d.,' ]*?)(?:(?:e| ?[x\u00d7*\u00b7] ?10 ?\^ ?)([+-]?\d+))?( ?[^\d.,' ].*)?$/i;

  function number(key, typed) {
    var line = in_one_form(typed), bare = without_unit(line, in_one_form(key.unit));
    var is_right = is_in_range(key, line, plain_unit(key.unit)) || (bare !== line && is_in_range(key, bare, ""));
    return result(is_right ? 1 : 0, is_right);
  }

  function is_in_range(key, line, unit) {
    var parts = NUMBER.exec(line);
    if (!parts) return false;
    var typed_unit = plain_unit(parts[1] + (parts[4] || ""));
    if (typed_unit && typed_unit !== unit) return false;
    var least = decimal(key.least), greatest = decimal(key.greatest);
    return readings(parts[2]).some(function (reading) {
      var value = decimal(reading + "e" + (parts[3] || "0"));
      return compare(least, value) <= 0 && compare(value, greatest) <= 0;
    });
  }

  /* Wide characters, minus signs, apostrophes and spaces as those that a plain keyboard types. */
  function in_one_form(line) {
    line = line.replace(/[\uff01-\uff5e]/g, function (wide) {
      return String.fromCharCode(wide.charCodeAt(0) - 0xfee0);
    });
    return line.replace(/[\u2212\u2013]/g, "-").replace(/\u2019/g, "'").replace(/\s+/g, " ").trim();
  }

  /* The line without the unit as it is shown. NUMBER would take the beginning of 10^3 m, or of ', for the number's. */
  function without_unit(line, unit) {
    var end = line.length - unit.length, number = line.slice(0, Math.max(end, 0));
    /* With nothing between, the digits could all be the number's. */
    if (!unit || line.slice(end) !== unit || (/^[\d.,]/.test(unit) && !/[ x\u00d7*\u00b7]$/.test(number))) return line;
    return number.replace(/ ?[x\u00d7*\u00b7]? ?$/, "");
  }

  /* m/s^2 is as good as m/s with the small two; mW and MW are not the same. */
  function plain_unit(unit) {
    return normal(unit, "NFKC").replace(/[\s^]/g, "");
  }

  /* A comma may stand before the decimals or between thousands. 1,500 is both, and may be right as either. */
  function readings(written) {
    var line = written.replace(/(\d)[ '](?=\d{3}(?!\d))/g, "$1"), found = [];
    if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(line)) found.push(line);
    if (/^[+-]?(\d+,\d*|,\d+)$/.test(line)) found.push(line.replace(",", "."));
    if (/^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(line)) found.push(line.replace(/,/g, ""));
    if (/^[+-]?\d{1,3}(\.\d{3})+,\d*$/.test(line)) found.push(line.replace(/\./g, "").replace(",", "."));
    return found;
  }

  /* A number exactly: sign * 0.digits * 10^power, the first digit not 0. Floats would blur the bounds. */
  function decimal(written) {
    var parts = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(written);
    var digits = (parts[2] + parts[3]).replace(/^0+/, "");
    var leading = (parts[2] + parts[3]).length - digits.length;
    return {
      sign: digits ? (parts[1] === "-" ? -1 : 1) : 0,
      digits: digits.replace(/0+$/, ""),
      power: parts[2].length - leading + Number(parts[4] || 0)
    };
  }

  function compare(a, b) {
    if (a.sign !== b.sign || !a.sign) return a.sign - b.sign;
    if (a.power !== b.power) return a.sign * (a.power - b.power);
    return a.digits === b.digits ? 0 : a.sign * (a.digits < b.digits ? -1 : 1);
  }

  function matching(key, given) {
    return result_of_marks(key.rights.map(function (right, left) { return given[left] === right; }));
  }

  function ordering(key, given) {
    var marks = [];
    for (var place = 0; place < key.length; place++) marks.push(given[place] === place);
    return result_of_marks(marks);
  }

  function cloze(key, typed) {
    return result_of_marks(key.answers.map(function (answer, index) {
      var given = typed[index] || "";
      /* Spaces mean nothing in a formula, and case does. */
      if (key.formulas[index]) return answer.replace(/\s/g, "") === given.replace(/[\s$]/g, "");
      return folded(answer, false) === folded(given, false);
    }));
  }

  function concepts(key, mentioned) {
    var total = sum(key.points), all = key.points.length, got = mentioned.length;
    var points = sum(mentioned.map(function (index) { return key.points[index]; }));
    return result(total ? points / total : got / all, got === all, { got: got, of: all, points: points, total: total });
  }

  var by_kind = {
    choices: choices, text: text, number: number, matching: matching, ordering: ordering, cloze: cloze,
    concepts: concepts
  };

  return function (key, response) { return by_kind[key.kind](key, response); };
})();
