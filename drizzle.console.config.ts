import { defineConfig } from 'drizzle-kit'

export default defineConfig({ dialect: 'postgresql', schema: './db/console/schema*.ts', out: './drizzle/console' })
