import { main } from '../cli/main.ts';
import { currentProcess } from './current-process.ts';

// The executable for `sailplan sync`.
const SYNC = { name: 'sync_wagtail_to_saleor', command: 'sync' };

process.exitCode = await main(process.argv.slice(2), currentProcess(), SYNC);
