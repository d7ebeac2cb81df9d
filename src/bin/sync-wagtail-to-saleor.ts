import { main } from '../cli/main.ts';

// The specification's command by its own name: `sailplan sync`.
await main(process.argv.slice(2), { name: 'sync_wagtail_to_saleor', command: 'sync' });
