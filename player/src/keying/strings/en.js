// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What a teacher reads while she keys, in English: the same keys as fr.js.
 * @module
 */

/** A number with its noun. @param {number} n @param {string} one @param {string} many */
const counted = (n, one, many) => `${n.toLocaleString("en-GB")}\u00a0${n === 1 ? one : many}`;
/** @param {string[]} names */
const listed = (names) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);
/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @type {typeof import("./fr.js").TELL} */
export const TELL = {
  number: (order) => `no.\u00a0${order}`,
  inSequence: (exercise, sequence) => `${exercise} (${sequence})`,
  question: (exercise, label) => `${exercise}, question\u00a0${label}`,
  quoted: (labels) => listed(labels.map((label) => `“${label}”`)),
  marks: {
    blank: "no answer",
    open: "nothing keyed",
    adapted: "adapted version",
    unfit: "cannot be adapted",
    absent: "absent",
    exempt: "exempt",
    left: "has left the school",
  },
  missing: {
    nothing: "Everything is keyed: nothing is missing.",
    places: (n, places, others) => {
      const more = others ? [`and ${counted(others, "other pupil", "other pupils")}`] : [];
      return `${counted(n, "answer is", "answers are")} missing: ${[...places, ...more].join("; ")}.`;
    },
    at: (name, exercises) => `${name}, ${listed(exercises)}`,
    whole: (name) => `${name}, the whole booklet`,
  },
  filling: {
    nothing: "Nothing changes: everything is keyed already.",
    changes: (n, names, replaced) => {
      const lost = replaced ? ` ${counted(replaced, "answer already keyed is replaced", "answers already keyed are replaced")}.` : " What is keyed already does not change.";
      return `${counted(n, "answer changes", "answers change")}, for ${listed(names)}.${lost}`;
    },
  },
  doubts: {
    "alike": (names, at) => `${capital(at)}: all ${names.length} pupils have exactly the same answers. Is that what each of them wrote?`,
    "one-choice": (names, at, said) => `${listed(names)}, ${at}: choice ${said} all the way through. Is that what the booklet shows?`,
    "twins": (names, at) => `${listed(names)} have the same answers in the whole of “${at}”, mistakes included. Was one booklet keyed twice?`,
    "far": (names, at, said) => `${listed(names)}, ${at}: ${said}. Is that the number that was written?`,
    "fast": (names, at, said) => `${listed(names)}, ${at}: ${said} words in a minute. Is that right?`,
    "all-blank": (names, at) => `${listed(names)}, ${at}: no answer at all, while other pupils answered. Absent that day?`,
  },
  double: {
    agreed: (compared, equal) => {
      if (compared === 0) return "Second entry: nothing to compare yet.";
      if (compared === equal) return compared === 1 ? "Second entry: the one answer is the same." : `Second entry: all ${counted(compared, "answer", "answers")} are the same.`;
      return `Second entry: ${counted(equal, "answer is the same", "answers are the same")} out of ${compared.toLocaleString("en-GB")}. Look at the booklet again for ${counted(compared - equal, "answer", "answers")}.`;
    },
    differs: (name, at, [first, second]) => `${name}, ${at}: ${first} the first time, ${second} the second. What does the booklet say?`,
  },
  elsewhere: (name, at, [mine, theirs]) =>
    `${name}, ${at}: you had keyed ${mine}; another computer has since keyed ${theirs}, which is kept. Look at the booklet.`,
  groups: {
    names: { besoins: "Needs support", fragile: "Fragile", satisfaisant: "Satisfactory" },
    counts: (needs, fragile, good, none) =>
      [
        needs && counted(needs, "needs support", "need support"),
        fragile && `${fragile}\u00a0fragile`,
        good && `${good}\u00a0satisfactory`,
        none && `${none}\u00a0without a group`,
      ].filter(Boolean).join(", "),
    awaited: (n) => `No group yet: ${counted(n, "answer is", "answers are")} still to be keyed.`,
    open: "The group comes with the results: open answers are still to be coded.",
    notGiven: "No group: some of the exercises were not sat.",
  },
  fluency: {
    back: "Back to keying",
    pupilOf: (n, total) => `Pupil ${n} of ${total}`,
    before: (name) => `Touch “Start” when ${name} reads the first word.`,
    start: "Start",
    stop: "Stop",
    left: "Seconds left",
    seconds: (n) => counted(n, "second", "seconds"),
    touching: "A touch notes:",
    modes: { wrong: "misread", hesitated: "hesitation", last: "last word" },
    reading: "While the pupil reads, touch each word that is misread or skipped; once more to undo. A long press notes a hesitation.",
    timeUp: "Time is up.",
    stopped: "Reading stopped.",
    lastAsked: "Which was the last word read?",
    noWord: "No word",
    wholeText: "The whole text",
    result: (n) => `${counted(n, "word", "words")} read correctly in a minute`,
    detail: ({ last, wrong, hesitated, seconds }) =>
      [
        `${counted(last, "word", "words")} read in ${counted(seconds, "second", "seconds")}`,
        `${wrong}\u00a0misread or skipped`,
        counted(hesitated, "hesitation", "hesitations"),
      ].join(", "),
    correct: "To correct, choose what a touch notes, then touch a word.",
    again: "Read again",
    next: (name) => `Next pupil: ${name}`,
    previous: (name) => `Previous pupil: ${name}`,
    text: "Text to read",
    word: (label, notes) => (notes.length ? `${label}, ${notes.join(", ")}` : label),
  },
};
