import type { Role } from '@/db/console/roles'

/** Who may call a server action or a route: anybody at all, or whoever has this role or a higher one. */
export type Needed = Role | 'anybody'

/**
 * Every server action and every route, by file, with the role that it asks app/session.ts for. The test beside
 * this file walks the file system: what is exported and not named here fails it, and so does what lets a lower
 * role through.
 */
export const ACCESS: Record<string, Record<string, Needed>> = {
  '(auth)/actions.ts': { signIn: 'anybody', enterCode: 'anybody', signOut: 'anybody', setUp: 'anybody', join: 'anybody' },
  '(auth)/sign-in/provider/route.ts': { GET: 'anybody' },
  '[server]/db/[database]/overview/actions.ts': { checkNow: 'operator', sayOf: 'operator' },
  '[server]/db/[database]/settings/actions.ts': { saveProfile: 'operator' },
  '[server]/db/[database]/indexes/actions.ts': { indexScript: 'viewer', healthCheck: 'operator', measureAgain: 'operator' },
  '[server]/db/[database]/maintenance/actions.ts': {
    previewPolicy: 'operator',
    confirmPolicy: 'operator',
    pausePolicy: 'operator',
    resumePolicy: 'operator',
    removePolicy: 'operator',
  },
  '[server]/db/[database]/guide/export/route.ts': { GET: 'viewer' },
  '[server]/db/[database]/indexes/export/route.ts': { GET: 'viewer' },
  '[server]/db/[database]/statements/actions.ts': { explainPlan: 'viewer', explainAnalyze: 'operator', sampleNow: 'operator' },
  '[server]/db/[database]/statements/export/route.ts': { GET: 'viewer' },
  '[server]/db/[database]/guide/workload/actions.ts': { runGuide: 'operator', findGuideStudents: 'operator' },
  '[server]/db/[database]/storage/actions.ts': { saveVolume: 'operator' },
  'account/actions.ts': {
    changeName: 'viewer',
    changePassword: 'viewer',
    endSession: 'viewer',
    endOthers: 'viewer',
    startSecondFactor: 'viewer',
    confirmSecondFactor: 'viewer',
    endSecondFactor: 'viewer',
    renewBackupCodes: 'viewer',
    connectProvider: 'viewer',
    disconnectProvider: 'viewer',
  },
  'api/auth/[...all]/route.ts': { GET: 'anybody', POST: 'anybody' },
  'api/live/[read]/route.ts': { GET: 'viewer' },
  'audit/export/route.ts': { GET: 'viewer' },
  'console/actions.ts': { answerPlace: 'admin' },
  'healthz/route.ts': { GET: 'anybody' },
  'metrics/route.ts': { GET: 'anybody' },
  'runs/actions.ts': { previewCommands: 'viewer', confirmCommands: 'operator', cancelRun: 'operator' },
  'users/actions.ts': {
    invitePerson: 'admin',
    withdraw: 'admin',
    giveRole: 'admin',
    setClosed: 'admin',
    resetCode: 'admin',
    untie: 'admin',
  },
  'servers/[id]/actions.ts': { previewWindow: 'admin', keepWindow: 'admin', takeWindowAway: 'admin' },
  'servers/actions.ts': {
    testServer: 'admin',
    testStoredServer: 'admin',
    saveServer: 'admin',
    markReadOnly: 'admin',
    takeServerAway: 'admin',
    adoptOther: 'admin',
    keepUnusedAfter: 'admin',
    keepTags: 'admin',
  },
}
