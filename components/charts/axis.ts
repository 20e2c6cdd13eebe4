/** An axis of Recharts as that of a chart over time looks: numbers without a line. */
export const AXIS = { axisLine: false, tickLine: false, tick: { fontSize: 11, fill: 'var(--axis)' } } as const
