import { auth } from '@/app/auth'

/** better-auth's own endpoints: sign-in for scripts, session, sign-out. Sign-up is closed. */
const handle = (request: Request): Promise<Response> => auth().handler(request)

export { handle as GET, handle as POST }
