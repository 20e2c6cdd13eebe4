import { expect, type Page, test } from '@playwright/test'
import { noSeriousViolation } from './axe'
import { INDEXES, SESSIONS, SETTINGS, STATEMENTS } from './sample'

const row = (page: Page) => page.locator('tbody tr').filter({ has: page.getByRole('checkbox') })
const selected = (page: Page) => page.getByRole('region', { name: 'Selection' }).getByText(/^\d+ selected|^\d+ index/)
const theme = (page: Page) => page.locator('html').getAttribute('data-theme')

async function indexes(page: Page): Promise<void> {
  await page.goto(INDEXES)
  await expect(row(page).first()).toBeVisible()
  // Keys work from the moment on at which the page has woken.
  await expect(async () => {
    await page.keyboard.press('/')
    await expect(page.getByRole('searchbox')).toBeFocused({ timeout: 500 })
  }).toPass()
  await page.keyboard.press('Escape')
}

/** What each key of the sheet is seen to do. One that stands there and is not tried fails the journey. */
const SEEN: Record<string, (page: Page) => Promise<void>> = {
  'Ctrl K': async (page) => {
    await page.keyboard.press('Control+k')
    await expect(page.getByPlaceholder('Search or run a command')).toBeFocused()
  },
  Esc: async (page) => {
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog', { name: 'Keys' })).toHaveCount(0)
  },
  T: async (page) => {
    const before = await theme(page)
    await page.keyboard.press('t')
    await expect.poll(() => theme(page)).not.toBe(before)
    await page.keyboard.press('t')
  },
  '?': async (page) => {
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  },
  '/': async (page) => {
    for (const at of [STATEMENTS, SESSIONS, SETTINGS]) {
      await page.goto(at)
      await expect(async () => {
        await page.keyboard.press('/')
        await expect(page.getByRole('searchbox').first()).toBeFocused({ timeout: 500 })
      }).toPass()
    }
  },
  'J K': async (page) => {
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    await page.keyboard.press('x')
    await expect(row(page).nth(1).getByRole('checkbox')).toBeChecked()
  },
  Enter: async (page) => {
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/index=\d+/)
  },
  X: async (page) => {
    await page.keyboard.press('x')
    await expect(row(page).first().getByRole('checkbox')).toBeChecked()
  },
  'Shift X': async (page) => {
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Shift+X')
    await expect(selected(page)).toContainText('3')
  },
  R: async (page) => {
    await page.keyboard.press('r')
    await expect(
      page
        .getByRole('dialog')
        .getByText(/REINDEX/)
        .first(),
    ).toBeVisible()
  },
  D: async (page) => {
    // Of one that may be dropped.
    await page.goto(`${INDEXES}?verdict=redundant`)
    await expect(row(page).first()).toBeVisible()
    await expect(async () => {
      await page.keyboard.press('d')
      await expect(
        page
          .getByRole('dialog')
          .getByText(/DROP INDEX/)
          .first(),
      ).toBeVisible({ timeout: 3_000 })
    }).toPass()
  },
  C: async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.keyboard.press('c')
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^(SET|REINDEX|DROP INDEX|CREATE INDEX) /)
  },
  E: async (page) => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('e')])
    expect(file.suggestedFilename()).toMatch(/\.csv$/)
  },
  '[': async (page) => {
    await page.goto(STATEMENTS)
    await expect(async () => {
      await page.keyboard.press('[')
      await expect(page).toHaveURL(/from=/, { timeout: 1_000 })
    }).toPass()
  },
  ']': async (page) => {
    await page.goto(STATEMENTS)
    await expect(async () => {
      await page.keyboard.press('[')
      await expect(page).toHaveURL(/from=/, { timeout: 1_000 })
    }).toPass()
    const earlier = page.url()
    await page.keyboard.press(']')
    await expect(page).not.toHaveURL(earlier)
  },
}

test('every key of the sheet does what it says', async ({ page }) => {
  test.slow()
  await indexes(page)
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keys' })
  await expect(sheet).toBeVisible()
  await noSeriousViolation(page)
  const lines = await sheet.locator('dl > div').evaluateAll((all) =>
    all.map((line) => ({
      keys: [...line.querySelectorAll('kbd')].map((key) => key.textContent ?? '').join(' '),
      does: line.querySelector('dd')?.textContent ?? '',
    })),
  )
  expect(lines.length).toBeGreaterThan(20)
  for (const { keys, does } of lines) {
    await test.step(`${keys}: ${does}`, async () => {
      await indexes(page)
      if (!/^G ./.test(keys)) return (SEEN[keys] ?? (() => Promise.reject(new Error(`${keys} is not tried`))))(page)
      for (const key of keys.toLowerCase().split(' ')) await page.keyboard.press(key)
      await expect(page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: does }).first()).toHaveAttribute(
        'aria-current',
        'page',
      )
    })
  }
})

test('the palette finds what a database holds, and opens the confirmation of a command on it', async ({ page }) => {
  await indexes(page)
  const find = async (text: string) => {
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Search or run a command').fill(text)
  }
  const line = (name: string | RegExp) => page.getByRole('option', { name })
  await find('idx_learning_path')
  await expect(line(/^idx_learning_path/)).toBeVisible()
  await expect(line('Rebuild idx_learning_path…')).toBeVisible()
  await noSeriousViolation(page)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/index=\d+/)
  await page.keyboard.press('Escape')

  await find('rebuild idx_learning_path')
  await expect(line('Rebuild idx_learning_path…')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toContainText('REINDEX INDEX CONCURRENTLY public.idx_learning_path')
  await page.keyboard.press('Escape')

  await find('vacuum quiz_results')
  await expect(line('Vacuum quiz_results…')).toBeVisible()
  await page.keyboard.press('Escape')

  await find('work_mem')
  await line(/^work_mem$/).click()
  await expect(page).toHaveURL(/settings\?.*q=work_mem/)
  await expect(page.locator('tr[data-setting="work_mem"]')).toBeVisible()

  await find('lms-sample')
  await expect(line('lms-sample')).toBeVisible()
})

test('server and database stay chosen, and what is old cannot be acted on', async ({ page }) => {
  await indexes(page)
  for (const at of ['Runs', 'Audit', 'Server settings', 'Users']) {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: at, exact: true }).click()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByRole('button', { name: /^lms-sample PostgreSQL/ })).toBeVisible()
    await expect(page.getByRole('button', { name: /^lms database/ })).toBeVisible()
    await expect(page.getByRole('link', { name: /^Indexes/ })).toHaveAttribute('href', INDEXES)
  }

  await indexes(page)
  const check = page.getByRole('button', { name: 'Run health check' })
  await expect(check).toBeEnabled()
  // The console is not reached: what is shown grows old.
  await page.route('**/api/live/**', (route) => route.abort())
  await expect(check).toBeDisabled({ timeout: 90_000 })
  await expect(check).toHaveAttribute('title', /not refreshed since \d\d:\d\d:\d\d UTC/)
  await page.unroute('**/api/live/**')
  await expect(check).toBeEnabled({ timeout: 90_000 })
})

test('an address of an older version leads on, with what it says', async ({ page }) => {
  for (const [from, to] of [
    ['activity?show=blocked', SESSIONS],
    ['queries?q=select', STATEMENTS],
    ['configuration?q=work_mem', SETTINGS],
  ] as const) {
    await page.goto(`/sample/db/lms/${from}`)
    await expect(page).toHaveURL(new RegExp(`${to}\\?.*${from.split('?')[1]}`))
  }
})
