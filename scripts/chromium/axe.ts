import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * What axe finds wrong with a part of the page, by default with all of it, as it is now: each rule
 * with the elements that break it.
 */
export async function violationsOf(page: Page, part = 'html'): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async (selector) => {
    const { run } = Reflect.get(globalThis, 'axe') as typeof axe;
    const { violations } = await run(selector, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
    );
  }, part);
}
