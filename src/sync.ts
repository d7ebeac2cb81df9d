import { main } from './cli.ts';

// The specification's command by its own name: `sailplan sync`.
await main(['sync', ...process.argv.slice(2)]);
