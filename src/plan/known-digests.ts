import type { Plan } from './generated/plan.js';

/** SHA-256 of plans that were digested. Plans never change in memory. Apart from plan.ts, as every command loads what prints JSON. */
export const knownDigests = new WeakMap<Plan, string>();
