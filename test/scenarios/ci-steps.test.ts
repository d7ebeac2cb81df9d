import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { type ForgeKind, type ForgeWorld, fileOf, openWorld } from '../support/forge/forge-world.ts';

jest.setTimeout(120_000);

const MERGE = {
  mode: 'merge',
  merge: { ref: 'refs/remotes/origin/main', squash: 'trust_forge' },
  max_age_hours: 24,
};
const policyOf = (rules: object) =>
  JSON.stringify({ format: 'sailplan-policy', format_version: '1.0', default: rules });

const open: ForgeWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function worldOf(kind: ForgeKind, rules: object = MERGE): Promise<ForgeWorld> {
  const world = await openWorld(kind, { files: { 'sailplan.policy.json': policyOf(rules) } });
  open.push(world);
  return world;
}

async function must(code: number, ran: ReturnType<ForgeWorld['step']>): Promise<string> {
  const { code: found, out, err } = await ran;
  expect({ code: found, said: found === code ? '' : out + err }).toEqual({ code, said: '' });
  return out + err;
}

const proposed = (world: ForgeWorld) => {
  const request = world.state.requests.findLast(
    ({ state, head }) => state === 'open' && head.startsWith('sailplan/'),
  );
  if (request === undefined) throw new Error('no open request');
  return { number: request.number, id: request.head.replace('sailplan/', ''), branch: request.head };
};

describe.each(['github', 'gitlab'] as const)('on %s', (kind) => {
  test('plan, request with a comment, merge, apply, report on the branch and linked; then nothing to do', async () => {
    const world = await worldOf(kind);
    await must(0, world.step('ci', 'plan'));
    const { number, id } = proposed(world);
    const comments = () => world.state.comments.filter((one) => one.number === number);
    expect(comments()).toEqual([
      expect.objectContaining({ body: expect.stringContaining('product.churn-watch') }),
    ]);
    expect(await must(0, world.step('ci', 'plan'))).toContain('proposed already');
    expect(world.state.requests).toHaveLength(1);
    expect(comments()).toHaveLength(1);
    expect(world.desk.sandbox.log.counts.mutations).toBe(0);
    world.merge(number);
    expect(await must(0, world.step('ci', 'plan'))).toContain('not applied yet');
    expect(await must(0, world.step('ci', 'apply'))).toContain(`Plan ${id} is applied`);
    expect(JSON.parse(fileOf(world, 'main', `plans/${id}/report.json`) ?? '{}')).toMatchObject({
      converged: true,
    });
    expect(comments().at(-1)?.body).toContain(
      `/${world.git(world.bare, 'rev-parse', 'main')}/plans/${id}/report.json`,
    );
    expect(await must(0, world.step('ci', 'apply'))).toContain('No merged plan waits');
    expect(await must(0, world.step('ci', 'plan'))).toContain('No changes');
    await must(0, world.step('audit', 'verify'));
  });
});
