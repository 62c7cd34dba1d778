// SPDX-License-Identifier: AGPL-3.0-or-later
/** Unpack the browser that the package carries, compressed, into the folder named. @module */

import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const [, , folder] = process.argv;
const packed = new URL("node_modules/@sparticuz/chromium/bin/", import.meta.url);
const FILES = [["chromium.br", "chromium"], ["al2023.tar.br", "lib.tar"], ["fonts.tar.br", "fonts.tar"]];
for (const [from, to] of FILES) {
  await pipeline(createReadStream(new URL(from, packed)), createBrotliDecompress(), createWriteStream(`${folder}/${to}`));
}
