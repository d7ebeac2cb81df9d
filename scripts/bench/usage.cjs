// Preloaded into a measured process: what it took of the machine, written where BENCH_USAGE says when it ends.
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(
    process.env.BENCH_USAGE,
    JSON.stringify({ cpu_ms: Math.round((userCPUTime + systemCPUTime) / 1000), peak_kib: maxRSS }),
  );
});
