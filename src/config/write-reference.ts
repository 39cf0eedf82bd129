import { writeFileSync } from 'node:fs';
import { referencePage } from './reference-page.ts';

writeFileSync(new URL('../../docs/configuration.md', import.meta.url), referencePage());
