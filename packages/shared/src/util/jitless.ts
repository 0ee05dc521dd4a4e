// Switches zod's code generation off: the app's strict CSP forbids eval, and zod probes for it. Imported by
// every file with schemas, for its effect.
import { config } from 'zod/mini';

config({ jitless: true });
