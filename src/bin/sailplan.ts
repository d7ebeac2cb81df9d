import { main } from '../cli/main.ts';
import { currentProcess } from './current-process.ts';

process.exitCode = await main(process.argv.slice(2), currentProcess());
