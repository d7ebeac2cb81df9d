import { parentPort } from 'node:worker_threads';
import { type Part, search } from './fault-search.ts';

/** Does one part after another, as long as it is given any. */
parentPort?.on('message', async (part: Part) => parentPort?.postMessage(await search(part)));
