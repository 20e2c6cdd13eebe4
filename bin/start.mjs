// The first thing that runs on a fresh clone, on whatever Node there is (20.9 or later): installs the
// packages when the lock file changed, then hands over to the pinned runtime that came with them.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

const checkout = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..')
const mark = path.join(checkout, 'node_modules', '.installed-from')
const wanted = createHash('sha256')
  .update(readFileSync(path.join(checkout, 'package-lock.json')))
  .digest('hex')

if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) {
  console.error('Installing packages (npm ci) …')
  // Packages bring scripts that npm runs: they get what npm needs, not the console's secrets and addresses.
  const ofNpm =
    /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|COMSPEC|TE?MP|TMPDIR|LANG|LC_\w+|XDG_\w+|CI|NPM_\w+|NODE_(AUTH_TOKEN|EXTRA_CA_CERTS)|SSL_CERT_(FILE|DIR)|(HTTPS?|NO|ALL)_PROXY)$/i
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => ofNpm.test(name)))
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const install = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: checkout, env, stdio: ['ignore', 2, 2] })
  if (install.status !== 0) {
    console.error('npm ci failed; see its message above.')
    process.exit(1)
  }
  writeFileSync(mark, wanted)
}

const [script, ...args] = process.argv.slice(2)
const runtime = path.join(checkout, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const child = spawn(runtime, ['--import', './bin/modules.mjs', path.join(checkout, 'bin', script), ...args], {
  cwd: checkout,
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
