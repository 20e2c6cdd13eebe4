import { expect, test } from '@playwright/test'
import { noSeriousViolation } from './axe'
import { GUIDE } from './sample'

test('the guide’s queries: the printed leaderboard beside the corrected one, and a student’s recommendations with their plan', async ({
  page,
}) => {
  test.setTimeout(240_000)
  await page.goto(`${GUIDE}/workload`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const result = page.getByRole('region', { name: 'Result', exact: true })
  const printed = page.getByRole('region', { name: 'As printed', exact: true })

  await test.step('all five are run, each in both forms', async () => {
    await page.getByRole('button', { name: 'Run all 5' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('all five take', { timeout: 180_000 })
    const list = page.getByRole('region', { name: 'The guide’s queries' })
    await expect(list.getByText('Right', { exact: true })).toHaveCount(1)
    await expect(list.getByText('Wrong', { exact: true })).toHaveCount(3)
    await expect(list.getByText('Fails', { exact: true })).toHaveCount(1)
  })

  await test.step('the leaderboard as printed begins with students who took no quiz', async () => {
    await expect(result.getByRole('row').nth(1)).toContainText(/^1\D/)
    await expect(printed.getByRole('row').nth(1)).toContainText('NULL')
    await expect(printed.getByText('Hours × quizzes', { exact: true })).toBeVisible()
    await expect(printed.getByText(/^\d+(st|nd|rd|th)$/).first()).toBeVisible()
    await noSeriousViolation(page)
  })

  await test.step('what PostgreSQL refuses is told in its own words', async () => {
    await page.getByRole('link', { name: 'Content-based recommendations' }).click()
    await expect(printed.getByText('SQLSTATE 0A000')).toBeVisible()
  })

  await test.step('a student is chosen by name, the recommendations read, their plan opened', async () => {
    await page.getByRole('link', { name: 'Collaborative recommendations' }).click()
    await page.getByRole('button', { name: /^Student: / }).click()
    const picker = page.getByRole('dialog', { name: 'Choose a student' })
    await picker.getByRole('searchbox').fill('Maria')
    const student = picker.getByRole('button', { name: /^Maria/ }).first()
    const name = (await student.locator('span').first().textContent()) ?? ''
    await student.click()
    await page.getByRole('button', { name: 'Run again' }).click()
    await expect(page.getByRole('button', { name: `Student: ${name}` })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Run again' })).toBeEnabled({ timeout: 90_000 })
    await expect(result.getByRole('row')).not.toHaveCount(0)
    await page.getByRole('button', { name: 'Open plan' }).click()
    const plan = page.getByRole('dialog')
    await expect(plan.getByRole('table', { name: 'Plan' })).toBeVisible()
    await noSeriousViolation(page)
    await plan.getByRole('button', { name: 'Close plan' }).click()
    await expect(plan).toBeHidden()
  })
})
