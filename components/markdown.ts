/** Text of a server stays text: what Markdown or HTML would act on is escaped. */
export const markdownText = (value: string): string => value.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]<>|#]/g, '\\$&')

/** A name as code: in more backticks than it holds in a row, as CommonMark has it, and no cell or line ends in it. */
export function markdownCode(name: string): string {
  const longest = Math.max(0, ...[...name.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const padded = name.startsWith('`') || name.endsWith('`') ? ` ${name} ` : name
  return `${fence}${padded.replace(/[\r\n]+/g, ' ').replaceAll('|', '\\|')}${fence}`
}
