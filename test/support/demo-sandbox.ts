import { afterAll, beforeAll } from '@jest/globals';
import { demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { removeWorkspaces } from './workspace.ts';

/** The demo's shop for all tests of a file, stopped after them; the workspaces of the file are removed too. */
export function useDemoShop(): () => Sandbox {
  let sandbox: Sandbox | undefined;
  beforeAll(async () => {
    sandbox = await startSandbox({ seed: demoShop() });
  });
  afterAll(async () => {
    removeWorkspaces();
    await sandbox?.close();
  });
  return () => {
    if (sandbox === undefined) throw new Error('the shop starts before the first test');
    return sandbox;
  };
}
