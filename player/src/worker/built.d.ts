// SPDX-License-Identifier: AGPL-3.0-or-later
/** The paths of what was built, as JSON; written in by build.js. */
declare const BUILT: string;
