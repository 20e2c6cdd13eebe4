import { describe, expect, it } from 'vitest'
import { asConf, asSql, asTerraform, asYaml, type Change } from './outputs'
import type { ServerSetting } from './server-setting'

const CHANGES: Change[] = [
  { name: 'shared_buffers', value: '4GB', takes: 'restart', why: 'A quarter.' },
  { name: 'log_line_prefix', value: "%m %{x} it's ", takes: 'reload', why: 'Whose it is.' },
]
const ROW: ServerSetting = {
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
}

describe('what can be copied', () => {
  it('is a script with each statement by itself', () => {
    expect(asSql(CHANGES, 'a server')).toBe(
      "-- a server\nALTER SYSTEM SET shared_buffers = '4GB'; -- takes effect at the next restart\n" +
        "ALTER SYSTEM SET log_line_prefix = '%m %{x} it''s '; -- takes effect at the reload\nSELECT pg_reload_conf();\n",
    )
  })

  it('is a fragment of postgresql.conf with comments that it takes', () => {
    const lines = asConf(CHANGES, 'a server').trimEnd().split('\n')
    expect(lines[0]).toBe('# a server')
    expect(lines[1]).toMatch(/^shared_buffers = '4GB' +# restart: A quarter\.$/)
    expect(lines[2]).toMatch(/^log_line_prefix = '%m %\{x\} it''s ' +# reload: Whose it is\.$/)
  })

  it('is a map for Kubernetes', () => {
    expect(asYaml(CHANGES, 'a server')).toContain('  parameters:\n    shared_buffers: "4GB"\n    log_line_prefix: "%m %{x} it\'s "\n')
  })

  it('is blocks for Terraform, in base units and without its templates', () => {
    const text = asTerraform(CHANGES, 'a server', [ROW])
    expect(text).toContain('  name         = "shared_buffers"\n  value        = "524288"\n  apply_method = "pending-reboot"')
    expect(text).toContain('  value        = "%m %%{x} it\'s "\n  apply_method = "immediate"')
  })
})
