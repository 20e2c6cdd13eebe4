import type { House } from './hostile-house'

/** What an attempt did that it must not: ran code, showed a secret, ended a process, or got anything else. */
export interface Harm {
  what: 'code' | 'secrets' | 'crashes' | 'other'
  text: string
}

/** One attempt at the running product. What it throws is told as harm: an attempt that was not made proves nothing. */
export interface Attempt {
  name: string
  make: () => Promise<Harm[]>
}

export interface Attack {
  attempts: Attempt[]
  /** As many are made at the same time; one when left out. */
  together?: number
  /** Looks, once all were made, for what shows only then: canaries, secrets at rest. */
  after?: () => Promise<Harm[]>
  /** Plants the fault itself and looks in the same way: finding nothing here means that the attempts prove nothing. */
  control: () => Promise<Harm[]>
}

export interface Kind {
  name: string
  /** Makes what is hostile. */
  prepare: (house: House) => Promise<Attack>
}

export const harm = (what: Harm['what'], text: string): Harm[] => [{ what, text: text.replaceAll(/\s+/g, ' ').slice(0, 300) }]

export const harmIf = (is: boolean, what: Harm['what'], text: string): Harm[] => (is ? harm(what, text) : [])
