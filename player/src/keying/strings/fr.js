// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What a teacher reads while she keys, in French. No-break spaces are written U+00A0 and U+202F.
 * Every key is in en.js too: the types say so.
 * @module
 */

/** A number with its noun. @param {number} n @param {string} one @param {string} many */
const counted = (n, one, many) => `${n.toLocaleString("fr-FR")}\u00a0${n > 1 ? many : one}`;
/** @param {string[]} names */
const listed = (names) => new Intl.ListFormat("fr", { type: "conjunction" }).format(names);
/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const TELL = {
  number: (/** @type {string} */ order) => `n°\u00a0${order}`,
  inSequence: (/** @type {string} */ exercise, /** @type {string} */ sequence) => `${exercise} (${sequence})`,
  question: (/** @type {string} */ exercise, /** @type {string} */ label) => `${exercise}, question\u00a0${label}`,
  quoted: (/** @type {string[]} */ labels) => listed(labels.map((label) => `«\u00a0${label}\u00a0»`)),
  marks: /** @type {Record<import("../../core/sheet.js").Mark, string>} */ ({
    blank: "sans réponse",
    open: "rien de saisi",
    adapted: "version adaptée",
    unfit: "non adaptable",
    absent: "absence",
    exempt: "dispense",
    left: "a quitté l’école",
  }),
  missing: {
    nothing: "Tout est saisi\u00a0: il ne manque rien.",
    places: (/** @type {number} */ n, /** @type {string[]} */ places, /** @type {number} */ others) => {
      const more = others ? [`et ${counted(others, "autre élève", "autres élèves")}`] : [];
      return `Il manque ${counted(n, "réponse", "réponses")}\u00a0: ${[...places, ...more].join("\u00a0; ")}.`;
    },
    at: (/** @type {string} */ name, /** @type {string[]} */ exercises) => `${name}, ${listed(exercises)}`,
    whole: (/** @type {string} */ name) => `${name}, tout le cahier`,
  },
  filling: {
    nothing: "Rien ne change\u00a0: tout est déjà saisi.",
    changes: (/** @type {number} */ n, /** @type {string[]} */ names, /** @type {number} */ replaced) => {
      const lost = replaced ? ` ${counted(replaced, "réponse déjà saisie est remplacée", "réponses déjà saisies sont remplacées")}.` : " Ce qui est déjà saisi ne change pas.";
      return `${counted(n, "réponse change", "réponses changent")}, pour ${listed(names)}.${lost}`;
    },
  },
  doubts: /** @type {Record<import("../rules/doubts.js").Kind, (names: string[], at: string, said: string) => string>} */ ({
    "alike": (names, at) => `${capital(at)}\u00a0: les ${names.length}\u00a0élèves ont exactement les mêmes réponses. Est-ce bien ce que chacun a écrit\u00a0?`,
    "one-choice": (names, at, said) => `${listed(names)}, ${at}\u00a0: toujours le choix\u00a0${said}, du début à la fin. Est-ce bien ce qui est sur le cahier\u00a0?`,
    "twins": (names, at) => `${listed(names)} ont les mêmes réponses dans toute la séquence «\u00a0${at}\u00a0», erreurs comprises. Le même cahier est-il saisi deux fois\u00a0?`,
    "far": (names, at, said) => `${listed(names)}, ${at}\u00a0: ${said}. Est-ce bien le nombre écrit\u00a0?`,
    "fast": (names, at, said) => `${listed(names)}, ${at}\u00a0: ${said}\u00a0mots en une minute. Est-ce bien cela\u00a0?`,
    "all-blank": (names, at) => `${listed(names)}, ${at}\u00a0: aucune réponse, alors que d’autres élèves ont répondu. Est-ce une absence\u00a0?`,
  }),
  double: {
    agreed: (/** @type {number} */ compared, /** @type {number} */ equal) => {
      if (compared === 0) return "Deuxième saisie\u00a0: rien à comparer pour le moment.";
      if (compared === equal) return compared > 1 ? `Deuxième saisie\u00a0: les ${counted(compared, "réponse", "réponses")} sont les mêmes.` : "Deuxième saisie\u00a0: la réponse est la même.";
      return `Deuxième saisie\u00a0: ${counted(equal, "réponse est la même", "réponses sont les mêmes")} sur ${compared.toLocaleString("fr-FR")}. ${counted(compared - equal, "réponse est à revoir", "réponses sont à revoir")} sur le cahier.`;
    },
    differs: (/** @type {string} */ name, /** @type {string} */ at, /** @type {string[]} */ [first, second]) =>
      `${name}, ${at}\u00a0: ${first} à la première saisie, ${second} à la deuxième. Qu’y a-t-il sur le cahier\u00a0?`,
  },
  elsewhere: (/** @type {string} */ name, /** @type {string} */ at, /** @type {string[]} */ [mine, theirs]) =>
    `${name}, ${at}\u00a0: vous aviez saisi ${mine}\u00a0; un autre ordinateur a saisi depuis ${theirs}, qui est gardé. Vérifiez sur le cahier.`,
  groups: {
    names: { besoins: "À besoins", fragile: "Fragile", satisfaisant: "Satisfaisant" },
    counts: (/** @type {number} */ needs, /** @type {number} */ fragile, /** @type {number} */ good, /** @type {number} */ none) =>
      [
        needs && `${needs}\u00a0à besoins`,
        fragile && counted(fragile, "fragile", "fragiles"),
        good && counted(good, "satisfaisant", "satisfaisants"),
        none && `${none}\u00a0sans groupe`,
      ].filter(Boolean).join(", "),
    awaited: (/** @type {number} */ n) => `Pas encore de groupe\u00a0: ${counted(n, "réponse reste", "réponses restent")} à saisir.`,
    open: "Le groupe viendra avec les résultats\u00a0: des réponses ouvertes restent à coder.",
    notGiven: "Pas de groupe\u00a0: une partie des exercices n’a pas été passée.",
  },
  fluency: {
    back: "Revenir à la saisie",
    pupilOf: (/** @type {number} */ n, /** @type {number} */ total) => `Élève ${n} sur ${total}`,
    before: (/** @type {string} */ name) => `Touchez «\u00a0Commencer\u00a0» quand ${name} lit le premier mot.`,
    start: "Commencer",
    stop: "Arrêter",
    left: "Secondes restantes",
    seconds: (/** @type {number} */ n) => counted(n, "seconde", "secondes"),
    touching: "Un appui note\u00a0:",
    modes: { wrong: "mal lu", hesitated: "hésitation", last: "dernier mot" },
    reading: "Pendant la lecture, touchez chaque mot mal lu ou sauté\u00a0; encore une fois pour annuler. Un appui long note une hésitation.",
    timeUp: "C’est fini\u00a0: le temps est écoulé.",
    stopped: "Lecture arrêtée.",
    lastAsked: "Quel est le dernier mot lu\u00a0?",
    noWord: "Aucun mot",
    wholeText: "Tout le texte",
    result: (/** @type {number} */ n) => `${counted(n, "mot lu", "mots lus")} correctement en une minute`,
    detail: (/** @type {{last: number, wrong: number, hesitated: number, seconds: number}} */ { last, wrong, hesitated, seconds }) =>
      [
        `${counted(last, "mot lu", "mots lus")} en ${counted(seconds, "seconde", "secondes")}`,
        counted(wrong, "mal lu ou sauté", "mal lus ou sautés"),
        counted(hesitated, "hésitation", "hésitations"),
      ].join(", "),
    correct: "Pour corriger, choisissez ce que note un appui, puis touchez un mot.",
    again: "Recommencer la lecture",
    next: (/** @type {string} */ name) => `Élève suivant\u00a0: ${name}`,
    previous: (/** @type {string} */ name) => `Élève précédent\u00a0: ${name}`,
    text: "Texte à lire",
    word: (/** @type {string} */ label, /** @type {string[]} */ notes) => (notes.length ? `${label}, ${notes.join(", ")}` : label),
  },
};
