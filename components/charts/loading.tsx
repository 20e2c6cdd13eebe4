/** Keeps a chart's place while its code is on the way. */
export const ChartPlace = ({ height }: { height: number }) => <div aria-hidden style={{ height }} />
