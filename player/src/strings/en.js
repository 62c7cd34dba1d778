// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * What a pupil reads, in English: the same keys as fr.js.
 * @module
 */

/** @param {number} n @param {string} one @param {string} many */
const counted = (n, one, many) => `${n}\u00a0${n === 1 ? one : many}`;

/** @type {typeof import("./fr.js").SAY} */
export const SAY = {
  brand: "encrier",
  codeTitle: "Hello! Type your code",
  codeHelp: "It is on your slip: twelve letters, in three groups.",
  codeLabel: "Your code",
  enter: "Enter",
  wait: "One moment…",
  unknownCode: "This code is not expected here. Compare it with your slip, then call the adult in the room.",
  consonants: "A code is made of consonants only: no digit, no vowel.",
  pictogramsTitle: "Are these yours?",
  pictogramsHelp: "Look at the three pictures on your slip.",
  yes: "Yes, these are mine",
  no: "No",
  notMine: "This may not be your slip",
  notMineHelp: "Show your slip to the adult in the room, then type your code again.",
  writeCode: "Type a code",
  questions: (/** @type {number} */ n) => counted(n, "question", "questions"),
  keptAsYouGo: "Your answers are kept as you go.",
  moveFreely: "You can leave a question and come back to it later.",
  already: (/** @type {number} */ n) =>
    n > 1 ? `You have already answered ${n}\u00a0questions: they are still here.` : "You have already answered one question: it is still here.",
  start: "Start",
  resume: "Go on",
  loading: "The questions are on their way…",
  questionOf: (/** @type {number} */ n, /** @type {number} */ total) => `Question ${n} of ${total}`,
  document: "Document",
  table: "Table",
  previous: "Previous",
  next: "Next",
  toEnd: "Check and finish",
  overview: "Overview",
  clear: "Clear my answer",
  cleared: "Answer cleared",
  kept: "Answers kept",
  saving: "Saving…",
  here: (/** @type {number} */ n) => `Kept here, ${n} still to send`,
  waiting: (/** @type {number} */ n) => `Kept here. ${counted(n, "answer", "answers")} still to send`,
  open: (/** @type {number} */ n) => `Do not close this page: ${counted(n, "answer", "answers")} still to send`,
  openText: "This computer keeps nothing. Do not close this page: your answers leave as you go.",
  blocked: (/** @type {number} */ n) => `Blocked by the network. ${counted(n, "answer", "answers")} still to send`,
  blockedText:
    "The school’s network changes or blocks what is sent. Go on: your answers are kept on this computer. Tell the adult in the room.",
  refusedState: "Kept on this computer. Call the adult in the room.",
  overviewTitle: "Overview",
  answeredOf: (/** @type {number} */ n, /** @type {number} */ total) =>
    `You have answered ${counted(n, "question", "questions")} out of ${total}.`,
  stateAnswered: "answered",
  stateSeen: "seen, no answer",
  stateNew: "not seen yet",
  legend: { answered: "Answered", seen: "Seen, no answer", fresh: "Not seen yet" },
  number: (/** @type {number} */ n, /** @type {string} */ state) => `Question ${n}, ${state}`,
  pause: "Stop here and go on later with my code",
  nextPupil: "Type another code",
  back: "Back to the questions",
  finish: "I have finished",
  finishTitle: "Have you finished?",
  finishBlank: (/** @type {number} */ n) =>
    n > 1 ? `${n}\u00a0questions have no answer yet.` : "One question has no answer yet.",
  finishAll: "You have answered every question.",
  finishWarning: "After this you can no longer change your answers.",
  finishConfirm: "Yes, I have finished",
  finishNotYet: "No, not yet",
  doneTitle: "Your answers are safely kept",
  doneText: "That’s all, thank you! You can close this page.",
  receipt: "Receipt",
  sendingTitle: "Keep this page open",
  sendingNow: "Your last answers are on their way…",
  sendingCount: (/** @type {number} */ n) => `${counted(n, "answer", "answers")} still to send.`,
  sendingText: "Your answers are kept on this computer. They will leave as soon as the network is back.",
  retry: "Try again",
  goOnHere: "Go on here",
  forAdult: "For the adult in the room",
  left: (/** @type {number} */ n) =>
    `This computer still keeps ${counted(n, "save", "saves")}. ${n > 1 ? "They leave" : "It leaves"} as soon as the network allows.`,
  check: {
    network:
      "Check the cable or the wifi, then the date and the time of this computer. If the browser speaks of a certificate, tell the IT service: nothing will leave through this network.",
    blocked:
      "A filter, a sign-in portal or a proxy answers in the place of the server. Open another page to pass the portal, or have this address allowed (POST included).",
    disk: "This browser keeps nothing: private window, setting, or full disk. Keep the page open until everything is sent.",
    refused: "The server refused a save. Keep the page open and tell your contact.",
  },
  rescueHelp: (/** @type {string} */ place) =>
    `If the network does not come back, carry the answers to another computer or a phone, at ${place}. They are sealed: nobody can read them on the way.`,
  rescueFile: "Save a rescue file",
  rescueCodes: "Show codes to film",
  rescueNothing: "Nothing waits on this computer: all is sent.",
  codesLabel: (/** @type {number} */ n) => `Sequence of ${counted(n, "QR code", "QR codes")}`,
  codesHelp: (/** @type {number} */ n) =>
    `${n > 1 ? "Film this screen until the other device says that all is read. The order does not matter." : "Film this code."}`,
  codeOf: (/** @type {number} */ n, /** @type {number} */ total) => `Code ${n} of ${total}`,
  rescueTitle: "Send a rescue file",
  rescueLead: "The answers of a computer without a network leave from here. They stay sealed.",
  rescueChoose: "Choose the rescue file, or drop it here.",
  rescueCamera: "Read the codes with the camera",
  cameraLabel: "What the camera sees",
  cameraNo: "The camera is not available. Use the rescue file.",
  codesSeen: (/** @type {number} */ n, /** @type {number} */ total) => `${n} codes read out of ${total}.`,
  rescueNot: "This is not a whole rescue file. Save it again on the pupil’s computer.",
  rescueDone: (/** @type {number} */ n, /** @type {number} */ total) =>
    n === total ? `${counted(n, "save sent", "saves sent")}: everything is on the server.` : `${n} of ${total} on the server.`,
  rescueSent: (/** @type {string} */ receipt) => `Kept by the server, receipt checked: ${receipt}`,
  rescueNewer: "The server already has newer answers from this computer.",
  rescueBlocked: "The network changes or blocks what is sent. Try again from another network.",
  rescueCut: "The server does not answer. Check the network, then try again.",
  skip: "Go to the question",
  offline: "The network is down. Go on: your answers are kept on this computer.",
  online: "The network is back.",
};

/** @type {typeof import("./fr.js").ASK} */
export const ASK = {
  answerRank: (/** @type {number} */ rank) => `Answer ${rank}`,
  tooMany: (/** @type {number} */ most) =>
    most > 1 ? `You can choose ${most} answers at most. Take one away first.` : "Only one answer is possible.",
  number: "Write a number.",
  columnTaken: "This column is already taken.",
  columnFull: (/** @type {number} */ most) => `This column is full (${most}).`,
  toRank: "To put in order",
  ranked: "In order",
  allRanked: "All in order.",
  rankHere: "Click a label to place it here.",
  placeOf: (/** @type {string} */ name, /** @type {number} */ rank) => `${name}: place ${rank}`,
  putBack: (/** @type {string} */ name) => `${name}: to put in order`,
  up: "Move up",
  down: "Move down",
  away: "Take away",
  toolOf: (/** @type {string} */ tool, /** @type {string} */ name) => `${tool}: ${name}`,
  gap: (/** @type {number} */ rank) => `Gap ${rank}`,
  inGap: (/** @type {string} */ gap, /** @type {string} */ name) => `${gap}: ${name}`,
  empty: "empty",
  labels: "Labels to place",
  labelFirst: "Choose a label first.",
  zones: "Places on the picture",
  zone: (/** @type {number} */ rank) => `Place ${rank}`,
  zoneRank: (/** @type {string} */ name, /** @type {number} */ rank) => `${name}, number ${rank}`,
  pairLabels: "Labels to pair",
  pairs: "Pairs made",
  pairTwo: "Choose two labels that go together.",
  pairGone: "Pair taken away",
  pair: (/** @type {string} */ a, /** @type {string} */ b) => `${a} with ${b}`,
  untouched: "no answer yet",
  pointHelp: "Click on the picture. With the keyboard: arrows move the cross, Enter puts a point or takes it away.",
  pointOn: "Point placed",
  pointOff: "Point taken away",
  unknown: "This question cannot be shown here. Go on to the next one.",
};

/** @type {typeof import("./fr.js").NOTICES} */
export const NOTICES = {
  unreachable: {
    title: "The server does not answer",
    text: "Check with the adult in the room that this computer is on the network, then try again. If you had started, your answers are kept.",
    action: "retry",
  },
  early: {
    title: "It is not time yet",
    text: "The assessment has not opened. Wait for the adult in the room to tell you, then try again.",
    action: "retry",
  },
  closed: {
    title: "The assessment is over",
    text: "It can no longer be answered. All that was sent before the end is safely kept. Call the adult in the room if you think this is a mistake.",
    action: "code",
  },
  finished: {
    title: "You have already finished this assessment",
    text: "Your answers are safely kept: there is nothing more to do. If it was not you who finished, show your slip to the adult in the room.",
    action: "code",
  },
  untrusted: {
    title: "This page is not safe",
    text: "What the server sent is not signed by the ministry. Do not answer, and call the adult in the room.",
    action: null,
  },
  unsupported: {
    title: "This browser is too old",
    text: "Call the adult in the room: an up-to-date browser is needed (Firefox 113, Chrome 103, Safari 16.4 or newer), and an address in https.",
    action: null,
  },
  taken: {
    title: "You are going on in another window",
    text: "All your answers are there. You can close this window.",
    action: "here",
  },
  elsewhere: {
    title: "You are going on on another computer",
    text: "Your answers from here are kept. Go on there, or come back here if the adult in the room says so.",
    action: "here",
  },
  refused: {
    title: "The server did not take your answers",
    text: "They are kept on this computer. Do not close this page, call the adult in the room, then try again together.",
    action: "retry",
  },
  broken: {
    title: "Something went wrong",
    text: "Reload the page. If you had started, your answers are kept. If it happens again, call the adult in the room.",
    action: "retry",
  },
};
