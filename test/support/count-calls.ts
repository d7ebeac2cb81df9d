import { Session } from 'node:inspector/promises';

/** Calls of functions of the program during some work, by file and name (`hash-chain.ts parseLine`). */
export async function callsOf(work: () => Promise<unknown>): Promise<ReadonlyMap<string, number>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const calls = new Map<string, number>();
  for (const { url, functions } of result.filter((script) => script.url.includes('/src/')))
    for (const { functionName, ranges } of functions) {
      const name = `${url.split('/').at(-1)} ${functionName}`;
      calls.set(name, (calls.get(name) ?? 0) + (ranges[0]?.count ?? 0));
    }
  return calls;
}
