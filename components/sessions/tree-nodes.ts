import type { BlockingNode } from '@/db/sessions/blocking'

/** A blocker and all that stand behind it in the tree. */
export const nodesOf = (node: BlockingNode): BlockingNode[] => [node, ...node.waiters.flatMap(nodesOf)]
