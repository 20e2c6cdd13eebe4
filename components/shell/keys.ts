import { shownPages } from './pages'

/** One line of the sheet of keys. */
export interface KeyLine {
  keys: string[]
  does: string
}

/** Every key that does something, by where it does. No key runs SQL. e2e/keys.spec.ts presses each of them. */
export function keyGroups(place?: { server: string; database: string }, admin = true, guide = true): { where: string; lines: KeyLine[] }[] {
  const pages = shownPages(place, admin, guide)
  const groups = [
    {
      where: 'Everywhere',
      lines: [
        { keys: ['Ctrl K'], does: 'Search or run a command' },
        { keys: ['Esc'], does: 'Close what is open' },
        { keys: ['T'], does: 'Light or dark' },
        { keys: ['?'], does: 'This list' },
      ],
    },
    { where: 'Pages', lines: pages.map(({ letter, label }) => ({ keys: ['G', letter.toUpperCase()], does: label })) },
  ]
  if (!place) return groups
  return [
    ...groups,
    {
      where: 'Indexes, Queries, Activity',
      lines: [
        { keys: ['/'], does: 'Filter the table; on Tables and Configuration too' },
        { keys: ['J', 'K'], does: 'Next, previous row; arrows too' },
        { keys: ['Enter'], does: 'Open the row' },
      ],
    },
    {
      where: 'Indexes',
      lines: [
        { keys: ['X'], does: 'Select the row' },
        { keys: ['Shift X'], does: 'Select from the last selected row to this one' },
        { keys: ['R'], does: 'Rebuild: opens the confirmation' },
        { keys: ['D'], does: 'Drop: opens the confirmation' },
        { keys: ['C'], does: 'Copy SQL of the selection, or of the row' },
        { keys: ['E'], does: 'Export CSV; on Queries too' },
      ],
    },
    {
      where: 'Activity, Queries',
      lines: [
        { keys: ['['], does: 'Earlier time range' },
        { keys: [']'], does: 'Later time range' },
      ],
    },
  ]
}
