// The interactions of UI-1, each done several times by real input events.
import type { Page } from '@playwright/test';
import { interactionTime, longestFrame, take } from './observe.ts';

export type Interaction = { readonly name: string; run(page: Page): Promise<number[]> };

const TYPED = 'anna brandt kew gardens';

export function interactions(times: number): Interaction[] {
  const repeat = async (page: Page, act: (n: number) => () => Promise<void>): Promise<number[]> => {
    const measured: number[] = [];
    for (let n = 0; n < times; n += 1) measured.push(await interactionTime(page, act(n)));
    return measured;
  };
  /** Headings, of months too, are rows without a link. */
  const coupleAt = (page: Page, row: number) =>
    page
      .getByRole('row')
      .filter({ has: page.getByRole('link') })
      .nth(row);
  return [
    {
      name: 'filter keystroke',
      async run(page) {
        const search = page.getByRole('searchbox');
        await search.click();
        const measured = await repeat(page, (n) => () => page.keyboard.press(TYPED[n % TYPED.length] ?? 'a'));
        await search.fill('');
        return measured;
      },
    },
    {
      name: 'sort',
      async run(page) {
        const columns = ['Couple', 'Venue', 'Price', 'Wedding'];
        return await repeat(page, (n) => () => {
          const header = page.getByRole('columnheader', { name: columns[n % columns.length] ?? '' });
          return header.getByRole('button').click();
        });
      },
    },
    {
      name: 'open',
      async run(page) {
        const measured: number[] = [];
        for (let n = 0; n < times; n += 1) {
          const link = coupleAt(page, 3 + (n % 6))
            .getByRole('link')
            .first();
          measured.push(await interactionTime(page, () => link.click()));
          await page.getByRole('button', { name: 'Close', exact: true }).click();
        }
        return measured;
      },
    },
    {
      name: 'inline commit',
      async run(page) {
        const measured: number[] = [];
        for (let n = 0; n < times; n += 1) {
          const cell = coupleAt(page, 3 + (n % 6)).locator('[aria-colindex="3"]');
          await cell.click();
          await cell.getByRole('textbox').fill(`Barn ${n}`);
          measured.push(await interactionTime(page, () => page.keyboard.press('Enter')));
        }
        return measured;
      },
    },
    {
      name: 'view switch',
      async run(page) {
        const views = ['Upcoming', 'Booked', 'Enquiry', 'All couples'];
        return await repeat(
          page,
          (n) => () =>
            page
              .getByRole('navigation')
              .getByRole('link', { name: views[n % views.length] ?? '' })
              .click(),
        );
      },
    },
  ];
}

/** The longest frame over 50 ms while the wheel turns through the list; 0 when there is none. */
export async function scrolling(page: Page): Promise<number> {
  await page.mouse.move(700, 500);
  await take(page);
  for (let turn = 0; turn < 60; turn += 1) await page.mouse.wheel(0, 240);
  return await longestFrame(page);
}
