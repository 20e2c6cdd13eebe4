import { defineConfig } from 'drizzle-kit'

/** `drizzle-kit generate --config drizzle.lms.config.ts` writes a migration of the LMS schema. */
export default defineConfig({
  dialect: 'postgresql',
  schema: ['./db/lms/schema.ts', './db/lms/analytics.ts'],
  out: './drizzle/lms',
})
