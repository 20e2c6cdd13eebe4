import { readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { expect, test } from '@playwright/test'
import { Client } from 'pg'
import { fillSizes } from '../test/support/months-of-sizes'
import { STORAGE } from './sample'

const GB = 1024 ** 3
/** No database has it: what the worker samples of the real ones stands beside. */
const DATID = 4_000_000_000

/** The console's database of the journeys, to which history is added. */
async function consoleSession(): Promise<Client> {
  const folder = process.env.PROCTOR_TEST_FOLDER ?? ''
  const { console: password } = JSON.parse(await readFile(path.join(folder, 'secrets.json'), 'utf8'))
  const port = (await readFile(path.join(folder, 'console/data/postmaster.pid'), 'utf8')).split('\n')[3]
  const client = new Client({ connectionString: `postgresql://postgres:${password}@127.0.0.1:${port}/proctor` })
  await client.connect()
  return client
}

test('a month of sizes gives the day on which the volume is full, a week gives none', async ({ page }) => {
  const home = await consoleSession()
  const { rows } = await home.query(`select no from sampled_server where server_id = 'sample' and current`)
  await home.query(`insert into sampled_database values ($1, ${DATID}, 'archive') on conflict do nothing`, [rows[0].no])
  const fill = async (days: number) => {
    await home.query(`delete from database_size where datid = ${DATID}`)
    // Fast enough that the volume of any machine is full within the three years that a date is told for.
    const sizes = (ago: number) => ({ databases: [{ datid: DATID, bytes: (2_000 - 50 * ago) * GB }] })
    await fillSizes((sql, values) => home.query(sql, values), rows[0].no, days, sizes)
  }
  const title = page.getByRole('heading', { level: 1 })

  await fill(7)
  await page.goto(STORAGE)
  await expect(page.getByText(/^No forecast: it needs 14 days of daily sizes; 7 are there/).first()).toBeVisible()
  await expect(title).not.toContainText('full around')

  await fill(30)
  await page.goto(STORAGE)
  await expect(title).toHaveText(/^The volume will be full around \d+ \w+/)
  await expect(page.getByText(/from 30 days/).first()).toBeVisible()
  await expect(page.getByRole('region', { name: 'Growth and forecast' }).getByText('Forecast', { exact: true })).toBeVisible()

  await home.query(`delete from database_size where datid = ${DATID}`)
  await home.query(`delete from sampled_database where datid = ${DATID}`)
  // Other journeys see the history as long as it is.
  await home.query(`delete from connection_sample where server = $1 and at < now() - interval '1 day'`, [rows[0].no])
  await home.end()
})
