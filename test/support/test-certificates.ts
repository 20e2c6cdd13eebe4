import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { serverAccount } from '../../db/embedded/account'

const run = promisify(execFile)

export interface Authority {
  /** PEM of its certificate, to be trusted by whoever connects. */
  pem: string
  /** Signs a certificate for `names` (DNS:… or IP:…). `days` may be negative: expired. Returns the two files. */
  sign: (file: string, names: string[], days?: number) => Promise<{ cert: string; key: string }>
}

/** Makes a certificate authority with openssl, for tests of TLS. The key files suit the account that the servers run as. */
export async function testAuthority(folder: string, name: string): Promise<Authority> {
  const account = await serverAccount()
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const at = (file: string) => path.join(folder, `${name}-${file}`)
  const openssl = (...args: string[]) => run('openssl', args)
  const [caKey, ca] = [at('ca.key'), at('ca.crt')]
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await openssl('req', '-x509', ...newKey, '-keyout', caKey, '-out', ca, '-subj', `/CN=${name} authority`, '-days', '30')
  return {
    pem: await readFile(ca, 'utf8'),
    sign: async (file, names, days = 30) => {
      const [key, request, cert, extensions] = [at(`${file}.key`), at(`${file}.csr`), at(`${file}.crt`), at(`${file}.ext`)]
      await openssl('req', ...newKey, '-keyout', key, '-out', request, '-subj', `/CN=${file}`)
      await writeFile(extensions, `subjectAltName=${names.join(',')}\n`)
      const end = opensslTime(new Date(Date.now() + days * 86_400_000))
      const start = opensslTime(new Date(Date.now() - 20 * 86_400_000))
      await signBetween({ openssl, folder, name, request, cert, ca, caKey, extensions, start, end })
      await chmod(key, 0o600)
      if (account) for (const one of [key, cert]) await chown(one, account.uid, account.gid)
      return { cert, key }
    },
  }
}

interface Signing {
  openssl: (...args: string[]) => Promise<unknown>
  folder: string
  name: string
  request: string
  cert: string
  ca: string
  caKey: string
  extensions: string
  start: string
  end: string
}

/** `openssl ca` is the one command of every release that takes dates in the past. */
async function signBetween({ openssl, folder, name, request, cert, ca, caKey, extensions, start, end }: Signing): Promise<void> {
  const issued = path.join(folder, `${name}-issued`)
  await mkdir(issued, { recursive: true })
  await writeFile(path.join(issued, 'index.txt'), '')
  const config = path.join(issued, 'ca.conf')
  const lines = ['[ca]', 'default_ca=it', '[it]', `database=${issued}/index.txt`, `new_certs_dir=${issued}`, 'default_md=sha256']
  await writeFile(config, [...lines, 'policy=any', 'rand_serial=yes', '[any]', 'commonName=supplied', ''].join('\n'))
  const times = ['-startdate', start, '-enddate', end]
  const files = ['-in', request, '-out', cert, '-cert', ca, '-keyfile', caKey, '-extfile', extensions]
  await openssl('ca', '-batch', '-notext', '-config', config, ...times, ...files)
}

/** 20261123113000Z */
const opensslTime = (date: Date): string => `${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`
