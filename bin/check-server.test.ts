import { expect, it } from 'vitest'
import { freePort } from '../db/embedded/free-port'
import { testServerUrl } from '../test/support/test-database'
import { checkServer } from './check-server'

const url = async (change: (url: URL) => void): Promise<string> => {
  const address = new URL(await testServerUrl(18))
  change(address)
  return address.href
}

it('takes a server that it can work with', async () => {
  await expect(checkServer('DATABASE_URL', await url(() => undefined))).resolves.toBeUndefined()
})

it('says in a sentence that nothing listens there', async () => {
  const port = await freePort()
  const refused = checkServer('DATABASE_URL', `postgresql://a:b@127.0.0.1:${port}/x`)
  await expect(refused).rejects.toThrow(`DATABASE_URL: 127.0.0.1 answers, but nothing listens on port ${port}`)
})

it('says in a sentence that the certificate of the authority cannot be read', async () => {
  const refused = checkServer('DATABASE_URL', 'postgresql://a@127.0.0.1/x?sslmode=verify-full&sslrootcert=/no/such.pem')
  await expect(refused).rejects.toThrow(/^DATABASE_URL: .*\/no\/such\.pem/)
})

it('says in a sentence that the password is wrong', async () => {
  const refused = checkServer(
    'DATABASE_URL',
    await url((address) => {
      address.password = 'wrong'
    }),
  )
  await expect(refused).rejects.toThrow(/^DATABASE_URL: The password of role "postgres" is wrong/)
})

it('says in a sentence that there is no such database', async () => {
  const refused = checkServer(
    'DATABASE_URL',
    await url((address) => {
      address.pathname = '/nowhere'
    }),
  )
  await expect(refused).rejects.toThrow(/^DATABASE_URL: There is no database "nowhere" on this server/)
})
