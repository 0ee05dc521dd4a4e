// What axe has to say against a page, by the rules of WCAG 2.2 A and AA.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** `rule: where it is broken`; with `rules` these alone are looked at. */
export async function violationsOf(page: Page, rules?: readonly string[]): Promise<string[]> {
  // The legacy mode looks at this page alone, without a second page for frames, of which the app has none.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await (rules ? axe.withRules([...rules]) : axe.withTags(TAGS)).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`,
  );
}

export async function expectNoViolations(page: Page, where: string): Promise<void> {
  expect(await violationsOf(page), where).toEqual([]);
}
