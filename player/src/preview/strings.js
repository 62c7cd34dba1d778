// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What an author reads around the preview, in French. No-break spaces are written U+00A0.
 * @module
 */

export const TELL = {
  preview: "Aperçu pour l’auteur",
  loading: "Ouverture de l’item…",
  itemOf: (/** @type {number} */ n, /** @type {number} */ total) => `Item ${n} sur ${total}`,
  goTo: "Aller à l’item",
  marked: (/** @type {string} */ label) => `${label} (à voir)`,
  items: "Items",
  panel: "Ce que l’auteur voit",
  score: "Score",
  outOf: (/** @type {string} */ score, /** @type {string} */ most) => `${score} sur ${most}`,
  noScore: "pas encore calculé",
  nullScore: "aucun score",
  compute: "Calculer le score",
  live: "Recalculer à chaque réponse",
  outcomes: "Variables de résultat",
  responses: "Réponses",
  name: "Variable",
  value: "Valeur",
  none: "sans réponse",
  nothing: "aucune (NULL)",
  remarks: "Remarques du contrôle",
  noRemarks: "Le contrôle n’a rien trouvé dans cet item.",
  packageRemarks: "Remarques sur le paquet",
  severity: { error: "Erreur", warning: "Remarque" },
  line: (/** @type {number} */ n) => `ligne ${n}`,
  reasons: /** @type {Record<string, string>} */ ({
    unknown: "une réponse que l’item ne connaît pas",
    "too-many": "trop de valeurs\u00a0: lue comme une absence de réponse",
    "bad-form": "une valeur qui n’a pas la forme attendue\u00a0: lue comme une absence de réponse",
    "wrong-type": "le traitement de la réponse échoue avec cette réponse",
  }),
  otherOrder: "Autre ordre des choix",
  clear: "Effacer la réponse",
  cleared: "Réponse effacée",
  refused: "Cet item ne peut pas être servi aux élèves",
  stoppedTitle: "L’aperçu est arrêté",
  stopped: "Relancez la commande «\u00a0encrier qti preview\u00a0», puis ouvrez l’adresse qu’elle donne.",
};

/** A number as it is written in French. @param {number} number */
export const written = (number) => number.toLocaleString("fr-FR", { maximumFractionDigits: 6 });
