/** 0: nothing; 1 … 4: how dark a cell is. */
export type Heat = 0 | 1 | 2 | 3 | 4

/** One step is a tenth of the step above: 4 is more than a third of the most, 1 less than a three-hundredth. */
export function heatOf(value: number | null, most: number): Heat {
  if (value === null || value <= 0 || most <= 0) return 0
  const step = Math.round(4 + Math.log10(Math.min(1, value / most)))
  return Math.max(1, step) as Heat
}

/** The most of a column, or of several that are compared with each other. */
export const mostOf = (values: readonly (number | null)[]): number => values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0)
