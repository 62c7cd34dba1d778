// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What a pupil reads, in French. No-break spaces are written U+00A0. Every key is in en.js too:
 * the types say so.
 * @module
 */

/** @param {number} n @param {string} one @param {string} many */
const counted = (n, one, many) => (n > 1 ? `${n}\u00a0${many}` : `${n}\u00a0${one}`);

export const SAY = {
  brand: "encrier",
  codeTitle: "Bonjour\u00a0! Écris ton code",
  codeHelp: "Il est sur ta feuille\u00a0: douze lettres, en trois groupes.",
  codeLabel: "Ton code",
  enter: "Entrer",
  wait: "Un instant…",
  unknownCode: "Ce code n’est pas attendu ici. Compare-le avec ta feuille, puis appelle l’adulte qui surveille.",
  consonants: "Un code ne contient que des consonnes, sans chiffre ni voyelle.",
  pictogramsTitle: "Est-ce bien les tiens\u00a0?",
  pictogramsHelp: "Regarde les trois dessins de ta feuille.",
  yes: "Oui, ce sont les miens",
  no: "Non",
  notMine: "Ce n’est peut-être pas ta feuille",
  notMineHelp: "Montre ta feuille à l’adulte qui surveille, puis écris ton code de nouveau.",
  writeCode: "Écrire un code",
  questions: (/** @type {number} */ n) => counted(n, "question", "questions"),
  keptAsYouGo: "Tes réponses sont gardées au fur et à mesure.",
  moveFreely: "Tu peux passer une question et y revenir plus tard.",
  already: (/** @type {number} */ n) =>
    n > 1 ? `Tu as déjà répondu à ${n}\u00a0questions\u00a0: elles sont toujours là.` : "Tu as déjà répondu à une question\u00a0: elle est toujours là.",
  start: "Commencer",
  resume: "Reprendre",
  loading: "Les questions arrivent…",
  questionOf: (/** @type {number} */ n, /** @type {number} */ total) => `Question ${n} sur ${total}`,
  document: "Document",
  table: "Tableau",
  previous: "Précédent",
  next: "Suivant",
  toEnd: "Vérifier et finir",
  overview: "Vue d’ensemble",
  clear: "Effacer ma réponse",
  cleared: "Réponse effacée",
  kept: "Réponses gardées",
  saving: "Enregistrement…",
  here: (/** @type {number} */ n) => `Gardées ici, encore ${n} à envoyer`,
  waiting: (/** @type {number} */ n) => `Gardées ici. Encore ${counted(n, "réponse", "réponses")} à envoyer`,
  open: (/** @type {number} */ n) => `Ne ferme pas cette page\u00a0: encore ${counted(n, "réponse", "réponses")} à envoyer`,
  openText: "Cet ordinateur ne garde rien. Ne ferme pas cette page\u00a0: tes réponses partent au fur et à mesure.",
  blocked: (/** @type {number} */ n) => `Envoi bloqué par le réseau. Encore ${counted(n, "réponse", "réponses")} à envoyer`,
  blockedText:
    "Le réseau de l’école modifie ou bloque l’envoi. Continue\u00a0: tes réponses sont gardées sur cet ordinateur. Préviens l’adulte qui surveille.",
  refusedState: "Gardées sur cet ordinateur. Appelle l’adulte qui surveille.",
  overviewTitle: "Vue d’ensemble",
  answeredOf: (/** @type {number} */ n, /** @type {number} */ total) =>
    `Tu as répondu à ${counted(n, "question", "questions")} sur ${total}.`,
  stateAnswered: "répondu",
  stateSeen: "vue, sans réponse",
  stateNew: "pas encore vue",
  legend: { answered: "Répondu", seen: "Vue, sans réponse", fresh: "Pas encore vue" },
  number: (/** @type {number} */ n, /** @type {string} */ state) => `Question ${n}, ${state}`,
  pause: "M’arrêter là et reprendre plus tard avec mon code",
  nextPupil: "Écrire un autre code",
  back: "Revenir aux questions",
  finish: "J’ai fini",
  finishTitle: "As-tu fini\u00a0?",
  finishBlank: (/** @type {number} */ n) =>
    n > 1 ? `Il reste ${n}\u00a0questions sans réponse.` : "Il reste une question sans réponse.",
  finishAll: "Tu as répondu à toutes les questions.",
  finishWarning: "Après, tu ne pourras plus changer tes réponses.",
  finishConfirm: "Oui, j’ai fini",
  finishNotYet: "Non, pas encore",
  doneTitle: "Tes réponses sont bien gardées",
  doneText: "C’est fini, merci\u00a0! Tu peux fermer cette page.",
  receipt: "Reçu",
  sendingTitle: "Garde cette page ouverte",
  sendingNow: "Tes dernières réponses partent…",
  sendingCount: (/** @type {number} */ n) => `Encore ${counted(n, "réponse", "réponses")} à envoyer.`,
  sendingText: "Tes réponses sont gardées sur cet ordinateur. Elles partiront dès que le réseau reviendra.",
  retry: "Réessayer",
  goOnHere: "Continuer ici",
  forAdult: "Pour l’adulte qui surveille",
  left: (/** @type {number} */ n) =>
    `Cet ordinateur garde encore ${counted(n, "envoi", "envois")}. ${n > 1 ? "Ils partiront" : "Il partira"} dès que le réseau le permettra.`,
  check: {
    network:
      "Vérifiez le câble ou le wifi, puis la date et l’heure de cet ordinateur. Si le navigateur parle d’un certificat, prévenez le service informatique\u00a0: rien ne partira de ce réseau.",
    blocked:
      "Un filtre, un portail de connexion ou un proxy répond à la place du serveur. Ouvrez une autre page pour passer le portail, ou faites autoriser cette adresse (envois POST compris).",
    disk: "Ce navigateur ne garde rien\u00a0: fenêtre privée, réglage, ou disque plein. Gardez la page ouverte jusqu’à ce que tout soit envoyé.",
    refused: "Le serveur a refusé un envoi. Gardez la page ouverte et prévenez votre correspondant.",
  },
  rescueHelp: (/** @type {string} */ place) =>
    `Si le réseau ne revient pas, portez les réponses sur un autre ordinateur ou un téléphone, à l’adresse ${place}. Elles sont scellées\u00a0: personne ne peut les lire en chemin.`,
  rescueFile: "Enregistrer un fichier de secours",
  rescueCodes: "Montrer des codes à filmer",
  rescueNothing: "Rien n’attend sur cet ordinateur\u00a0: tout est envoyé.",
  codesLabel: (/** @type {number} */ n) => `Suite de ${counted(n, "code QR", "codes QR")}`,
  codesHelp: (/** @type {number} */ n) =>
    `${n > 1 ? "Filmez cet écran jusqu’à ce que l’autre appareil dise que tout est lu. L’ordre n’a pas d’importance." : "Filmez ce code."}`,
  codeOf: (/** @type {number} */ n, /** @type {number} */ total) => `Code ${n} sur ${total}`,
  rescueTitle: "Envoyer un fichier de secours",
  rescueLead: "Les réponses d’un ordinateur sans réseau partent d’ici. Elles restent scellées.",
  rescueChoose: "Choisissez le fichier de secours, ou déposez-le ici.",
  rescueCamera: "Lire les codes avec la caméra",
  cameraLabel: "Ce que voit la caméra",
  cameraNo: "La caméra n’est pas disponible. Utilisez le fichier de secours.",
  codesSeen: (/** @type {number} */ n, /** @type {number} */ total) => `${n} codes lus sur ${total}.`,
  rescueNot: "Ce n’est pas un fichier de secours entier. Enregistrez-le de nouveau sur l’ordinateur de l’élève.",
  rescueDone: (/** @type {number} */ n, /** @type {number} */ total) =>
    n === total ? `${counted(n, "envoi fait", "envois faits")}\u00a0: tout est sur le serveur.` : `${n} sur ${total} sur le serveur.`,
  rescueSent: (/** @type {string} */ receipt) => `Gardé par le serveur, reçu vérifié\u00a0: ${receipt}`,
  rescueNewer: "Le serveur a déjà des réponses plus récentes de cet ordinateur.",
  rescueBlocked: "Le réseau modifie ou bloque l’envoi. Réessayez depuis un autre réseau.",
  rescueCut: "Le serveur ne répond pas. Vérifiez le réseau, puis réessayez.",
  skip: "Aller à la question",
  offline: "Le réseau est coupé. Continue\u00a0: tes réponses sont gardées sur cet ordinateur.",
  online: "Le réseau est revenu.",
};

/** What a pupil reads and hears inside a question. */
export const ASK = {
  answerRank: (/** @type {number} */ rank) => `Réponse ${rank}`,
  tooMany: (/** @type {number} */ most) =>
    most > 1 ? `Tu peux choisir ${most} réponses au plus. Enlèves-en une d’abord.` : "Une seule réponse est possible.",
  number: "Écris un nombre.",
  columnTaken: "Cette colonne est déjà prise.",
  columnFull: (/** @type {number} */ most) => `Cette colonne est complète (${most}).`,
  toRank: "À ranger",
  ranked: "Dans l’ordre",
  allRanked: "Tout est rangé.",
  rankHere: "Clique sur une étiquette pour la placer ici.",
  placeOf: (/** @type {string} */ name, /** @type {number} */ rank) => `${name}\u00a0: place ${rank}`,
  putBack: (/** @type {string} */ name) => `${name}\u00a0: à ranger`,
  up: "Monter",
  down: "Descendre",
  away: "Enlever",
  toolOf: (/** @type {string} */ tool, /** @type {string} */ name) => `${tool}\u00a0: ${name}`,
  gap: (/** @type {number} */ rank) => `Trou ${rank}`,
  inGap: (/** @type {string} */ gap, /** @type {string} */ name) => `${gap}\u00a0: ${name}`,
  empty: "vide",
  labels: "Étiquettes à placer",
  labelFirst: "Choisis d’abord une étiquette.",
  zones: "Places sur l’image",
  zone: (/** @type {number} */ rank) => `Zone ${rank}`,
  zoneRank: (/** @type {string} */ name, /** @type {number} */ rank) => `${name}, numéro ${rank}`,
  pairLabels: "Étiquettes à associer",
  pairs: "Paires faites",
  pairTwo: "Choisis deux étiquettes qui vont ensemble.",
  pairGone: "Paire enlevée",
  pair: (/** @type {string} */ a, /** @type {string} */ b) => `${a} avec ${b}`,
  untouched: "pas encore de réponse",
  pointHelp:
    "Clique sur l’image. Au clavier\u00a0: les flèches déplacent la croix, Entrée pose ou enlève un point.",
  pointOn: "Point posé",
  pointOff: "Point enlevé",
  unknown: "Cette question ne peut pas s’afficher ici. Passe à la suivante.",
};

/** @typedef {{title: string, text: string, action: "retry" | "code" | "here" | null}} Notice */

/** What to say when the page cannot go on. @type {Record<string, Notice>} */
export const NOTICES = {
  unreachable: {
    title: "Le serveur ne répond pas",
    text: "Vérifie avec l’adulte qui surveille que cet ordinateur a du réseau, puis réessaie. Si tu avais commencé, tes réponses sont gardées.",
    action: "retry",
  },
  early: {
    title: "Ce n’est pas encore l’heure",
    text: "L’évaluation n’est pas encore ouverte. Attends le signal de l’adulte qui surveille, puis réessaie.",
    action: "retry",
  },
  closed: {
    title: "L’évaluation est terminée",
    text: "On ne peut plus y répondre. Tout ce qui a été envoyé avant la fin est bien gardé. Appelle l’adulte qui surveille si tu penses que c’est une erreur.",
    action: "code",
  },
  finished: {
    title: "Tu as déjà fini cette évaluation",
    text: "Tes réponses sont bien gardées\u00a0: tu n’as plus rien à faire. Si ce n’est pas toi qui as fini, montre ta feuille à l’adulte qui surveille.",
    action: "code",
  },
  untrusted: {
    title: "Cette page n’est pas sûre",
    text: "Ce que le serveur a envoyé n’est pas signé par le ministère. Ne réponds pas et appelle l’adulte qui surveille.",
    action: null,
  },
  unsupported: {
    title: "Ce navigateur est trop ancien",
    text: "Appelle l’adulte qui surveille\u00a0: il faut un navigateur à jour (Firefox 113, Chrome 103, Safari 16.4 ou plus récent) et une adresse en https.",
    action: null,
  },
  taken: {
    title: "Tu continues dans une autre fenêtre",
    text: "Tes réponses y sont toutes. Tu peux fermer cette fenêtre-ci.",
    action: "here",
  },
  elsewhere: {
    title: "Tu continues sur un autre ordinateur",
    text: "Tes réponses d’ici sont gardées. Continue là-bas, ou reviens ici si l’adulte qui surveille te le dit.",
    action: "here",
  },
  refused: {
    title: "Le serveur n’a pas pris tes réponses",
    text: "Elles sont gardées sur cet ordinateur. Ne ferme pas cette page, appelle l’adulte qui surveille, puis réessaie avec lui.",
    action: "retry",
  },
  broken: {
    title: "Quelque chose n’a pas marché",
    text: "Recharge la page. Si tu avais commencé, tes réponses sont gardées. Si cela recommence, appelle l’adulte qui surveille.",
    action: "retry",
  },
};
