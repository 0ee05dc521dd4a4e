import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readConfig, renderSettings } from './config.ts';

it('has a default for everything that a first start needs', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    PORT: 8787,
    HOST: 'localhost',
    SUPABASE_URL: undefined,
    ALLOWED_ORIGINS: [],
  });
  expect(config.DATA_DIR).toMatch(/\.wedsync$/);
  expect(Object.isFrozen(config)).toBe(true);
});

it('reports all problems together, without the values of secrets', () => {
  const read = () =>
    readConfig({ PORT: 'eighty', LOG_LEVEL: 'loud', SUPABASE_SECRET_KEY: 'short', PUBLIC_URL: 'here' });
  expect(read).toThrow(/PORT \(is "eighty"\)[\s\S]*PUBLIC_URL[\s\S]*SUPABASE_SECRET_KEY[\s\S]*LOG_LEVEL/);
  expect(read).not.toThrow(/"short"/);
});

it('asks for the keys that a hosted Supabase needs', () => {
  expect(() => readConfig({ SUPABASE_URL: 'https://x.supabase.co' })).toThrow(
    /SUPABASE_SECRET_KEY: is needed[\s\S]*SUPABASE_PUBLISHABLE_KEY: is needed[\s\S]*RELAY_ENCRYPTION_KEY: is needed/,
  );
});

it('counts an empty variable as unset', () => {
  expect(readConfig({ PORT: '', SUPABASE_URL: '' }).PORT).toBe(8787);
});

it('is what docs/settings.md says (else: npm run settings)', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/settings.md'), 'utf8');
  expect(page).toBe(renderSettings());
});
