import type { SampleValues } from './sample-values'

interface AnalyzeOfStatement {
  types: string[]
  known: SampleValues
  volatile: string[]
  seconds: number
}

/** What running it takes, before anything is typed. */
export function analyzeNeeds({ types, known, volatile, seconds }: AnalyzeOfStatement): string[] {
  const filled = known.filter((value) => value !== undefined).length
  return [
    types.length === 0
      ? 'It has no parameters: no value is needed.'
      : `Needs ${types.length === 1 ? 'a value for $1' : `${types.length} values, $1 to $${types.length}`}: ${
          filled === 0
            ? 'no example of this statement was captured with its constants.'
            : filled === types.length
              ? 'all are filled in from a captured example.'
              : `${filled} filled in from a captured example, ${types.length - filled} to be typed.`
        }`,
    ...(volatile.length > 0 ? ['Needs your confirmation of the volatile functions that it calls.'] : []),
    `It costs what the statement costs, and is cancelled after ${seconds} s. Only one runs at a time on a server.`,
  ]
}

/** The indexes of values that are neither typed nor NULL: the server would refuse an empty one of most types. */
export const missingValues = (values: (string | null)[]): number[] => values.flatMap((value, at) => (value?.trim() === '' ? [at] : []))

/** An empty text is typed as psql shows it. */
export const typedValue = (value: string | null): string | null => (value === "''" ? '' : value)
