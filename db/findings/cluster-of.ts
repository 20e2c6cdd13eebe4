import type { Server } from '../console/servers'

/** Whose findings are looked at, and shown: the cluster that the address leads to, as far as anybody has seen; '' where nobody may know. */
export const clusterOf = ({ otherIdentifier, systemIdentifier }: Pick<Server, 'otherIdentifier' | 'systemIdentifier'>): string =>
  otherIdentifier ?? systemIdentifier ?? ''
