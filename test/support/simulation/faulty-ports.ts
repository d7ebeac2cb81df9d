import type { EnginePorts } from '../../../src/apply/apply.ts';
import type { JournalEntry, Scope, Step, StepReply } from '../../../src/apply/ports.ts';
import { Failure } from '../../../src/core/failure.ts';
import { EDITS, type Edit, edit } from './human-edits.ts';
import { isInShop, unplannedWrite } from './plan-in-shop.ts';
import type { Scene } from './scene.ts';
import { execute, readWorld, unclear, usersOf, valueById, type World } from './simulated-shop.ts';

export type Port = 'look' | 'send' | 'count' | 'journal' | 'sleep';

/**
 * The faults of one call of a port. `die_…`: the process ends there. `half_…`: only the first half of a batch is executed,
 * which may cut the mutations of one product. `unwritable`: the journal refuses this write and all later ones.
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

/** A fault at the `at`-th call of any port, counted over all runs, or at the first later call that it fits. */
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
  /** Refs that the shop confirmed without executing them. */
  readonly falselyConfirmed: Set<string>;
  /** The bytes of each run's journal. */
  readonly journals: string[];
  /** Requests that arrive late. `since`: number of reads when it was sent. */
  readonly late: { batch: readonly Step[]; looks: number; readonly since: number }[];
  run: number;
  isDead: boolean;
  isFull: boolean;
  isStopping: boolean;
  nowMs: number;
  previous: World | null;
  /** Of this run: the steps sent, and whether the last read showed each change. */
  sent: Step[];
  seen: ReadonlyMap<string, boolean>;
  readonly busy: Set<string>;
  /** Of this run: durable intents without their request so far, and how much of the journal was parsed for them. */
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
  falselyConfirmed: new Set(),
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
      read: (scope) => readShop(sim, scope),
      send: (batch) => sendBatch(sim, batch),
      countUsers: async (values) => {
        throwIfFault(sim, next(sim, 'count'));
        return values.map(({ attribute, slug }) => {
          const row = sim.world.attributes.get(attribute);
          const value = row?.values.find((one) => one.slug === slug);
          return row === undefined || value === undefined ? 0 : usersOf(sim.world, row.id, value.id);
        });
      },
    },
    journal: { write: (entries) => writeJournal(sim, entries) },
    clock: {
      now: () => sim.nowMs,
      sleep: async (ms) => {
        throwIfFault(sim, next(sim, 'sleep'));
        sim.nowMs += ms;
      },
    },
    isStopping: () => sim.isStopping,
  };
}

/** The fault of this call, or null. A person's edits and signals happen right before the call. */
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

function throwIfFault(sim: Sim, fault: FaultName | null): void {
  if (fault === 'die') die(sim);
  if (fault === 'look_fails') throw new Failure('connection_lost', 'the shop does not answer');
}

async function readShop(sim: Sim, scope: Scope): ReturnType<EnginePorts['shop']['read']> {
  const fault = next(sim, 'look');
  await pause(sim);
  if (sim.isDead) throw new Dead();
  throwIfFault(sim, fault);
  const source = fault === 'look_lags' && sim.previous !== null ? sim.previous : sim.world;
  if (scope.attributes.length > 0) sim.world.looks += 1;
  const actual = readWorld(source, sim.scene.contract, scope);
  sim.seen = new Map(
    sim.scene.plan.changes.map((change) => [change.ref, isInShop(sim.scene, source, change)]),
  );
  for (const request of [...sim.late]) {
    request.looks -= 1;
    if (request.looks > 0) continue;
    sim.late.splice(sim.late.indexOf(request), 1);
    executeBatch(sim, request.batch, request.since);
  }
  return actual;
}

/** Executes the mutations in order, each in a transaction of its own (docs/saleor.md#several-mutations-in-one-request). */
function executeBatch(sim: Sim, batch: readonly Step[], since = sim.world.looks): readonly StepReply[] {
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

async function sendBatch(sim: Sim, batch: readonly Step[]): Promise<readonly StepReply[]> {
  const fault = next(sim, 'send');
  if (fault === 'die') die(sim);
  checkBatch(sim, batch);
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
    if (sim.draw() < 0.5) executeBatch(sim, batch);
    throw new Dead();
  }
  return replyTo(sim, batch, fault);
}

const firstHalf = (batch: readonly Step[]): readonly Step[] => batch.slice(0, Math.floor(batch.length / 2));
const unclearReplies = (batch: readonly Step[]): readonly StepReply[] =>
  batch.map(() => unclear('connection lost'));

function replyTo(sim: Sim, batch: readonly Step[], fault: FaultName | null): readonly StepReply[] {
  switch (fault) {
    case 'request_lost':
      return unclearReplies(batch);
    case 'reply_lost':
      executeBatch(sim, batch);
      return unclearReplies(batch);
    case 'half_lost':
      executeBatch(sim, firstHalf(batch));
      return unclearReplies(batch);
    case 'late':
    case 'later':
      sim.late.push({ batch, looks: fault === 'late' ? 1 : 2, since: sim.world.looks });
      return unclearReplies(batch);
    case 'too_many':
      return batch.map(() => ({ state: 'not_sent', code: 'http_429', message: 'too many requests' }));
    case 'crash_first':
      return executeBatch(sim, batch).map((reply, index) =>
        index === 0 ? unclear('Internal Server Error') : reply,
      );
    case 'crash_last':
      return [...executeBatch(sim, batch.slice(0, -1)), unclear('Internal Server Error')];
    case 'refused_last':
      return [
        ...executeBatch(sim, batch.slice(0, -1)),
        { state: 'refused', code: 'INVALID', message: 'Saleor would not' },
      ];
    case 'told_undone':
      for (const ref of batch.flatMap(({ refs }) => refs)) sim.falselyConfirmed.add(ref);
      return batch.map((step) => falselyDone(step));
    case 'wrong_slug':
      return executeBatch(sim, batch).map((reply) => withWrongSlugs(sim, reply));
    case 'die_half_done':
      executeBatch(sim, firstHalf(batch));
      return die(sim);
    case 'die_done':
      executeBatch(sim, batch);
      return die(sim);
    case 'die_late':
      sim.late.push({ batch, looks: 1, since: sim.world.looks });
      return die(sim);
    default:
      return executeBatch(sim, batch);
  }
}

/** A reply that confirms a step that was not executed, with ids that do not exist. */
const falselyDone = (step: Step): StepReply => ({
  state: 'done',
  made:
    step.kind === 'create_values'
      ? step.refs.map((ref) => ({ ref, id: `Nothing:${ref}`, slug: ref.split('.')[2] ?? '' }))
      : step.kind === 'create_attribute'
        ? [{ ref: step.refs[0], id: 'Nothing:attribute', slug: step.slug }]
        : [],
});

/** Gives new values another slug, as Saleor does when the slug is taken (docs/saleor.md#value-slugs). */
function withWrongSlugs(sim: Sim, reply: StepReply): StepReply {
  if (reply.state !== 'done') return reply;
  const made = reply.made.map((one) => {
    const found = valueById(sim.world, one.id);
    if (found === null) return one;
    found.value.slug = `${found.value.slug}-2`;
    return { ...one, slug: found.value.slug };
  });
  return { state: 'done', made };
}

/** Every write needs a durable intent and must be in the plan. */
function checkBatch(sim: Sim, batch: readonly Step[]): void {
  readIntents(sim);
  for (const step of batch) {
    const name = nameOf(step);
    const left = (sim.intents.get(name) ?? 0) - 1;
    sim.intents.set(name, left);
    if (left < 0) sim.violations.push(`no durable intent for ${name}`);
    const stray = unplannedWrite(sim.scene, sim.world, step);
    if (stray !== null) sim.violations.push(`not in the plan: ${name}: ${stray}`);
  }
}

const nameOf = ({ kind, refs }: { readonly kind?: unknown; readonly refs?: readonly string[] }): string =>
  `${kind} ${refs?.join()}`;

/** Adds the intents that this run's journal has gained. A reader ignores a line without its newline. */
function readIntents(sim: Sim): void {
  const journal = sim.journals[sim.run - 1] ?? '';
  const end = journal.lastIndexOf('\n') + 1;
  for (const line of journal.slice(sim.read, end).split('\n').slice(0, -1)) {
    const name = intentIn(line);
    if (name !== null) sim.intents.set(name, (sim.intents.get(name) ?? 0) + 1);
  }
  sim.read = end;
}

/** null: the line is incomplete or is no intent. */
function intentIn(line: string): string | null {
  try {
    const entry = JSON.parse(line) as JournalEntry;
    return entry.event === 'intent' ? nameOf(entry) : null;
  } catch {
    return null;
  }
}

async function writeJournal(sim: Sim, entries: readonly JournalEntry[]): Promise<void> {
  const fault = next(sim, 'journal');
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  // Like appendText: a new entry never continues an incomplete line.
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

/** Yields 0 to 3 times, so that requests in flight overtake each other. */
async function pause(sim: Sim): Promise<void> {
  for (let turns = Math.floor(sim.draw() * 4); turns > 0; turns -= 1) await null;
}
