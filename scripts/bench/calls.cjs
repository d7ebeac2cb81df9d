// Preloaded into a process whose work is counted: the number of calls of JavaScript functions, written where BENCH_CALLS says
// when it ends. The same program with the same input makes the same calls, on any machine at any load.
const { writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');

const session = new Session();
session.connect();
const ask = (method, parameters) => {
  let answer;
  // On its own thread the inspector answers at once.
  session.post(method, parameters, (error, result) => {
    if (error) throw error;
    answer = result;
  });
  return answer;
};
ask('Profiler.enable');
ask('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

process.on('exit', () => {
  const { result } = ask('Profiler.takePreciseCoverage');
  let calls = 0;
  for (const { functions } of result) for (const { ranges } of functions) calls += ranges[0].count;
  const { maxRSS } = process.resourceUsage();
  writeFileSync(process.env.BENCH_CALLS, JSON.stringify({ calls, peak_kib: maxRSS }));
});
