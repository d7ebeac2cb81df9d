import { type EngineOptions, type EngineResult, runApply } from '../../../src/apply/apply.ts';
import { countWrites, parseJournal, refsSentTwice } from '../../../src/apply/journal-history.ts';
import { Failure } from '../../../src/core/failure.ts';
import { Dead, type Fault, newSim, type Port, type Sim, startRun } from './faulty-ports.ts';
import { EDITS } from './human-edits.ts';
import { isInShop } from './plan-in-shop.ts';
import { planFor, type Scene } from './scene.ts';
import type { World } from './simulated-shop.ts';

export interface Simulated {
  /** Broken promises. */
  readonly violations: readonly string[];
  /** The port of each call, over all runs. */
  readonly trace: readonly Port[];
  readonly runs: number;
  readonly end: 'converged' | 'stopped';
}

const RUNS = 8;

/**
 * Applies the plan again and again until all faults happened and one more run had none; then one last time. Checks the
 * promises of apply in every run.
 */
export async function simulate(
  scene: Scene,
  faults: readonly Fault[],
  { draw = () => 0, parallel = 4 }: { readonly draw?: () => number; readonly parallel?: number } = {},
): Promise<Simulated> {
  const sim = newSim(scene, faults, draw);
  let end: Simulated['end'] | null = null;
  let isApplied = false;
  for (let calm = 0; end === null && sim.run < RUNS; ) {
    const [left, waiting] = [sim.faults.length, sim.late.length];
    const result = await applyOnce(sim, { parallel, isApplied });
    if (result !== null) isApplied ||= result.converged;
    const isCalm = sim.faults.length === left && waiting === 0;
    calm += isCalm ? 1 : 0;
    if (!isCalm) continue;
    if (result === null) sim.violations.push('an undisturbed run did not end');
    else if (result.converged) end = 'converged';
    // A slug that Saleor chose otherwise is named, and no later run can change it.
    else if (sim.edits.length + sim.falselyConfirmed.size + result.slugDifferences.length === 0)
      sim.violations.push(`an undisturbed run did not converge: ${describeResult(sim, result)}`);
    if (end === null && calm === 2) end = 'stopped';
  }
  if (end === null) sim.violations.push('it never came to an end');
  if (end === 'converged') checkConverged(sim);
  sim.faults.splice(0);
  await onceMore(sim, parallel, end === 'converged');
  checkDuplicates(sim, end === 'converged');
  checkTwice(sim);
  return {
    violations: sim.violations,
    trace: sim.trace,
    runs: sim.run,
    end: end ?? 'stopped',
  };
}

const optionsOf = (sim: Sim, parallel: number, isApplied: boolean): EngineOptions => ({
  onConflict: 'stop',
  parallel,
  isDryRun: false,
  isApplied,
  written: countWrites(sim.journals.map(parseJournal)),
});

/** null: the process died, or the engine threw before its first write. */
async function applyOnce(
  sim: Sim,
  { parallel, isApplied }: { readonly parallel: number; readonly isApplied: boolean },
): Promise<EngineResult | null> {
  const options = optionsOf(sim, parallel, isApplied);
  const edits = sim.edits.length;
  try {
    const result = await runApply(sim.scene.plan, options, startRun(sim));
    if (sim.isDead) return null;
    checkReport(sim, result, edits < sim.edits.length);
    return result;
  } catch (error) {
    if (error instanceof Failure) {
      if (sim.sent.length > 0) sim.violations.push(`it threw after a write: ${error.message}`);
    } else if (!(error instanceof Dead) && !sim.isDead) sim.violations.push(`it threw ${error}`);
    return null;
  }
}

const describeResult = (sim: Sim, { ending, interruption, tracker, conflicts }: EngineResult): string =>
  JSON.stringify({
    ending,
    interruption,
    conflicts: conflicts.map(({ ref, field, because }) => [ref, field, because]),
    open: sim.scene.plan.changes
      .filter(({ ref }) => !tracker.isPresent(ref))
      .map(({ ref }) => [ref, tracker.of(ref).outcome, tracker.of(ref).because]),
  });

/** Compares the outcomes of a run with the shop's own log. `sim.seen`: what the last read showed. */
function checkReport(sim: Sim, result: EngineResult, wasEdited: boolean): void {
  const say = (ref: string, what: string) => sim.violations.push(`run ${sim.run}: ${ref} is told as ${what}`);
  if (result.interruption?.message.startsWith('internal error'))
    sim.violations.push(result.interruption.message);
  const sent = new Set(sim.sent.flatMap(({ refs }) => refs));
  const ours = new Set(sim.world.log.flatMap(({ refs }) => refs));
  const didSame = sim.edits.some((name) => name === 'does_the_same' || name === 'creates_same_value');
  for (const { ref } of sim.scene.plan.changes) {
    const { outcome, because } = result.tracker.of(ref);
    const isSeen = sim.seen.get(ref) === true;
    const isRead = result.interruption?.code !== 'interrupted';
    const words = `${outcome} (${because})`;
    if (sent.has(ref) && ['not_attempted', 'skipped'].includes(outcome))
      say(ref, `${words}, but it was sent`);
    if (!sent.has(ref) && outcome === 'unknown') say(ref, `${words}, but it was not sent`);
    // Without a read-back the engine has to believe the shop's confirmation.
    const isBelieved = !isRead && sim.falselyConfirmed.has(ref);
    if (outcome === 'applied' && !ours.has(ref) && !didSame && !isBelieved)
      say(ref, `${words}, but we never wrote it`);
    if (outcome === 'already' && ours.has(ref) && !didSame) say(ref, `${words}, but we wrote it`);
    if (isRead && !isSeen && (outcome === 'applied' || outcome === 'already'))
      say(ref, `${words}, but it is not there`);
    if (isRead && isSeen && (outcome === 'failed' || outcome === 'unknown'))
      say(ref, `${words}, but it is there`);
    if (!isSeen && !result.tracker.isPresent(ref) && outcome !== 'not_attempted' && because === null)
      say(ref, `${words}, without a reason`);
  }
  for (const { ref, field, because } of result.conflicts)
    if (because === null && !wasEdited && sim.edits.length === 0)
      say(ref, `conflict in ${field}, which nobody made`);
  const isAllSeen = [...sim.seen.values()].every((seen) => seen);
  if (result.converged && !isAllSeen) sim.violations.push(`run ${sim.run}: told as converged, and it is not`);
}

/** States for which a new plan was already made: nearly all schedules of a scene end in the same state. */
const CONVERGED = new WeakMap<Scene, Set<string>>();

/** Everything that a plan can see of the shop. */
const stateOf = ({ attributes, types, products }: World): string =>
  JSON.stringify([
    [...attributes.values()].map(({ values, ...attribute }) => [
      attribute,
      values.map(({ id, name, slug, reference, translations }) => [
        id,
        name,
        slug,
        reference,
        ...translations,
      ]),
    ]),
    [...types].map(([slug, type]) => [slug, { ...type, attributes: [...type.attributes] }]),
    [...products.values()].map((product) => [
      { ...product, attributes: [...product.attributes], metadata: [...product.metadata] },
    ]),
  ]);

/** The shop has the whole plan; if nobody else wrote, a new plan finds nothing. */
function checkConverged(sim: Sim): void {
  for (const change of sim.scene.plan.changes)
    if (!isInShop(sim.scene, sim.world, change))
      sim.violations.push(`converged, but ${change.ref} is not there`);
  if (sim.edits.length > 0) return;
  const known = CONVERGED.get(sim.scene) ?? new Set();
  CONVERGED.set(sim.scene, known);
  const state = stateOf(sim.world);
  if (known.has(state)) return;
  known.add(state);
  // The next plan may delete a value that products had until now.
  const changes = planFor(sim.scene.contract, sim.scene.desired, sim.world).changes.filter(
    ({ action }) => action !== 'delete',
  );
  if (changes.length > 0) sim.violations.push(`a new plan still finds ${changes.map(({ ref }) => ref)}`);
}

/** A run after the end writes nothing. */
async function onceMore(sim: Sim, parallel: number, isApplied: boolean): Promise<void> {
  const result = await applyOnce(sim, { parallel, isApplied });
  if (!isApplied) return;
  if (sim.sent.length > 0)
    sim.violations.push(`the run after the end wrote ${sim.sent.map(({ refs }) => refs)}`);
  if (result?.ending !== 'nothing_to_do')
    sim.violations.push(`the run after the end ended as ${result?.ending}`);
}

/**
 * No value exists twice. Exception: in mode `external_reference` the engine cannot foresee a value that a person creates
 * after its last read.
 */
function checkDuplicates(sim: Sim, isConverged: boolean): void {
  for (const { slug, values } of sim.world.attributes.values()) {
    for (const value of values.filter(({ by, name }) => by === 'us' && !name.startsWith('By hand'))) {
      const twins = values.filter((other) => other !== value && other.name === value.name);
      const isOurs = sim.scene.contract.naming === 'key' ? `${slug}.${value.slug}` !== value.reference : true;
      const told = `${value.name} (${value.slug}) is there twice`;
      if (isOurs && twins.some(({ since }) => since < value.since)) sim.violations.push(`${slug}: ${told}`);
      if (values.some((other) => other !== value && other.reference === value.reference))
        sim.violations.push(`${slug}: two values ${value.reference}`);
      if (sim.edits.length > 0 || !isConverged || sim.scene.contract.naming !== 'key') continue;
      if (`${slug}.${value.slug}` !== value.reference)
        sim.violations.push(`${slug}: a value of ours has the slug ${value.slug}`);
    }
  }
}

/** Every mutation that was executed twice is reported as sent twice. */
function checkTwice(sim: Sim): void {
  const listed = refsSentTwice(sim.journals.map(parseJournal));
  const seen = new Map<string, number>();
  for (const { kind, refs } of sim.world.log)
    for (const ref of refs) seen.set(`${kind} ${ref}`, (seen.get(`${kind} ${ref}`) ?? 0) + 1);
  const edited = sim.edits.some((name) => (EDITS as readonly string[]).includes(name));
  for (const [name, count] of seen) {
    const [kind = '', ref = ''] = name.split(' ');
    if (count < 2) continue;
    // A value that was rolled back for its slug may be created again.
    const takenBack = kind === 'create_values' ? (seen.get(`delete_value ${ref}`) ?? 0) : 0;
    if (count - takenBack === 1) continue;
    if (kind === 'create_values' || kind === 'assign' || kind === 'create_attribute') {
      if (!edited) sim.violations.push(`${name} was executed ${count} times`);
    } else if (!listed.has(ref) && !edited)
      sim.violations.push(`${name} was executed ${count} times, and that is not listed`);
  }
}
