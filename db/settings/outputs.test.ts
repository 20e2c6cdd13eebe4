import { describe, expect, it } from 'vitest'
import { type Change, framesOf, linesOf } from './outputs'
import type { ServerSetting } from './server-setting'

const BUFFERS: ServerSetting = {
  name: 'shared_buffers',
  setting: '16384',
  unit: '8kB',
  vartype: 'integer',
  context: 'postmaster',
  min_val: '16',
  max_val: '1073741823',
  enumvals: null,
  source: 'default',
  sourcefile: null,
  sourceline: null,
  pending_restart: false,
  boot_val: null,
}
const PREFIX: ServerSetting = { ...BUFFERS, name: 'log_line_prefix', unit: null, vartype: 'string', min_val: null, max_val: null }
const buffers: Change = { name: 'shared_buffers', value: '4GB', takes: 'restart', why: 'A quarter.' }
const prefix: Change = { name: 'log_line_prefix', value: "%m %{x} it's ", takes: 'reload', why: 'Whose it is.' }

describe('what can be copied', () => {
  it('is a script with each statement by itself', () => {
    const { before, after } = framesOf(['a server']).sql
    expect(before + linesOf(buffers, BUFFERS).sql + linesOf(prefix, PREFIX).sql + after).toBe(
      "-- a server\nALTER SYSTEM SET shared_buffers = '4GB'; -- takes effect at the next restart\n" +
        "ALTER SYSTEM SET log_line_prefix = '%m %{x} it''s '; -- takes effect at the reload\nSELECT pg_reload_conf();\n",
    )
  })

  it('is a postgresql.conf fragment with comments that it takes', () => {
    expect(framesOf(['a server']).conf.before).toBe('# a server\n')
    expect(linesOf(buffers, BUFFERS).conf).toMatch(/^shared_buffers = '4GB' +# restart: A quarter\.\n$/)
    expect(linesOf(prefix, PREFIX).conf).toMatch(/^log_line_prefix = '%m %\{x\} it''s ' +# reload: Whose it is\.\n$/)
  })

  it('is a map for Kubernetes', () => {
    expect(framesOf(['a server']).yaml.before + linesOf(buffers, BUFFERS).yaml).toContain('  parameters:\n    shared_buffers: "4GB"\n')
    expect(linesOf(prefix, PREFIX).yaml).toBe('    log_line_prefix: "%m %{x} it\'s "\n')
  })

  it('is blocks for Terraform, in base units and without its templates', () => {
    expect(linesOf(buffers, BUFFERS).terraform).toContain(
      '  name         = "shared_buffers"\n  value        = "524288"\n  apply_method = "pending-reboot"',
    )
    expect(linesOf(prefix, PREFIX).terraform).toContain('  value        = "%m %%{x} it\'s "\n  apply_method = "immediate"')
  })
})
