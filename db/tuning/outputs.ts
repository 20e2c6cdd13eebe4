import { type ServerSetting, settingOf, type Takes } from './server-setting'

/** One value to be written down. Both texts come from this server's own list of settings or from PARAMETERS. */
export interface Change {
  name: string
  value: string
  takes: Takes
  why: string
}

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`
const NOTE: Record<Takes, string> = {
  restart: 'at the next restart',
  reload: 'at the reload',
  'new sessions': 'in new sessions, after the reload',
}

/** For psql. One statement a call: ALTER SYSTEM cannot run in a transaction block. */
export const asSql = (changes: readonly Change[], heading: string): string =>
  lines(
    `-- ${heading}`,
    changes.map(({ name, value, takes }) => `ALTER SYSTEM SET ${name} = ${quoted(value)}; -- takes effect ${NOTE[takes]}`),
    ['SELECT pg_reload_conf();'],
  )

/** For the end of postgresql.conf, where comments are # and never --. */
export const asConf = (changes: readonly Change[], heading: string): string =>
  lines(
    `# ${heading}`,
    changes.map(({ name, value, takes, why }) => `${`${name} = ${quoted(value)}`.padEnd(52)} # ${takes}: ${why}`),
  )

/** A map as Kubernetes operators take it (postgresql.parameters of CloudNativePG). */
export const asYaml = (changes: readonly Change[], heading: string): string =>
  lines(`# ${heading}`, ['postgresql:', '  parameters:', ...changes.map(({ name, value }) => `    ${name}: ${JSON.stringify(value)}`)])

/** Blocks of Terraform's aws_db_parameter_group, which wants numbers in the setting's base unit. */
export function asTerraform(changes: readonly Change[], heading: string, settings: readonly ServerSetting[]): string {
  const rows = new Map(settings.map((row) => [row.name, row]))
  const blocks = changes.flatMap(({ name, value, takes }) => {
    const row = rows.get(name)
    const base = (row && settingOf(value, row)) ?? value
    return [
      'parameter {',
      `  name         = "${name}"`,
      `  value        = ${hcl(base)}`,
      `  apply_method = "${takes === 'restart' ? 'pending-reboot' : 'immediate'}"`,
      '}',
    ]
  })
  return lines(`# ${heading}`, blocks)
}

/** ${ and %{ begin templates in HCL. */
const hcl = (value: string): string => JSON.stringify(value).replaceAll(/[$%](?=\{)/g, '$&$&')

const lines = (heading: string, ...parts: string[][]): string => `${[heading, ...parts.flat()].join('\n')}\n`
