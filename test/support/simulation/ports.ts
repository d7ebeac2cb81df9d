import type { EnginePorts } from '../../../src/apply/apply.ts';
import type { JournalEntry, Scope, Step, StepReply } from '../../../src/apply/ports.ts';
import { Failure } from '../../../src/core/failure.ts';
import { EDITS, type Edit, edit } from './human.ts';
import type { Scene } from './scene.ts';
import { execute, look, unclear, usersOf, valueById, type World } from './shop.ts';
import { isThere, strayWrite } from './there.ts';

export type Port = 'look' | 'send' | 'count' | 'journal' | 'sleep';

/**
 * What can go wrong at one call of a port. `die_…`: the process ends there, and nothing that follows happens.
 * `half_…`: a batch is cut, and with it the mutations of one product. `unwritable`: the journal takes nothing any more.
 */
export const FAULTS = {
  look: ['look_fails', 'look_lags', 'die'],
  send: [
    'request_lost',
    'reply_lost',
    'half_lost',
    'late',
    'later',
    'too_many',
    'crash_first',
    'crash_last',
    'refused_last',
    'wrong_slug',
    'told_undone',
    'die',
    'die_half_done',
    'die_done',
    'die_late',
  ],
  count: ['look_fails', 'die'],
  journal: ['disk_full', 'unwritable', 'torn', 'die', 'die_torn', 'die_written'],
  sleep: ['die'],
} as const satisfies Record<Port, readonly string[]>;

export type FaultName = (typeof FAULTS)[Port][number] | Edit | 'signal';
export const ANYWHERE: readonly FaultName[] = ['signal', ...EDITS];

/** A fault at the `at`-th call of any port, over all runs, or at the first later call that it fits. */
export interface Fault {
  readonly at: number;
  readonly name: FaultName;
}

/** Thrown by every port of a dead process. */
export class Dead extends Error {}

export interface Sim {
  readonly scene: Scene;
  readonly world: World;
  readonly faults: Fault[];
  /** 0 ≤ x < 1: order of parallel work. */
  readonly draw: () => number;
  /** Port of each call so far. */
  readonly trace: Port[];
  readonly violations: string[];
  readonly edits: Edit[];
  /** Refs that the shop said were done, and did not do. */
  readonly told: Set<string>;
  /** What each run's journal holds, byte for byte. */
  readonly journals: string[];
  /** `since`: how many looks there had been when it was sent. */
  readonly late: { batch: readonly Step[]; looks: number; readonly since: number }[];
  run: number;
  isDead: boolean;
  isFull: boolean;
  isStopping: boolean;
  nowMs: number;
  previous: World | null;
  /** Of this run: steps sent, and whether each change was there at the last look. */
  sent: Step[];
  seen: ReadonlyMap<string, boolean>;
  readonly busy: Set<string>;
  /** Of this run: durable intents that were not followed by their request yet, and how much of the journal they are from. */
  readonly intents: Map<string, number>;
  read: number;
}

export const newSim = (scene: Scene, faults: readonly Fault[], draw: () => number): Sim => ({
  scene,
  world: structuredClone(scene.world),
  faults: [...faults],
  draw,
  trace: [],
  violations: [],
  edits: [],
  told: new Set(),
  journals: [],
  late: [],
  run: 0,
  isDead: false,
  isFull: false,
  isStopping: false,
  nowMs: Date.UTC(2026, 10, 23),
  previous: null,
  sent: [],
  seen: new Map(),
  busy: new Set(),
  intents: new Map(),
  read: 0,
});

/** Starts a new process. */
export function startRun(sim: Sim): EnginePorts {
  sim.run += 1;
  sim.journals.push('');
  Object.assign(sim, { isDead: false, isFull: false, isStopping: false, sent: [], read: 0 });
  sim.busy.clear();
  sim.intents.clear();
  return {
    shop: {
      read: (scope) => looked(sim, scope),
      send: (batch) => sent(sim, batch),
      countUsers: async (values) => {
        fail(sim, next(sim, 'count'));
        return values.map(({ attribute, slug }) => {
          const row = sim.world.attributes.get(attribute);
          const value = row?.values.find((one) => one.slug === slug);
          return row === undefined || value === undefined ? 0 : usersOf(sim.world, row.id, value.id);
        });
      },
    },
    journal: { write: (entries) => written(sim, entries) },
    clock: {
      now: () => sim.nowMs,
      sleep: async (ms) => {
        fail(sim, next(sim, 'sleep'));
        sim.nowMs += ms;
      },
    },
    isStopping: () => sim.isStopping,
  };
}

/** The fault of this call, if any; a human's edits and signals happen right before it. */
function next(sim: Sim, port: Port): FaultName | null {
  if (sim.isDead) throw new Dead();
  sim.trace.push(port);
  sim.nowMs += 20;
  let fault: FaultName | null = null;
  for (const due of sim.faults.filter(({ at }) => at <= sim.trace.length)) {
    const isAnywhere = ANYWHERE.includes(due.name);
    if (!isAnywhere && (fault !== null || !(FAULTS[port] as readonly string[]).includes(due.name))) continue;
    sim.faults.splice(sim.faults.indexOf(due), 1);
    if (due.name === 'signal') sim.isStopping = true;
    else if (isAnywhere) {
      if (edit(sim.scene, sim.world, due.name as Edit)) sim.edits.push(due.name as Edit);
    } else fault = due.name;
  }
  return fault;
}

function die(sim: Sim): never {
  sim.isDead = true;
  throw new Dead();
}

function fail(sim: Sim, fault: FaultName | null): void {
  if (fault === 'die') die(sim);
  if (fault === 'look_fails') throw new Failure('connection_lost', 'the shop does not answer');
}

async function looked(sim: Sim, scope: Scope): ReturnType<EnginePorts['shop']['read']> {
  const fault = next(sim, 'look');
  await pause(sim);
  if (sim.isDead) throw new Dead();
  fail(sim, fault);
  const source = fault === 'look_lags' && sim.previous !== null ? sim.previous : sim.world;
  if (scope.attributes.length > 0) sim.world.looks += 1;
  const actual = look(source, sim.scene.contract, scope);
  sim.seen = new Map(
    sim.scene.plan.changes.map((change) => [change.ref, isThere(sim.scene, source, change)]),
  );
  for (const request of [...sim.late]) {
    request.looks -= 1;
    if (request.looks > 0) continue;
    sim.late.splice(sim.late.indexOf(request), 1);
    carryOut(sim, request.batch, request.since);
  }
  return actual;
}

/** Executed one after the other, each alone (docs/saleor.md#several-mutations-in-one-request). */
function carryOut(sim: Sim, batch: readonly Step[], since = sim.world.looks): readonly StepReply[] {
  const { looks } = sim.world;
  sim.world.looks = since;
  const replies = batch.map((step) => {
    const reply = execute(sim.world, step, 'us');
    if (reply.state === 'done')
      sim.world.log.push({
        by: 'us',
        refs: step.refs,
        kind: step.kind,
        run: sim.run,
        number: sim.world.log.length,
      });
    return reply;
  });
  sim.world.looks = looks;
  return replies;
}

async function sent(sim: Sim, batch: readonly Step[]): Promise<readonly StepReply[]> {
  const fault = next(sim, 'send');
  if (fault === 'die') die(sim);
  check(sim, batch);
  const products = batch.flatMap((step) => (step.refs[0]?.startsWith('product.') ? [step.refs[0]] : []));
  for (const product of new Set(products)) {
    if (sim.busy.has(product)) sim.violations.push(`two requests write ${product} at the same time`);
    sim.busy.add(product);
  }
  sim.sent.push(...batch);
  if (sim.faults.some(({ name }) => name === 'look_lags')) sim.previous = structuredClone(sim.world);
  await pause(sim);
  for (const product of products) sim.busy.delete(product);
  if (sim.isDead) {
    if (sim.draw() < 0.5) carryOut(sim, batch);
    throw new Dead();
  }
  return answer(sim, batch, fault);
}

const half = (batch: readonly Step[]): readonly Step[] => batch.slice(0, Math.floor(batch.length / 2));
const lost = (batch: readonly Step[]): readonly StepReply[] => batch.map(() => unclear('connection lost'));

function answer(sim: Sim, batch: readonly Step[], fault: FaultName | null): readonly StepReply[] {
  switch (fault) {
    case 'request_lost':
      return lost(batch);
    case 'reply_lost':
      carryOut(sim, batch);
      return lost(batch);
    case 'half_lost':
      carryOut(sim, half(batch));
      return lost(batch);
    case 'late':
    case 'later':
      sim.late.push({ batch, looks: fault === 'late' ? 1 : 2, since: sim.world.looks });
      return lost(batch);
    case 'too_many':
      return batch.map(() => ({ state: 'not_sent', code: 'http_429', message: 'too many requests' }));
    case 'crash_first':
      return carryOut(sim, batch).map((reply, index) =>
        index === 0 ? unclear('Internal Server Error') : reply,
      );
    case 'crash_last':
      return [...carryOut(sim, batch.slice(0, -1)), unclear('Internal Server Error')];
    case 'refused_last':
      return [
        ...carryOut(sim, batch.slice(0, -1)),
        { state: 'refused', code: 'INVALID', message: 'Saleor would not' },
      ];
    case 'told_undone':
      for (const ref of batch.flatMap(({ refs }) => refs)) sim.told.add(ref);
      return batch.map((step) => toldAsDone(step));
    case 'wrong_slug':
      return carryOut(sim, batch).map((reply) => misnamed(sim, reply));
    case 'die_half_done':
      carryOut(sim, half(batch));
      return die(sim);
    case 'die_done':
      carryOut(sim, batch);
      return die(sim);
    case 'die_late':
      sim.late.push({ batch, looks: 1, since: sim.world.looks });
      return die(sim);
    default:
      return carryOut(sim, batch);
  }
}

/** A reply that says done of what never was, with ids of nothing. */
const toldAsDone = (step: Step): StepReply => ({
  state: 'done',
  made:
    step.kind === 'create_values'
      ? step.refs.map((ref) => ({ ref, id: `Nothing:${ref}`, slug: ref.split('.')[2] ?? '' }))
      : step.kind === 'create_attribute'
        ? [{ ref: step.refs[0], id: 'Nothing:attribute', slug: step.slug }]
        : [],
});

/** The slugs of new values, as if someone's values had taken theirs (docs/saleor.md#value-slugs). */
function misnamed(sim: Sim, reply: StepReply): StepReply {
  if (reply.state !== 'done') return reply;
  const made = reply.made.map((one) => {
    const found = valueById(sim.world, one.id);
    if (found === null) return one;
    found.value.slug = `${found.value.slug}-2`;
    return { ...one, slug: found.value.slug };
  });
  return { state: 'done', made };
}

/** No write without a durable intent, none that is not in the plan. */
function check(sim: Sim, batch: readonly Step[]): void {
  readIntents(sim);
  for (const step of batch) {
    const name = nameOf(step);
    const left = (sim.intents.get(name) ?? 0) - 1;
    sim.intents.set(name, left);
    if (left < 0) sim.violations.push(`no durable intent for ${name}`);
    const stray = strayWrite(sim.scene, sim.world, step);
    if (stray !== null) sim.violations.push(`not in the plan: ${name}: ${stray}`);
  }
}

const nameOf = ({ kind, refs }: { readonly kind?: unknown; readonly refs?: readonly string[] }): string =>
  `${kind} ${refs?.join()}`;

/** What this run's journal holds by now, as a reader would find it: a line without its end is none. */
function readIntents(sim: Sim): void {
  const journal = sim.journals[sim.run - 1] ?? '';
  const end = journal.lastIndexOf('\n') + 1;
  for (const line of journal.slice(sim.read, end).split('\n').slice(0, -1)) {
    const name = intentIn(line);
    if (name !== null) sim.intents.set(name, (sim.intents.get(name) ?? 0) + 1);
  }
  sim.read = end;
}

/** null: the line is torn, or says something else. */
function intentIn(line: string): string | null {
  try {
    const entry = JSON.parse(line) as JournalEntry;
    return entry.event === 'intent' ? nameOf(entry) : null;
  } catch {
    return null;
  }
}

async function written(sim: Sim, entries: readonly JournalEntry[]): Promise<void> {
  const fault = next(sim, 'journal');
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  // As appendText: a line is never glued to a torn one.
  const journal = sim.journals[sim.run - 1] ?? '';
  const start = journal === '' || journal.endsWith('\n') ? '' : '\n';
  const append = (part: string) => {
    sim.journals[sim.run - 1] += start + part;
  };
  if (fault === 'unwritable') sim.isFull = true;
  if (fault === 'die') die(sim);
  if (fault === 'die_torn' || fault === 'torn') append(text.slice(0, Math.floor(text.length * 0.6)));
  if (fault === 'die_torn') die(sim);
  if (sim.isFull || fault === 'disk_full' || fault === 'torn')
    throw new Failure('file_unwritable', 'no space left');
  append(text);
  await pause(sim);
  if (fault === 'die_written' || sim.isDead) die(sim);
}

/** A few turns of the loop, so that work in flight overtakes other work in flight. */
async function pause(sim: Sim): Promise<void> {
  for (let turns = Math.floor(sim.draw() * 4); turns > 0; turns -= 1) await null;
}
