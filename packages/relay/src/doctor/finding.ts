// What the doctor found at one place, in plain words with what to do.

export type Finding =
  | { readonly check: string; readonly state: 'ok'; readonly text: string }
  /** `failing`: the relay does not work like this · `warning`: something is worse than it could be. */
  | {
      readonly check: string;
      readonly state: 'failing' | 'warning';
      readonly text: string;
      readonly fix: string;
    };

export const ok = (check: string, text: string): Finding => ({ check, state: 'ok', text });

export const failing = (check: string, text: string, fix: string): Finding => ({
  check,
  state: 'failing',
  text,
  fix,
});

export const warning = (check: string, text: string, fix: string): Finding => ({
  check,
  state: 'warning',
  text,
  fix,
});
