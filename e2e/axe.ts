import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/**
 * What axe finds serious or worse on the page as it is. What scrolls behind an open dialog is out of the tab order on purpose
 * (Base UI keeps its tabindex in data-tabindex meanwhile), and is left out.
 */
export async function noSeriousViolation(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).exclude('[tabindex="-1"][data-tabindex]').analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([])
}
