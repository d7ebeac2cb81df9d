import { afterAll } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { acceptance } from '../slow/saleor/suite.ts';

let sandbox: Sandbox | undefined;
afterAll(async () => {
  await sandbox?.close();
});

acceptance('the sandbox', async () => {
  sandbox = await startSandbox();
  const { full: token, two: tokenTwo, staff: tokenPages } = sandbox.tokens;
  return { apiUrl: sandbox.url, token, tokenTwo, tokenPages };
});
