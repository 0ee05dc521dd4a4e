// Prints what changes in a list, or in all lists of a supplier, as it happens. See README.md beside it.
import { createClient } from '@supabase/supabase-js';
import { watchClients } from '@wedsync/shared/realtime';

const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, EMAIL, PASSWORD, LIST_ID } = process.env;
const say = (line: string) => void process.stdout.write(`${line}\n`);
if (!SUPABASE_URL || !SUPABASE_PUBLISHABLE_KEY || !EMAIL || !PASSWORD)
  throw new Error('Set SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, EMAIL and PASSWORD.');

const client = createClient(SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY);
const { data, error } = await client.auth.signInWithPassword({ email: EMAIL, password: PASSWORD });
if (error !== null) throw error;

const watcher = watchClients({
  client,
  filter: LIST_ID ? { listId: LIST_ID } : { supplierId: data.user.id },
  onStatus: (status) => say(`- ${status.state}`),
  onEvent(event) {
    const { first_name: first, partner_first_name: partner } = event.row;
    const couple = [first, partner].filter(Boolean).join(' & ');
    const more = event.type === 'wedding.date_changed' ? `: ${event.from} → ${event.to}` : '';
    say(`${event.type}  ${couple}${more}`);
  },
});

process.once('SIGINT', async () => {
  // Keep these, hand them in as `since` at the next start, and nothing in between is missed.
  say(JSON.stringify(watcher.versions()));
  await watcher.close();
  process.exit(0);
});
