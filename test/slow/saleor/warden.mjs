// Waits for the end of the run that started it and removes what that run made, if it could not do so itself: a killed
// process cleans up nothing. Arguments: process id, ledger file, prefix; the shop and its token come in the environment.
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { removePrefix } from './remove.mjs';

const [, , pid, ledger, prefix] = process.argv;

function isAlive() {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

while (existsSync(ledger) && isAlive()) await sleep(500);
if (existsSync(ledger)) {
  await removePrefix(process.env.SALEOR_API_URL, process.env.SALEOR_TOKEN, prefix);
  rmSync(ledger, { force: true });
}
