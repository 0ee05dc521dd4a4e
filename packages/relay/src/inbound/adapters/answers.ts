// Questions and answers of a form, as a payload that can be mapped by the question and default rows by its title.
import { isValidValue, type MappingRow } from '@wedsync/shared';
import { customField, guessTarget } from '../mapping/guess-target.ts';
import { joinPath } from '../mapping/path.ts';

export interface Answer {
  /** What identifies the question; never its position. */
  readonly key: string;
  /** What the person was asked. */
  readonly title: string;
  /** null for a question without an answer. */
  readonly value: unknown;
}

const isSimple = (value: unknown) => typeof value !== 'object' || value === null;

/** The field of an answer: by its title, else by its key; a field of its own for what we have none for. */
export function targetOf({ key, title, value }: Answer): string | undefined {
  const target = guessTarget(title) ?? guessTarget(key);
  if (target === 'ignore' || target === 'createdAt') return undefined;
  if (target === 'projectName') return 'names';
  if (target !== undefined) return target;
  const own = customField(title) ?? customField(key);
  return own !== undefined && isSimple(value) && isValidValue(own, 'x') ? own : undefined;
}

/** Mapping rows for answers that stand under `under` by their keys. */
export function answerRows(under: string, answers: readonly Answer[]): MappingRow[] {
  return answers.flatMap((answer) => {
    const to = targetOf(answer);
    return to === undefined ? [] : [{ from: joinPath(under, answer.key), to }];
  });
}

export function answersByKey(answers: readonly Answer[]): Record<string, unknown> {
  return Object.fromEntries(answers.map(({ key, value }) => [key, value]));
}
