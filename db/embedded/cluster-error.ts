/** A server that could not be made or started; the message says why, with the end of what it said where it said something. */
export class ClusterError extends Error {}
