// Writes docs/settings.md from the table of settings.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { renderSettings } from '../packages/relay/src/config.ts';

writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs/settings.md'), renderSettings());
