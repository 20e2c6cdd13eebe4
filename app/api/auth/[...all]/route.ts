import { answerAuth } from '@/app/auth'

/** better-auth's own endpoints, those that app/sign-in-hooks.ts lets through: sign-in for scripts, session, sign-out, the provider's callback. */
export { answerAuth as GET, answerAuth as POST }
