import { openBackend } from './server/compose.ts';
import { runProcess } from './server/run-process.ts';

await runProcess(process.argv.slice(2), openBackend);
