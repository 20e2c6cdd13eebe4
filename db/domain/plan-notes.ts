/** How a text without its constants was planned. */
interface PlannedText {
  /** The command whose statement it is: PREPARE, DECLARE …; null where the text is the statement. */
  of: string | null
  /** The n of those $n whose type the text does not tell. */
  assumed: number[]
  parameterTypes: string[]
  /** Lists of which the text keeps the first value alone; values: with how many each is planned, null where nothing tells. */
  lists: { parameter: number; values: number | null }[]
}

/** What is to be known of a plan that was made from a text without its constants, as sentences. */
export function planNotes({ of, assumed, parameterTypes, lists }: PlannedText): string[] {
  const types = assumed.map((number) => `$${number} as ${parameterTypes[number - 1]}`)
  const unknown = lists.filter(({ values }) => values === null).map(({ parameter }) => `$${parameter}`)
  const known = lists.flatMap(({ parameter, values }) => (values === null ? [] : [`$${parameter} with ${values}`]))
  return [
    ...(of ? [`It is the plan of the statement that ${of} holds.`] : []),
    ...(types.length > 0
      ? [
          `The text does not tell these types, as constants stood there: planned are ${types.join(', ')}. Sent as another type, it may be planned otherwise.`,
        ]
      : []),
    ...(known.length > 0
      ? [`The text keeps the first value of each list. Planned are, as in its last example: ${known.join(', ')} values.`]
      : []),
    ...(unknown.length > 0
      ? [
          `The text keeps the first value of a list and not how many it had. Planned with one value: ${unknown.join(', ')}. With more of them more rows come, and the plan may be another.`,
        ]
      : []),
  ]
}
