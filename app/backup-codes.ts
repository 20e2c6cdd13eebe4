import { randomInt } from 'node:crypto'

/** Without what is taken for something else when it is read off paper: 0 and o, 1, i and l. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Ten codes such as k7mpx-2qhwa, each of 49 bits. */
export const backupCodes = (): string[] =>
  Array.from({ length: 10 }, () =>
    Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)])
      .join('')
      .replace(/^.{5}/, '$&-'),
  )
