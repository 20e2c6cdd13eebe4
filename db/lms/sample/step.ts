/** One line of progress while the sample is made; its statements run in order, each in a transaction of its own. */
export interface Step {
  name: string
  statements: string[]
}
